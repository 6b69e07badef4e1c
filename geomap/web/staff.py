"""Who of the staff asks: the key in the Authorization header, and a limit on guessing."""

from __future__ import annotations

from dataclasses import dataclass

from flask import has_request_context, request
from limits import RateLimitItemPerMinute

from geomap.domain.errors import GeomapError
from geomap.domain.words import Label
from geomap.store.counts import TooManyError
from geomap.store.staff_keys import PREFIX, find_staff_of
from geomap.web.context import AppContext
from geomap.web.limits import client_of, is_local, limiter

_MOST_CHARACTERS = 200
_WRONG = RateLimitItemPerMinute(20)
"""How many unknown keys one client may try, over all addresses that take one."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff; `name` stands beside what they do."""

    id: str
    name: str


class StaffNeededError(GeomapError):
    """There is no key of staff, or it is no one's; `realm` names what it opens."""

    status = 401
    slug = "key-needed"
    realm = "staff"


def find_staff(context: AppContext, authorization: str) -> Staff | None:
    """Return who sends an Authorization header; None where it holds no key of staff.

    Raises
    ------
    StaffNeededError
        It holds one that nobody has (any more): answering less without a word would mislead.
    TooManyError
        This client tried too many unknown keys within a minute.
    """
    scheme, _, rest = authorization.partition(" ")
    key = rest.strip()
    if scheme.lower() != "bearer" or not key.startswith(PREFIX):
        return None
    _require_few_guesses()
    member = find_staff_of(context.store, key) if len(key) <= _MOST_CHARACTERS else None
    if member is None:
        _count_guess()
        raise _needed(Label("这个密钥不对，或已作废", "This key is not known, or has ended"))
    return Staff(member.id, member.name)


def require_staff(context: AppContext, authorization: str) -> Staff:
    """Return who sends an Authorization header; raises StaffNeededError, TooManyError."""
    staff = find_staff(context, authorization)
    if staff is None:
        raise _needed(Label("这里要工作人员的密钥", "This needs a key of staff"))
    return staff


def _needed(reason: Label) -> StaffNeededError:
    return StaffNeededError(
        reason,
        fix=Label(
            "带上 Authorization: Bearer 密钥；密钥由管理员用 geomap staff add 生成",
            "Send Authorization: Bearer KEY; an administrator makes it by geomap staff add",
        ),
        field="Authorization",
    )


def _guesser() -> str | None:
    """Return the client whose wrong keys are counted, None where nobody's are."""
    return client_of(request) if has_request_context() and not is_local(request) else None


def _require_few_guesses() -> None:
    guesser = _guesser()
    if guesser and not limiter.limiter.test(_WRONG, "staff-key", guesser):
        raise TooManyError(
            Label("一分钟内试了太多不对的密钥", "Too many unknown keys within a minute"),
            fix=Label("过一分钟再试", "Try again in a minute"),
            field="Authorization",
        )


def _count_guess() -> None:
    guesser = _guesser()
    if guesser:
        limiter.limiter.hit(_WRONG, "staff-key", guesser)
