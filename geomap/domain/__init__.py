"""The words of the service as frozen values; imports nothing of the project."""
