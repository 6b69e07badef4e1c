"""E-mail addresses: which are taken, how they are shown, and hashes of who someone is."""

from __future__ import annotations

import re
from hashlib import blake2b

from geomap.domain.errors import InputError
from geomap.domain.words import Label

MOST = 254
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def parse_address(value: object, field: str = "email") -> str:
    """Return an e-mail address with its domain in small letters, "" for none.

    The unquoted ASCII form of RFC 5321, with at least two labels in the domain: nothing
    in it can end a header or name a second address.

    Raises
    ------
    InputError
        It is no such address.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str) and len(value) <= MOST:
        local, _, domain = value.strip(" ").rpartition("@")
        labels = domain.split(".")
        good = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
        if good and len(local) <= 64 and _LOCAL.fullmatch(local) and not labels[-1].isdigit():
            return f"{local}@{domain.lower()}"
    raise InputError(
        Label("不是电子邮箱地址", "This is no e-mail address"),
        fix=Label("写作 name@example.com，一个地址", "Write one address, as name@example.com"),
        field=field,
    )


def mask_address(address: str) -> str:
    """Return an address as it may be shown: its first letter and the domain."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if local else ""


def hash_of(who: str, key: str) -> str:
    """Return a keyed hash of an address or client, by which it is counted.

    Without a key (`GEOMAP_SECRET_KEY` unset) whoever holds the record can try addresses.
    """
    return blake2b(who.lower().encode(), digest_size=16, key=key.encode()[:64]).hexdigest()
