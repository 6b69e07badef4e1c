"""`geomap alerts`: look for what is new in every saved search, send the mails that are due.

One thing that fails does not stop the others: each failure is reported by the number of
its search, never by its link or address, and is tried again at the next run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from geomap.contact.address import hash_of
from geomap.contact.letters import Envelope, Item, write_news, write_question
from geomap.contact.mail_server import (
    MailRefusedError,
    MailServerError,
    Postman,
    parse_mail_server,
    parse_sender,
)
from geomap.domain.errors import GeomapError
from geomap.domain.words import Label
from geomap.store import search_mail
from geomap.store.leads import purge_leads
from geomap.store.search_hits import list_hits
from geomap.store.searches import Search, get_search, list_search_ids
from geomap.web.context import AppContext
from geomap.web.view_feed import lines_of, unit_url
from geomap.web.view_searches import check_search, page_url

_LOG = logging.getLogger("geomap")
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What a run did; `failed` are rows of search number, step and reason."""

    searches: int = 0
    checked: int = 0
    new: int = 0
    paused: int = 0
    mail: bool = False
    questions: int = 0
    news: int = 0
    addresses_deleted: int = 0
    leads_deleted: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)

    def fail(self, search: Search | None, step: str, reason: Label) -> None:
        """Add a failure."""
        number = search.number if search else None
        self.failed.append({"search": number, "step": step, "reason": reason._asdict()})

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON takes it."""
        return {name: getattr(self, name) for name in self.__slots__}


def run_alerts(context: AppContext, progress: Progress = lambda done, total: None) -> Report:
    """Delete what has expired, check every search, send what is due.

    Parameters
    ----------
    context
        Record, catalog, settings and clock.
    progress
        Told how many searches of how many are checked.
    """
    report, now = Report(), context.now()
    days = context.settings.lead_days
    report.leads_deleted = purge_leads(context.store, now=now, keep_days=days)
    report.addresses_deleted = search_mail.drop_unanswered(context.store, now)
    ids = list_search_ids(context.store)
    report.searches = len(ids)
    for done, search_id in enumerate(ids, 1):
        _check(context, search_id, report)
        progress(done, len(ids))
    report.mail = bool(context.settings.smtp_url)
    if report.mail:
        _send_all(context, report)
    return report


def _check(context: AppContext, search_id: str, report: Report) -> None:
    search: Search | None = None
    try:
        search = get_search(context.store, search_id)
        after = check_search(context, search)
    except GeomapError as error:
        if search is not None:  # else it was deleted meanwhile
            report.fail(search, "check", error.reason)
        return
    except Exception as error:  # one search must not stop the others
        _LOG.error("saved search %s: %s", search and search.number, type(error).__name__)
        report.fail(search, "check", Label("出错了", f"An error: {type(error).__name__}"))
        return
    report.checked += 1
    report.paused += after.paused
    if after.checked_at != search.checked_at:
        hits = list_hits(context.store, search_id)
        report.new += sum(hit.found_at == after.checked_at for hit in hits)


def _send_all(context: AppContext, report: Report) -> None:
    postman = Postman(parse_mail_server(context.settings.smtp_url))
    try:
        for search in search_mail.list_unconfirmed(context.store, context.now()):
            _ask(context, search, postman, report)
        for search in search_mail.list_mail_due(context.store, context.now()):
            _tell(context, search, postman, report)
    except MailServerError as error:
        report.fail(None, "mail", error.reason)
    finally:
        postman.close()


def _envelope(context: AppContext, search: Search) -> Envelope:
    settings = context.settings
    return Envelope(
        sender=parse_sender(settings.smtp_from),
        to=search.email,
        language=search.language,
        now=context.now(),
        stop_url=f"{settings.base_url}/mail/stop/{search.mail_token}",
    )


def _ask(context: AppContext, search: Search, postman: Postman, report: Report) -> None:
    """Send the one mail that asks an address to confirm."""
    who = hash_of(search.email, context.settings.secret_key)
    if not search_mail.claim_question(context.store, search, who, context.now()):
        return
    confirm_url = f"{context.settings.base_url}/mail/confirm/{search.mail_token}"
    try:
        postman.send(write_question(_envelope(context, search), confirm_url), search.email)
    except (MailRefusedError, MailServerError) as error:
        search_mail.release_question(context.store, search, who)
        _fail_mail(report, search, "question", error)
        return
    report.questions += 1


def _tell(context: AppContext, search: Search, postman: Postman, report: Report) -> None:
    """Send the day's news of a search."""
    if not search_mail.claim_mail(context.store, search, context.now()):
        return
    hits = [
        hit for hit in list_hits(context.store, search.id) if not hit.mailed and hit.gone_at is None
    ]
    base, catalog = context.settings.base_url, context.catalog
    best = sorted(hits, key=lambda hit: -hit.found.score)
    items = [
        Item(title=title, lines=lines[:4], url=unit_url(base, hit))
        for hit in best
        for title, lines in [lines_of(catalog, hit, search.language)]
    ]
    url = page_url(base, search.id)
    mail = write_news(
        _envelope(context, search), search.name, items, total=len(items), page_url=url
    )
    try:
        postman.send(mail, search.email)
    except (MailRefusedError, MailServerError) as error:
        search_mail.release_mail(context.store, search)
        _fail_mail(report, search, "news", error)
        return
    told = [hit.found.unit_id for hit in hits]
    search_mail.settle_mail(context.store, search, told, context.now())
    report.news += 1


def _fail_mail(
    report: Report, search: Search, step: str, error: MailRefusedError | MailServerError
) -> None:
    """Report a mail that was refused; where the server itself fails, end the run's mails."""
    if isinstance(error, MailServerError):
        raise error
    report.fail(
        search, step, Label(f"邮件没有发出（{error.reason}）", f"Not sent ({error.reason})")
    )
