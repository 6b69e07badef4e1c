"""Errors that a user can act on: what happened, in which field, and the fix.

Each carries its text in Chinese and English; `web` renders them as
``application/problem+json`` (RFC 9457), `cli` as one line on stderr.
"""

from __future__ import annotations

from geomap.domain.words import Label


class GeomapError(Exception):
    """Base of every error shown to a user.

    Parameters
    ----------
    reason
        What is wrong, in both languages.
    fix
        What the user can do about it, in both languages.
    field
        Name of the field, option or column at fault, dotted for nested ones.
    """

    status = 500
    slug = "internal"

    def __init__(self, reason: Label, *, fix: Label | None = None, field: str = "") -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.fix = fix
        self.field = field


class InputError(GeomapError):
    """A value from outside that cannot be used."""

    status = 422
    slug = "invalid-input"


class NotFoundError(GeomapError):
    """A thing asked for by name or place that is not there."""

    status = 404
    slug = "not-found"


class ConflictError(GeomapError):
    """A change made against a version that is no longer the newest."""

    status = 409
    slug = "conflict"


class NotReadyError(GeomapError):
    """Data that a request needs has not been built yet."""

    status = 503
    slug = "not-ready"


class BusyError(GeomapError):
    """Too much long work goes on already."""

    status = 503
    slug = "busy"


class Cancelled(Exception):  # noqa: N818 - not an error: the work was no longer wanted
    """Long work ended before its time: whoever asked for it went away."""
