"""``geomap ledger``, ``meetings`` and ``entries``: for who looks after the service.

Whoever may run these may read the record itself: they ask for no key.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.command import language, refuse_clearly, say, write_json
from geomap.domain.entries import Audience, EntryKind
from geomap.domain.errors import InputError
from geomap.domain.ledger import LedgerState
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.config import Settings
    from geomap.web.context import AppContext
    from layers.tables import Sheet


@contextmanager
def _opened(settings: Settings) -> Iterator[AppContext]:
    from geomap.web.context import AppContext

    context = AppContext(settings)
    try:
        yield context
    finally:
        context.close()


def _write(file: Path, sheet: Sheet, rows: int) -> None:
    """Write a sheet by the ending of the file, whole or not at all."""
    from layers.tables import write_csv, write_workbook

    writers = {".xlsx": lambda: write_workbook([sheet]), ".csv": lambda: write_csv(sheet)}
    writer = writers.get(file.suffix.lower())
    if writer is None or not file.parent.is_dir():
        raise InputError(
            Label(f"写不了 {file}", f"Cannot write {file}"),
            fix=Label(
                "给出 .xlsx 或 .csv，目录要存在", "Give .xlsx or .csv in a folder that exists"
            ),
            field="file",
        )
    content = writer()
    partial = file.with_name(f".{file.name}.partial")
    partial.write_bytes(content)
    partial.replace(file)
    say(Label(f"✓ 已导出 {rows:,} 行到 {file}", f"✓ {rows:,} rows written to {file}"))


def _print(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    for row in rows:
        click.echo("  ".join(str(row[name]) for name in names if row[name] not in ("", None)))


@click.group()
def ledger() -> None:
    """The ledger of projects: list, show, count, export."""


_FILTERS = (
    click.option("--state", type=click.Choice([str(state) for state in LedgerState]), default=None),
    click.option("--county", default="", help="Adcode of the home county."),
    click.option("--owner", default=""),
    click.option("--overdue", is_flag=True, help="Those whose next step is late."),
)


def _filtered(function: Any) -> Any:
    for option in reversed(_FILTERS):
        function = option(function)
    return function


@ledger.command("list")
@_filtered
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def list_(
    settings: Settings, state: str | None, county: str, owner: str, overdue: bool, as_json: bool
) -> None:
    """List projects, those that were touched last first."""
    from geomap.web.ledger_shown import line_json, operator_names
    from geomap.web.view_ledger import Filters, find_lines

    with _opened(settings) as context:
        lines = find_lines(context, Filters(state or "", county, owner, overdue))
        names = operator_names(context)
        rows = [line_json(context, line, language(), names) for line in lines]
    if as_json:
        write_json({"items": rows, "total": len(rows), "next": None})
        return
    _print(rows, ("project_id", "name", "state_label", "owner", "next_step", "due_on", "site_name"))
    say(Label(f"共 {len(rows)} 个项目", f"{len(rows)} projects"))


@ledger.command()
@click.argument("project_id")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def show(settings: Settings, project_id: str, as_json: bool) -> None:
    """Show one project with all that happened."""
    from geomap.web.ledger_shown import project_detail

    with _opened(settings) as context:
        found = project_detail(context, project_id, language())
    if as_json:
        write_json(found)
        return
    head = ("project_id", "name", "state_label", "lost_why", "owner", "site_name", "next_step")
    _print([found], head)
    for event in found["events"]:
        parties = [event[side]["name"] for side in ("from", "to") if event[side]]
        event["parties"] = " → ".join(parties)
        event["change"] = "" if not event["to_state"] else f"→ {event['to_state']}"
    _print(found["events"], ("at", "kind_label", "change", "parties", "note", "by"))


@ledger.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def summary(settings: Settings, as_json: bool) -> None:
    """Count by state, county and owner, with the plan's figure of graduates."""
    from geomap.web.ledger_shown import summary_answer

    with _opened(settings) as context:
        found = summary_answer(context, language())
    if as_json:
        write_json(found)
        return
    for group in ("by_state", "by_county", "by_owner"):
        _print(found[group], ("label", "count"))
    _print([found["overdue"]], ("label", "count"))
    figure = found["graduates"]
    say(
        Label(
            f"就地产业化 {figure['done']}/{figure['target']}，另有入驻 {figure['moved_in']}、"
            f"签约 {figure['signed']}",
            f"{figure['done']} of {figure['target']} produce locally; {figure['moved_in']} moved "
            f"in and {figure['signed']} signed beside",
        )
    )
    click.echo(figure["note"])


@ledger.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_filtered
@click.pass_obj
@refuse_clearly
def export(
    settings: Settings, file: Path, state: str | None, county: str, owner: str, overdue: bool
) -> None:
    """Write projects to FILE: .xlsx or .csv."""
    from geomap.web.ledger_shown import ledger_sheet
    from geomap.web.view_ledger import Filters, find_lines

    with _opened(settings) as context:
        lines = find_lines(context, Filters(state or "", county, owner, overdue))
        _write(file, ledger_sheet(context, lines, language()), len(lines))


@click.group()
def meetings() -> None:
    """Meetings of projects and places: list, export an agenda."""


@meetings.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def list_meetings_(settings: Settings, as_json: bool) -> None:
    """List meetings, the latest first."""
    from geomap.store.meetings import list_meetings
    from geomap.web.meetings_shown import head_json

    with _opened(settings) as context:
        found = list_meetings(context.store)
        rows = [head_json(meeting, pairs, language()) for meeting, pairs in found]
    if as_json:
        write_json({"items": rows, "total": len(rows), "next": None})
        return
    _print(rows, ("id", "at", "kind_label", "name", "place", "pair_count"))
    say(Label(f"共 {len(rows)} 场", f"{len(rows)} meetings"))


@meetings.command("export")
@click.argument("meeting_id")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
@refuse_clearly
def export_agenda(settings: Settings, meeting_id: str, file: Path) -> None:
    """Write the agenda of a meeting to FILE: .xlsx or .csv."""
    from geomap.store.meetings import get_meeting
    from geomap.web.meetings_shown import agenda_sheet

    with _opened(settings) as context:
        meeting = get_meeting(context.store, meeting_id)
        _write(file, agenda_sheet(context, meeting, language()), len(meeting.pairs))


@click.group()
def entries() -> None:
    """Entries of the three lists, of firms and incubators, land, and restricted ones."""


_KIND = click.option("--kind", type=click.Choice([str(kind) for kind in EntryKind]), default=None)
_PUBLIC = click.option("--public", is_flag=True, help="Only what everybody may read today.")


@entries.command("list")
@_KIND
@_PUBLIC
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def list_entries_(settings: Settings, kind: str | None, public: bool, as_json: bool) -> None:
    """List entries, newest first; restricted ones too, but with --public."""
    from geomap.store.entries import Reader
    from geomap.web.view_entries import Filters, entry_json, find_entries

    with _opened(settings) as context:
        reader = Reader(Audience.PUBLIC if public else Audience.STAFF, context.today())
        found = find_entries(context, reader, Filters(kind=kind or ""))
        rows = [entry_json(context, entry, language(), None) for entry in found]
    if as_json:
        write_json({"items": rows, "total": len(rows), "next": None})
        return
    _print(rows, ("id", "dated_on", "kind_label", "title", "county_name", "visibility_label"))
    say(Label(f"共 {len(rows)} 条", f"{len(rows)} entries"))


@entries.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_KIND
@_PUBLIC
@click.pass_obj
@refuse_clearly
def export_entries(settings: Settings, file: Path, kind: str | None, public: bool) -> None:
    """Write entries to FILE: .xlsx or .csv; restricted ones too, but with --public."""
    from geomap.store.entries import Reader
    from geomap.web.view_entries import Filters, entries_sheet, find_entries

    with _opened(settings) as context:
        reader = Reader(Audience.PUBLIC if public else Audience.STAFF, context.today())
        found = find_entries(context, reader, Filters(kind=kind or ""))
        _write(file, entries_sheet(context, found, language()), len(found))


@entries.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", required=True, help="Who keeps them; stands beside each.")
@click.option("--encoding", default=None, help="utf-8 | gb18030 …")
@click.option("--dry-run", is_flag=True, help="Check only, store nothing.")
@click.option("--accept-partial", is_flag=True, help="Store the good rows, leave the others out.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@click.pass_obj
@refuse_clearly
def import_(
    settings: Settings,
    file: Path,
    by: str,
    encoding: str | None,
    dry_run: bool,
    accept_partial: bool,
    as_json: bool,
) -> None:
    """Take the entries of FILE (.xlsx or .csv) in: all, or none where a row is refused."""
    from geomap.importing.entries import import_entries

    with _opened(settings) as context:
        report = import_entries(
            context.store,
            context.catalog,
            file,
            by=by,
            now=context.now(),
            today=context.today(),
            encoding=encoding,
            dry_run=dry_run,
            accept_partial=accept_partial,
        )
    if as_json:
        write_json(report.to_json())
    else:
        click.echo(report.to_text(language()))
    if not (report.stored or (dry_run and report.storable)):
        sys.exit(1)
