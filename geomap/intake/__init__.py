"""Readers, cleaning steps, import report, boundary build."""
