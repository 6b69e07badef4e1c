"""The language of a request: ?lang=, then the cookie, then the browser's, then Chinese."""

from __future__ import annotations

import importlib.resources
import json
from functools import lru_cache
from typing import Any

from flask import Request

from geomap.domain.words import Label

LANGUAGES = ("zh", "en")


def language_of(request: Request) -> str:
    """Return "zh" or "en"."""
    for asked in (request.args.get("lang"), request.cookies.get("lang")):
        if asked in LANGUAGES:
            return str(asked)
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-TW", "zh-HK", "en"])
    return "en" if best == "en" else "zh"


def text_of(label: Label, language: str) -> str:
    """Return a label's text in a language."""
    return label.en if language == "en" else label.zh


@lru_cache(maxsize=2)
def read_texts(language: str) -> dict[str, Any]:
    """Return the page's texts of a language."""
    folder = importlib.resources.files("geomap.static") / "i18n" / f"{language}.json"
    texts: dict[str, Any] = json.loads(folder.read_text(encoding="utf-8"))
    return texts


def translate(key: str, language: str) -> str:
    """Return a page text by its dotted key; the key itself where it is missing."""
    texts = read_texts(language)
    if key in texts:
        return str(texts[key])
    value: Any = texts
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return key if value is None else str(value)
