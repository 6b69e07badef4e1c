"""Database migrations (Alembic)."""

NEWEST = "0006"
"""Revision of the newest migration, known without loading Alembic; a test holds it true."""
