"""Counts of neighbouring counties on a small map: pushed apart, and no farther than needed."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MODULE = "import('/static/js/map/spread.js')"


def spread(page: Page, discs: list[dict[str, float]]) -> list[dict[str, float]]:
    page.goto("/?lang=zh")
    found: Any = page.evaluate(f"discs => {MODULE}.then(m => m.spread(discs))", discs)
    return [dict(disc) for disc in found]


def disc(x: float, y: float, r: float = 14) -> dict[str, float]:
    return {"x": x, "y": y, "r": r}


@pytest.mark.parametrize(
    "discs",
    [
        [disc(0, 0), disc(10, 0)],
        [disc(0, 0), disc(0, 0)],
        [disc(0, 0), disc(12, 8), disc(-6, 14), disc(5, -11), disc(40, 0, 22)],
    ],
    ids=["two", "one place", "five"],
)
def test_no_two_circles_overlap(page: Page, discs: list[dict[str, float]]) -> None:
    moved = spread(page, discs)
    for a, b in itertools.combinations(moved, 2):
        assert math.dist((a["x"], a["y"]), (b["x"], b["y"])) >= a["r"] + b["r"]


def test_what_stands_apart_stays(page: Page) -> None:
    discs = [disc(0, 0), disc(100, 0), disc(0, 100)]
    assert spread(page, discs) == discs


def test_the_middle_of_two_stays_where_it_was(page: Page) -> None:
    a, b = spread(page, [disc(0, 0), disc(10, 0)])
    assert (a["x"] + b["x"]) / 2 == pytest.approx(5)
