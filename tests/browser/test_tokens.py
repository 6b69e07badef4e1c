"""Colours are named once, and text on them can be read in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKEN = re.compile(r"(--[\w-]+):\s*(#[0-9a-f]{6})\b")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")

TEXT_ON = [
    ("--ink", "--surface"),
    ("--ink", "--surface2"),
    ("--ink", "--wash-chosen"),
    ("--ink", "--track"),
    ("--ink2", "--surface"),
    ("--ink2", "--surface2"),
    ("--ink2", "--wash-chosen"),
    ("--accent-pressed", "--surface"),
    ("--accent-pressed", "--surface2"),
    ("--accent-pressed", "--wash"),
    ("--on-accent", "--accent"),
    ("--held-ink", "--held-fill"),
    ("--held-text", "--surface"),
    ("--problem", "--problem-wash"),
    ("--ink", "--problem-wash"),
    ("--on-icon", "--facility"),
    ("--on-icon", "--venue"),
    ("--map-county-label", "--map-land"),
    ("--map-road-name", "--map-land"),
    ("--seq-ink-0", "--seq-0"),
    ("--seq-ink-4", "--seq-4"),
    ("--div-ink", "--div-2"),
    *[(f"--step-{s}-ink", f"--step-{s}-wash") for s in ("local", "other", "park", "custom")],
    *[("--on-step", f"--step-{s}") for s in ("local", "other", "park", "custom")],
]


def read_schemes() -> dict[str, dict[str, str]]:
    light, dark = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    named = dict(TOKEN.findall(light))
    return {"light": named, "dark": named | dict(TOKEN.findall(dark))}


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    colours = read_schemes()[scheme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("sheet", sorted(p.name for p in CSS.glob("*.css")))
def test_only_the_tokens_name_a_colour(sheet: str) -> None:
    found = COLOUR.findall((CSS / sheet).read_text())
    assert (found != []) == (sheet == "tokens.css")


def test_every_variable_that_is_used_is_declared() -> None:
    source = "\n".join(p.read_text() for p in CSS.glob("*.css"))
    declared = set(re.findall(r"(--[\w-]+)\s*:", source))
    used = set(re.findall(r"var\((--[\w-]+)", source))
    assert used - declared == set()
