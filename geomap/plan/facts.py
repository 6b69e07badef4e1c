"""The tables of `data/plan`: installed as `geomap.data`, or in the checkout."""

from __future__ import annotations

import csv
import importlib.resources
from importlib.resources.abc import Traversable
from pathlib import Path


def locate_facts() -> Traversable:
    """Return the folder of the plan's tables."""
    try:
        return importlib.resources.files("geomap.data")
    except ModuleNotFoundError:
        return Path(__file__).resolve().parents[2] / "data" / "plan"


def read_table(name: str) -> list[dict[str, str]]:
    """Read a CSV of the plan as rows by column; every value is text as it is printed."""
    text = locate_facts().joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))
