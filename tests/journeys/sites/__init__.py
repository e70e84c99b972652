"""The running installations that journeys visit, one module each."""
