"""Atom feeds (RFC 4287), written as XML whose texts are texts."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"
_NO_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped, and the carriage return."""
_NAMES = uuid.UUID("3a1d6d0e-6f0b-5f6e-9f5c-6f1f0c1f4a52")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece of news; `key` tells it apart for good, texts are plain."""

    key: str
    title: str
    summary: str
    url: str
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed; `key` tells it apart and does not appear in it."""

    key: str
    title: str
    author: str
    language: str
    feed_url: str
    page_url: str
    updated: datetime
    entries: Sequence[Entry]


def urn_of(key: str) -> str:
    """Return a lasting id (RFC 4122, version 5) from which a key cannot be read."""
    return f"urn:uuid:{uuid.uuid5(_NAMES, key)}"


def write_feed(feed: Feed) -> bytes:
    """Return the feed as an XML document in UTF-8."""
    root = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _text(root, "id", urn_of(feed.key))
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(feed.updated))
    _text(Xml.SubElement(root, "author"), "name", feed.author)
    _link(root, "self", feed.feed_url, MEDIA)
    _link(root, "alternate", feed.page_url, "text/html")
    for entry in feed.entries:
        item = Xml.SubElement(root, "entry")
        _text(item, "id", urn_of(f"{feed.key} {entry.key}"))
        _text(item, "title", entry.title)
        _text(item, "updated", _moment(entry.updated))
        _text(item, "published", _moment(entry.updated))
        _link(item, "alternate", entry.url, "text/html")
        _text(item, "summary", entry.summary)
    document: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = _NO_XML.sub("", text)


def _link(parent: Xml.Element, rel: str, href: str, media: str) -> None:
    Xml.SubElement(parent, "link", {"rel": rel, "type": media, "href": _NO_XML.sub("", href)})


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
