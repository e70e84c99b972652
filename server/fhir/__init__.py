"""FHIR R4 in and out: pure builders, no database and no HTTP."""
