"""Cells of tables for people: what a spreadsheet would take for a formula is disarmed."""

from __future__ import annotations

from typing import Any

LONGEST = 32_000
"""Characters; Excel takes 32,767 in a cell."""


def unarmed(value: Any) -> Any:
    """Keep a spreadsheet from taking text of the data for a formula, in formats without types."""
    dangerous = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if dangerous else value
