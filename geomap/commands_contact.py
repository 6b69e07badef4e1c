"""``geomap alerts`` and ``geomap leads``: for cron, and for who looks after the service."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from geomap.command import language, refuse_clearly, say, write_json
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.alerts import Report
    from geomap.config import Settings
    from geomap.web.context import AppContext


def _open(settings: Settings) -> AppContext:
    from geomap.web.context import AppContext

    return AppContext(settings)


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def alerts(settings: Settings, as_json: bool) -> None:
    """Look for what is new in every saved search, and send the mails that are due."""
    from geomap.alerts import run_alerts
    from geomap.build import progress_bar

    context = _open(settings)
    try:
        with progress_bar() as progress:
            report = run_alerts(context, progress)
    finally:
        context.close()
    if as_json:
        write_json(report.to_json())
    else:
        _print(report)
    if report.failed:
        sys.exit(1)


def _print(report: Report) -> None:
    say(
        Label(
            f"✓ 查了 {report.checked}/{report.searches} 个搜索，新符合 {report.new} 套；"
            f"暂停 {report.paused} 个（符合的太多）",
            f"✓ {report.checked}/{report.searches} searches checked, {report.new} units newly "
            f"fit; {report.paused} paused (too much fits)",
        )
    )
    if report.mail:
        say(
            Label(
                f"✓ 发出提醒 {report.news} 封，确认信 {report.questions} 封",
                f"✓ {report.news} mails of news and {report.questions} to confirm were sent",
            )
        )
    else:
        say(Label("  没有设 GEOMAP_SMTP_URL，不发邮件", "  GEOMAP_SMTP_URL is not set: no mails"))
    say(
        Label(
            f"✓ 删除到期的预约和留言 {report.leads_deleted} 条、没有确认的邮箱 "
            f"{report.addresses_deleted} 个",
            f"✓ {report.leads_deleted} expired leads and {report.addresses_deleted} addresses "
            "that nobody confirmed were deleted",
        )
    )
    for row in report.failed:
        number = f"#{row['search']} " if row["search"] else ""
        reason = row["reason"][language()]
        click.secho(f"✗ {number}{row['step']}: {reason}", fg="red", err=True)


@click.group()
def leads() -> None:
    """Leads: keys of operators, lists, and what has expired."""


@leads.command()
@click.argument("operator_id")
@click.option("--revoke", is_flag=True, help="End the key instead.")
@click.pass_obj
@refuse_clearly
def key(settings: Settings, operator_id: str, revoke: bool) -> None:
    """Make a new key for an operator and print it once; the one before ends."""
    from geomap.store.operator_keys import make_operator_key, require_operator, revoke_operator_key

    context = _open(settings)
    try:
        name = require_operator(context.store, operator_id)
        if revoke:
            had = revoke_operator_key(context.store, operator_id)
            say(
                Label(f"✓ {name} 的密钥已作废", f"✓ The key of {name} has ended")
                if had
                else Label(f"{name} 没有密钥", f"{name} has no key")
            )
            return
        made = make_operator_key(context.store, operator_id, now=context.now())
    finally:
        context.close()
    note = Label(
        f"✓ {name} 的新密钥，只显示这一次，旧的已作废：",
        f"✓ The new key of {name}, shown this once; the old one has ended:",
    )
    say(note, err=True)
    click.echo(made)


@leads.command("list")
@click.option("--operator", "operator_id", required=True, help="Id of an operator")
@click.option("--state", type=click.Choice(["new", "called", "visited", "closed"]), default=None)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def list_(settings: Settings, operator_id: str, state: str | None, as_json: bool) -> None:
    """List an operator's leads, newest first."""
    from geomap.store.leads import list_leads
    from geomap.store.operator_keys import require_operator
    from geomap.web.view_leads import lead_json

    context = _open(settings)
    try:
        require_operator(context.store, operator_id)
        found = list_leads(context.store, operator_id, now=context.now(), state=state or "")
        rows = [lead_json(context, lead, language()) for lead in found]
    finally:
        context.close()
    if as_json:
        write_json({"operator_id": operator_id, "items": rows, "total": len(rows), "next": None})
        return
    for row in rows:
        click.echo(_line(row))
    say(Label(f"共 {len(rows)} 条", f"{len(rows)} leads"))


def _line(row: dict[str, Any]) -> str:
    parts = (
        _city_time(row["created_at"]), row["state_label"], row["site"], row["unit_id"] or "",
        row["name"], row["phone"], row["wish_label"], _city_time(row["visit_at"]),
        row["message"].replace("\n", " / "),
    )  # fmt: skip
    return "  ".join(part for part in parts if part)


def _city_time(text: str | None) -> str:
    from geomap.web.context import CITY_TIME

    moment = datetime.fromisoformat(text).astimezone(CITY_TIME) if text else None
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


@leads.command()
@click.pass_obj
@refuse_clearly
def purge(settings: Settings) -> None:
    """Delete the leads that have expired (`geomap alerts` and `geomap serve` do so too)."""
    from geomap.store.leads import purge_leads

    context = _open(settings)
    try:
        deleted = purge_leads(context.store, now=context.now(), keep_days=settings.lead_days)
    finally:
        context.close()
    say(Label(f"✓ 删除 {deleted} 条", f"✓ {deleted} deleted"))
