"""The service, its practitioners, its clients and their devices."""
