"""Every text that the page asks for exists in both languages, and none is left over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"[\"'`]([a-z_]+\.[a-z_0-9]+)[\"'`]")
STEM = re.compile(r"`([a-z_]+\.[a-z_]*)\$\{")
CALL = re.compile(r"(?<![\w.])t\(")


def read_texts(language: str) -> dict[str, str]:
    path = ROOT / "static" / "i18n" / f"{language}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def first_argument(source: str, start: int) -> str:
    """Return the text of a call's first argument, from after its opening bracket."""
    depth = 0
    for at in range(start, len(source)):
        if source[at] in "([{":
            depth += 1
        elif source[at] in ")]}" or (source[at] == "," and depth == 0):
            if depth == 0:
                return source[start:at]
            depth -= 1
    raise AssertionError("a call of t() does not end")


def read_sources() -> str:
    files = [*(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "templates").glob("*.html")]
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(files))


def asked() -> tuple[set[str], set[str]]:
    """Return the keys that are asked for, and the stems of keys that are put together."""
    source = read_sources()
    keys: set[str] = set()
    stems: set[str] = set()
    for call in CALL.finditer(source):
        argument = first_argument(source, call.end())
        keys.update(KEY.findall(argument))
        stems.update(STEM.findall(argument))
    return keys, stems


def test_the_reader_of_calls_knows_every_form() -> None:
    keys, stems = asked()
    assert {"app.name", "action.copied", "action.copy_failed", "map.approval_none"} <= keys
    assert {"require.", "sheet."} <= stems


def test_both_languages_have_the_same_keys() -> None:
    assert read_texts("zh").keys() == read_texts("en").keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_asked_for_exists(language: str) -> None:
    keys, stems = asked()
    texts = read_texts(language)
    assert keys - texts.keys() == set()
    assert [stem for stem in stems if not any(key.startswith(stem) for key in texts)] == []
    assert [key for key, text in texts.items() if not text.strip()] == []


def test_no_text_is_left_over() -> None:
    keys, stems = asked()
    unused = [k for k in read_texts("zh") if k not in keys and not k.startswith(tuple(stems))]
    assert unused == []


def test_both_languages_fill_in_the_same_values() -> None:
    zh, en = read_texts("zh"), read_texts("en")
    holes = re.compile(r"\{(\w+)\}")
    assert [k for k in zh if set(holes.findall(zh[k])) != set(holes.findall(en[k]))] == []
