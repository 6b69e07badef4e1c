"""``geomap placements``: allocations that are kept, compared, adopted and released.

Whoever may run these may write the record itself: no key is asked for, but a name of staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.command import language, refuse_clearly, say, write_json
from geomap.commands_place import read_list, read_policy, showing_steps, table_of
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.config import Settings
    from geomap.web.context import AppContext
    from geomap.web.staff import Staff

_BY = click.option("--by", required=True, help="Name of a member of staff (geomap staff list).")
_GROUPS = {
    "moved": Label("换了地方", "Moved"),
    "newly_placed": Label("新落地", "Newly placed"),
    "lost_place": Label("不再落地", "Lost their place"),
    "only_a": Label("只在前一个", "Only in the first"),
    "only_b": Label("只在后一个", "Only in the second"),
}
"""Every project that differs is in one of these; who gains or loses is told beside it."""


def _opened(settings: Settings) -> closing[AppContext]:
    from geomap.web.context import AppContext

    return closing(AppContext(settings))


def _require_member(context: AppContext, name: str) -> Staff:
    from geomap.store.staff_keys import list_staff
    from geomap.web.staff import Staff

    for member in list_staff(context.store):
        if member.name == name.strip():
            return Staff(member.id, member.name)
    raise NotFoundError(
        Label(f"没有叫 {name} 的工作人员", f"No member of staff is called {name}"),
        fix=Label("geomap staff add 名字 登记", "Add one by geomap staff add NAME"),
        field="by",
    )


def _confirm(zh: str, en: str) -> None:
    """Ask on stderr, so that JSON on stdout stays JSON; no ends the command with status 1."""
    click.confirm(zh if language() == "zh" else en, abort=True, err=True)


def _print_line(*parts: object, err: bool = False) -> None:
    if line := "  ".join(str(part) for part in parts if part not in ("", None)):
        click.echo(line, err=err)


def _print_unit(unit: Mapping[str, Any], *, err: bool = False) -> None:
    project = unit.get("name") or unit["project_id"]
    _print_line("  !", project, unit["unit_id"], unit["why_label"], err=err)


@click.group()
def placements() -> None:
    """Kept placements: save, list, show, compare, adopt, release, delete."""


def _command(function: Any) -> Any:
    """Make a command of the group that may answer in JSON."""
    function = click.option("--json", "as_json", is_flag=True)(refuse_clearly(function))
    return placements.command(function.__name__.rstrip("_"))(click.pass_obj(function))


def _change(function: Any) -> Any:
    """Make a command that changes one kept placement, in the name of someone."""
    yes = click.option("--yes", is_flag=True, help="Do not ask.")
    return _command(click.argument("placement_id")(_BY(yes(function))))


def _end(told: Mapping[str, Any], text: Label, as_json: bool) -> None:
    if as_json:
        write_json(told)
    say(text, err=as_json)


@_command
@click.argument("projects", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", required=True)
@_BY
@click.option("--mode", default="optimal", type=click.Choice(["optimal", "stable"]))
@click.option("--policy", type=click.File("rb"), help="JSON: weights, margins, steps, pins …")
@click.option("--note", default="")
@click.option("--encoding", default=None, help="Of a CSV: utf-8 | gb18030 …")
@click.option("--accept-partial", is_flag=True, help="Place the good rows, leave the others out.")
def save(
    settings: Settings, projects: Path, name: str, by: str, mode: str, policy: Any, note: str,
    encoding: str | None, accept_partial: bool, as_json: bool,
) -> None:  # fmt: skip
    """Place the PROJECTS of a file (.xlsx .csv .json) and keep what comes of it."""
    from geomap.placement.placement_json import project_to_json
    from geomap.web.view_plans import save_work

    asked = read_policy(policy) if policy else None
    with _opened(settings) as context:
        staff = _require_member(context, by)
        read = read_list(context, projects, encoding=encoding, accept_partial=accept_partial)
        request = {"projects": [project_to_json(one) for one in read.projects], "mode": mode}
        body = {"name": name, "note": note, "request": request | {"policy": asked}}
        with showing_steps() as steps:
            saved = save_work(context, body, language(), staff)(steps)
    if not as_json:
        click.echo(table_of(saved["answer"], language()))
    _end(saved, Label(f"✓ 已留存为 {saved['id']}", f"✓ Kept as {saved['id']}"), as_json)


@_command
def list_(settings: Settings, as_json: bool) -> None:
    """List them, the one changed last first."""
    from geomap.store.placement_scenarios import list_placements
    from geomap.web.view_plans import placement_json

    with _opened(settings) as context:
        rows = [placement_json(context, one, language()) for one in list_placements(context.store)]
    if as_json:
        write_json({"items": rows, "total": len(rows), "next": None})
        return
    for row in rows:
        _print_head(row)
    say(Label(f"共 {len(rows)} 个方案", f"{len(rows)} scenarios"))


def _print_head(row: Mapping[str, Any]) -> None:
    placed = f"{row['figures']['placed']}/{row['figures']['projects']}"
    _print_line(row["id"], row["state_label"], placed, row["updated_by"], row["name"])


@_command
@click.argument("placement_id")
def show(settings: Settings, placement_id: str, as_json: bool) -> None:
    """Show one: state, figures, places, what it holds or what was taken of it."""
    from geomap.web.view_adopt import detail_json

    with _opened(settings) as context:
        found = detail_json(context, placement_id, language())
    if as_json:
        write_json(found)
        return
    _print_head(found)
    _print_line(found["note"])
    click.echo(table_of(found["answer"], language()))
    for placed in found["answer"]["placements"]:
        land = (placed["build"] or {}).get("listing") or {}
        place = placed["site_name"] or land.get("name"), " ".join(placed["unit_ids"])
        _print_line("  ✓", placed["name"] or placed["project_id"], placed["step_label"], *place)
    for place in found["taken"]:
        _print_unit(place)
    say(Label(f"留着 {len(found['holds'])} 个单元", f"Units held: {len(found['holds'])}"))


@_command
@click.argument("a")
@click.argument("b")
def compare(settings: Settings, a: str, b: str, as_json: bool) -> None:
    """Say what changes from A to B: who moves, gains, loses."""
    from geomap.web.view_plan_compare import compare as compare_placements

    with _opened(settings) as context:
        found = compare_placements(context, a, b, language())
    if as_json:
        write_json(found)
        return
    _print_head(found["a"])
    _print_head(found["b"])
    for group, label in _GROUPS.items():
        if found[group]:
            say(Label(f"{label.zh} {len(found[group])}", f"{label.en}: {len(found[group])}"))
        for one in found[group]:
            gain = "" if one["gain"] is None else f"{one['gain']:+.2f}"
            sides = (one[side] for side in ("a", "b"))
            way = [side["site_name"] or side["step_label"] if side else "—" for side in sides]
            _print_line(" ", one["name"] or one["project_id"], " → ".join(way), gain)
    say(Label(f"没有变 {found['counts']['same']}", f"Unchanged: {found['counts']['same']}"))


@_change
def adopt(settings: Settings, placement_id: str, by: str, yes: bool, as_json: bool) -> None:
    """Hold the units of one, all or none, and bring its projects into the ledger."""
    from geomap.store.taken import PlacesTakenError
    from geomap.web import view_adopt

    with _opened(settings) as context:
        staff = _require_member(context, by)
        found = view_adopt.detail_json(context, placement_id, language())
        name, count = found["name"], sum(len(one["units"]) for one in found["answer"]["placements"])
        if not yes and found["state"] == "draft" and not found["taken"]:
            _confirm(f"采纳“{name}”，留 {count} 个单元？", f"Adopt {name}: hold {count} units?")
        seen = {"version": found["version"]}
        try:
            done = view_adopt.adopt(context, placement_id, seen, language(), staff)
        except PlacesTakenError as error:
            for place in error.taken:
                _print_unit(view_adopt.taken_json(place, language()), err=True)
            raise
    held = len(done["holds"])
    _end(done, Label(f"✓ 已采纳，留了 {held} 个单元", f"✓ Adopted, units held: {held}"), as_json)


@_change
def release(settings: Settings, placement_id: str, by: str, yes: bool, as_json: bool) -> None:
    """Give back what an adopted one still holds."""
    from geomap.store.adopt import list_holds
    from geomap.store.placement_scenarios import get_placement
    from geomap.web import view_adopt

    with _opened(settings) as context:
        staff = _require_member(context, by)
        saved = get_placement(context.store, placement_id)
        name, count = saved.name, len(list_holds(context.store, placement_id))
        if count and not yes:
            _confirm(f"撤销“{name}”，放回 {count} 个单元？", f"Release {name}: {count} units?")
        seen = {"version": saved.version}
        done = view_adopt.release(context, placement_id, seen, language(), staff)
    for unit in done["kept"]:
        _print_unit(unit, err=as_json)
    back = len(done["freed"]) + len(done["joined"]) + len(done["apart"])
    _end(done, Label(f"✓ 已撤销，放回 {back} 个单元", f"✓ Released, units: {back}"), as_json)


@_change
def delete(settings: Settings, placement_id: str, by: str, yes: bool, as_json: bool) -> None:
    """Delete one for good; an adopted one is released first."""
    from geomap.store.placement_scenarios import delete_placement, get_placement

    with _opened(settings) as context:
        _require_member(context, by)
        name = get_placement(context.store, placement_id).name
        if not yes:
            _confirm(f"删除“{name}”？删了找不回来", f"Delete {name}, for good?")
        delete_placement(context.store, placement_id)
    told = {"id": placement_id, "deleted": True}
    _end(told, Label(f"✓ 已删除 {name}", f"✓ Deleted {name}"), as_json)
