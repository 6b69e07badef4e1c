"""A feed is XML whatever its texts are, and has what RFC 4287 asks for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as Xml

from hypothesis import given
from hypothesis import strategies as st

from geomap.contact.feed import ATOM, Entry, Feed, urn_of, write_feed

NOW = datetime(2026, 11, 28, 15, 30, tzinfo=timezone(timedelta(hours=8)))
ENTRY = Entry(
    key="u1", title="眼谷 <b>&", summary="a\nb ]]> &amp;", url="http://m/?a=1&b=2", updated=NOW
)
FEED = Feed(
    key="secret",
    title="t",
    author="地图",
    language="zh-CN",
    feed_url="http://m/feed",
    page_url="http://m/",
    updated=NOW,
    entries=[ENTRY],
)


def _parts(parent: Xml.Element, name: str) -> list[Xml.Element]:
    return parent.findall(f"{{{ATOM}}}{name}")


def test_it_has_what_the_format_asks_for() -> None:
    document = write_feed(FEED)
    root = Xml.fromstring(document)
    assert root.tag == f"{{{ATOM}}}feed"
    for parent in (root, _parts(root, "entry")[0]):
        for name in ("id", "title", "updated"):
            (part,) = _parts(parent, name)
            assert part.text
    assert _parts(root, "author")[0].findtext(f"{{{ATOM}}}name") == "地图"
    links = {link.get("rel"): link.get("href") for link in _parts(root, "link")}
    assert links == {"self": "http://m/feed", "alternate": "http://m/"}
    assert _parts(root, "updated")[0].text == "2026-11-28T07:30:00Z"
    assert b"secret" not in document


def test_texts_come_back_as_they_were() -> None:
    (entry,) = _parts(Xml.fromstring(write_feed(FEED)), "entry")
    assert entry.findtext(f"{{{ATOM}}}title") == ENTRY.title
    assert entry.findtext(f"{{{ATOM}}}summary") == ENTRY.summary
    assert _parts(entry, "link")[0].get("href") == ENTRY.url


def test_ids_last_and_differ() -> None:
    assert urn_of("a") == urn_of("a") != urn_of("b")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f-]{17}", urn_of("a"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_a_document(title: str, summary: str) -> None:
    entry = Entry(key=title, title=title, summary=summary, url=title, updated=NOW.astimezone(UTC))
    feed = Feed(
        key="k", title=title, author=summary, language="en", feed_url="u", page_url="p",
        updated=NOW, entries=[entry],
    )  # fmt: skip
    found = Xml.fromstring(write_feed(feed)).findtext(f"{{{ATOM}}}title") or ""
    plain = "".join(
        c for c in title if c in "\t\n" or (ord(c) >= 32 and ord(c) not in (0xFFFE, 0xFFFF))
    )
    assert found == plain
