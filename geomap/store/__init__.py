"""The system of record: models, sessions, migrations, change log."""
