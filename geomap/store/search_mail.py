"""Which mails are due, each claimed before it is sent, so that two runs send it once.

An address is asked once to confirm, whoever asks for it and how often: until it answers,
or 30 days have passed, no further search makes us write to it. An address that answers
"not me" is never asked again. Of addresses that were asked only a hash is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from geomap.store.counts import add_count, count_since, forget, forget_old
from geomap.store.engine import Store, Transaction
from geomap.store.erase import erasing
from geomap.store.leads import is_token
from geomap.store.models import TABLES
from geomap.store.searches import SEARCHES, Search, missing, search_of

ASK_AGAIN = timedelta(days=30)
ANSWER_WITHIN = timedelta(days=7)
"""An address that does not confirm within that time is deleted."""
BETWEEN_MAILS = timedelta(days=1)
FAILURES_MOST = 10
"""After so many failures in a row a mail is tried once a day only."""

_HITS = TABLES["search_hits"]
_ASKED, _BLOCKED = "mail-asked", "mail-blocked"
_EVER = timedelta(days=36_500)


def find_by_mail_token(store: Store, token: str) -> Search:
    """Return the search whose mails carry a token; raises NotFoundError."""
    if not is_token(token):
        raise missing()
    with store.reading() as session:
        query = select(SEARCHES).where(SEARCHES.c.mail_token == token)
        return search_of(session.execute(query).mappings().first())


def list_unconfirmed(store: Store, now: datetime) -> list[Search]:
    """Return the searches whose address was not asked yet, oldest first."""
    pending = (SEARCHES.c.mail_state == "pending") & SEARCHES.c.asked_at.is_(None) & _rested(now)
    with store.reading() as session:
        query = select(SEARCHES).where(pending).order_by(SEARCHES.c.fid)
        return [search_of(row) for row in session.execute(query).mappings()]


def claim_question(store: Store, search: Search, who: str, now: datetime) -> bool:
    """Claim the one mail that asks an address to confirm.

    Parameters
    ----------
    store, search
        Whose.
    who
        The hash of the address.
    now
        The moment.

    Returns
    -------
    bool
        Whether to send it now.
    """
    with store.writing("search-mail") as tx:
        forget_old(tx, _ASKED, now, ASK_AGAIN)
        asked = count_since(tx, _ASKED, who, now - ASK_AGAIN)
        if asked or count_since(tx, _BLOCKED, who, now - _EVER):
            return False
        mine = _of(search) & (SEARCHES.c.mail_state == "pending") & SEARCHES.c.asked_at.is_(None)
        claim = update(SEARCHES).where(mine & _rested(now)).values(asked_at=now, tried_at=now)
        claimed = tx.connection.execute(claim).rowcount
        if claimed:
            add_count(tx, _ASKED, who, now)
        return bool(claimed)


def release_question(store: Store, search: Search, who: str) -> None:
    """Give back a claim whose mail could not be sent, and count the failure."""
    with store.writing("search-mail") as tx:
        forget(tx, _ASKED, who)
        _set(tx, search, asked_at=None)
        _count_failure(tx, search)


def confirm_address(store: Store, token: str, who: str) -> Search:
    """Take an address as confirmed by its link; raises NotFoundError."""
    search = find_by_mail_token(store, token)
    with store.writing("search-mail") as tx:
        forget(tx, _ASKED, who)
        mine = (SEARCHES.c.mail_state == "pending") & SEARCHES.c.asked_at.is_not(None)
        values = {"mail_state": "confirmed", "failures": 0, "tried_at": None}
        tx.connection.execute(update(SEARCHES).where(_of(search) & mine).values(values))
    return find_by_mail_token(store, token)


def stop_mails(store: Store, token: str, who: str, now: datetime) -> None:
    """Delete a search's address by the link that every mail carries; raises NotFoundError.

    Who stops before confirming did not ask for it, and is never asked again.
    """
    search = find_by_mail_token(store, token)
    with erasing(store, "search-mail") as tx:
        if search.mail_state == "pending":
            add_count(tx, _BLOCKED, who, now)
        _forget_address(tx, search)


def drop_unanswered(store: Store, now: datetime) -> int:
    """Delete addresses that nobody confirmed in time, or that take no mail; returns how many."""
    late = SEARCHES.c.updated_at <= now - ANSWER_WITHIN
    query = select(SEARCHES).where((SEARCHES.c.mail_state == "pending") & late)
    with erasing(store, "search-mail") as tx:
        found = [search_of(row) for row in tx.connection.execute(query).mappings()]
        for search in found:
            _forget_address(tx, search)
    return len(found)


def list_mail_due(store: Store, now: datetime) -> list[Search]:
    """Return the confirmed searches that found something, and sent no mail within a day."""
    query = (
        select(SEARCHES)
        .where(SEARCHES.c.mail_state == "confirmed", _rested(now))
        .where(select(_HITS.c.fid).where(_news(SEARCHES.c.id)).exists())
        .order_by(SEARCHES.c.fid)
    )
    with store.reading() as session:
        return [search_of(row) for row in session.execute(query).mappings()]


def claim_mail(store: Store, search: Search, now: datetime) -> bool:
    """Claim the day's mail of a search; returns whether to send it."""
    with store.writing("search-mail") as tx:
        mine = _of(search) & (SEARCHES.c.mail_state == "confirmed") & _rested(now)
        claim = update(SEARCHES).where(mine).values(tried_at=now)
        return bool(tx.connection.execute(claim).rowcount)


def settle_mail(store: Store, search: Search, unit_ids: Sequence[str], now: datetime) -> None:
    """Write down that the units were told by mail."""
    with store.writing("search-mail") as tx:
        _set(tx, search, mailed_at=now, tried_at=None, failures=0)
        for unit_id in unit_ids:
            mine = (_HITS.c.search_id == search.id) & (_HITS.c.unit_id == unit_id)
            tx.connection.execute(update(_HITS).where(mine).values(mailed=True))


def release_mail(store: Store, search: Search) -> None:
    """Give back a claim whose mail could not be sent; the next run tries again."""
    with store.writing("search-mail") as tx:
        _count_failure(tx, search)


def _count_failure(tx: Transaction, search: Search) -> None:
    """Count a failure; while they are few, the next run may try again at once."""
    failures = tx.connection.execute(select(SEARCHES.c.failures).where(_of(search))).scalar()
    count = int(failures or 0) + 1
    _set(tx, search, failures=count, **({"tried_at": None} if count < FAILURES_MOST else {}))


def _of(search: Search) -> Any:
    return SEARCHES.c.id == search.id


def _set(tx: Transaction, search: Search, **values: Any) -> None:
    tx.connection.execute(update(SEARCHES).where(_of(search)).values(values))


def _rested(now: datetime) -> Any:
    """Return the condition that a day has passed since the last mail and the last claim."""
    day_ago = now - BETWEEN_MAILS
    mailed, tried = SEARCHES.c.mailed_at, SEARCHES.c.tried_at
    return (mailed.is_(None) | (mailed <= day_ago)) & (tried.is_(None) | (tried <= day_ago))


def _news(search_id: Any) -> Any:
    return (_HITS.c.search_id == search_id) & _HITS.c.mailed.is_(False) & _HITS.c.gone_at.is_(None)


def _forget_address(tx: Transaction, search: Search) -> None:
    values = {"email": "", "mail_state": "stopped", "mail_token": secrets.token_urlsafe(16)}
    _set(tx, search, **values, asked_at=None)
