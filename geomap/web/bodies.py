"""What bodies of several routes have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geomap.coverage.edits import require_object
from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label


class TooLargeError(GeomapError):
    """A body of more bytes than a route takes that takes more than others."""

    status = 413
    slug = "request-entity-too-large"

    def __init__(self, most: int) -> None:
        mega = f"{most / 1e6:g} MB"
        super().__init__(
            Label(f"请求体超过 {mega}", f"The body is larger than {mega}"),
            fix=Label("分几次算，或用命令行", "Ask in parts, or use the command line"),
            field="body",
        )


def take_version(body: object, fields: Sequence[str]) -> tuple[dict[str, Any], int]:
    """Return a JSON object without its `version`, and the version that it changes.

    Raises
    ------
    InputError
        It is no object, has another field, or names no version.
    """
    given = dict(require_object(body, "body", (*fields, "version")))
    version = given.pop("version", None)
    if isinstance(version, bool) or not isinstance(version, int) or not 0 < version < 2**31:
        raise InputError(
            Label("要改的是第几版？", "Which version is changed?"),
            fix=Label("带上读到的 version", "Send the version that was read"),
            field="version",
        )
    return given, version
