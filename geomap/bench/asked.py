"""The marks that a bench is held to, and whether they are reached."""

from __future__ import annotations

from geomap.bench.measure import Result


def at_most(what: str, measured: float | None, asked: float, strive: float | None = None) -> Result:
    """Return a row of the table: a figure that is to stay below its mark."""
    return _row(what, measured, asked, strive, 1.0)


def at_least(what: str, measured: float | None, asked: float) -> Result:
    """Return a row of the table: a figure that is to come up to its mark."""
    return _row(what, measured, asked, None, -1.0)


def _row(
    what: str, measured: float | None, asked: float, strive: float | None, sign: float
) -> Result:
    word = "at most" if sign > 0 else "at least"
    row: Result = {"what": what, "measured": measured, "asked": f"{word} {asked:g}"}
    row["reached"] = measured is not None and sign * measured <= sign * asked
    if strive is not None:
        row["striven_for"] = f"{word} {strive:g}"
        row["striven_for_reached"] = measured is not None and sign * measured <= sign * strive
    return row
