"""Importing a file, for the command line and for the web: `import_file` and its report."""

from geomap.importing.run import import_file

__all__ = ["import_file"]
