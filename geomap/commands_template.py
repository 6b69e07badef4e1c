"""``geomap template``: sheets to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geomap.command import language, refuse_clearly, say
from geomap.domain.errors import InputError
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.config import Settings
    from geomap.domain.placement import PlacedDemand


@click.group()
def template() -> None:
    """Sheets to fill in and to read back."""


@template.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--filled", is_flag=True, help="With the projects of the record, to mend or place.")
@click.pass_obj
@refuse_clearly
def projects(settings: Settings, file: Path, filled: bool) -> None:
    """Write a sheet (.xlsx) for projects: `geomap place` and `geomap import projects` read it."""
    from geomap.importing.project_sheet import write_projects_sheet, write_template

    _require_sheet(file)
    if not filled:
        write_template(file, language=language())
        say(Label(f"✓ 已写入 {file}", f"✓ Written: {file}"))
        return
    rows, left = _recorded(settings)
    write_projects_sheet(rows, file, language=language())
    say(Label(f"✓ {len(rows):,} 个项目写入 {file}", f"✓ {len(rows):,} projects written to {file}"))
    if left:
        zh, en = f"没有写入的：{left:,} 个，没有属地", f"Left out: {left:,} without a home county"
        say(Label(zh, en), err=True)


def _recorded(settings: Settings) -> tuple[list[PlacedDemand], int]:
    """Return the projects of the record that can be placed, and how many cannot."""
    from geomap.importing.project_file import placed_of
    from geomap.store.engine import open_store
    from geomap.store.projects import list_projects

    store = open_store(settings.database_url, create=False)
    try:
        found, _total = list_projects(store, limit=1_000_000)
    finally:
        store.close()
    placed = []
    for project in found:
        try:
            placed.append(placed_of(project))
        except InputError:
            continue
    return placed, len(found) - len(placed)


def _require_sheet(file: Path) -> None:
    if file.suffix.lower() != ".xlsx":
        raise InputError(
            Label(f"只写 .xlsx，不是 {file.name}", f"An .xlsx is written, not {file.name}"),
            fix=Label("文件名以 .xlsx 结尾", "End the name in .xlsx"),
            field="file",
        )
    if not file.parent.is_dir():
        raise InputError(Label(f"没有目录 {file.parent}", f"No folder {file.parent}"), field="file")
