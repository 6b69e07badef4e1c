"""How often one client may ask for what costs most.

Generous: a person dragging a slider stays far below. Requests from this machine itself
are not counted; those that a proxy on this machine passes on are counted by the address
that the proxy saw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Request, request
from flask_limiter import Limiter

View = TypeVar("View", bound=Callable[..., Any])
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
RING = "1200 per minute"
POST = "600 per minute"
FILE = "60 per minute"


def is_local(asked: Request) -> bool:
    """Return whether a request comes from this machine and was not passed on by a proxy."""
    passed_on = any(name in asked.headers for name in ("X-Forwarded-For", "Forwarded"))
    return asked.remote_addr in LOOPBACK and not passed_on


def client_of(asked: Request) -> str:
    """Return the address a request came from.

    `X-Forwarded-For` counts only from this machine, and of it only the last entry: that
    one a proxy here has seen itself, the others anyone can write.
    """
    passed_on = asked.headers.get("X-Forwarded-For", "")
    if asked.remote_addr in LOOPBACK and passed_on:
        return passed_on.rsplit(",", 1)[-1].strip()[:64]
    return asked.remote_addr or "unknown"


limiter = Limiter(
    key_func=lambda: client_of(request),
    storage_uri="memory://",
    strategy="fixed-window",
    headers_enabled=False,
)


def limited(rule: str) -> Callable[[View], View]:
    """Limit how often one client may call a view."""
    rate = limiter.limit(rule, exempt_when=lambda: is_local(request))

    def decorate(view: View) -> View:
        return cast(View, rate(view))

    return decorate


def register_limits(app: Flask) -> None:
    """Count from now on."""
    limiter.init_app(app)
