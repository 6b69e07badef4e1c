"""``geomap staff``: the keys of those who place projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geomap.command import refuse_clearly, say, write_json
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.config import Settings
    from geomap.web.context import AppContext


def _open(settings: Settings) -> AppContext:
    from geomap.web.context import AppContext

    return AppContext(settings)


@click.group()
def staff() -> None:
    """Staff: make, list and end the keys of those who place projects."""


@staff.command()
@click.argument("name")
@click.pass_obj
@refuse_clearly
def add(settings: Settings, name: str) -> None:
    """Make a key for NAME and print it, this once."""
    from geomap.store.staff_keys import add_staff

    context = _open(settings)
    try:
        member, key = add_staff(context.store, name, now=context.now())
    finally:
        context.close()
    note = Label(
        f"✓ {member.name} 的密钥，只显示这一次：", f"✓ The key of {member.name}, shown this once:"
    )
    say(note, err=True)
    click.echo(key)


@staff.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def list_(settings: Settings, as_json: bool) -> None:
    """List who has a key."""
    from geomap.store.staff_keys import list_staff
    from geomap.web.context import CITY_TIME

    context = _open(settings)
    try:
        found = list_staff(context.store)
    finally:
        context.close()
    if as_json:
        rows = [
            {
                "id": member.id,
                "name": member.name,
                "role": member.role,
                "created_at": member.created_at.isoformat(timespec="seconds"),
            }
            for member in found
        ]
        write_json({"items": rows, "total": len(rows), "next": None})
        return
    for member in found:
        made = member.created_at.astimezone(CITY_TIME)
        click.echo(f"{made:%Y-%m-%d %H:%M}  {member.name}")
    say(Label(f"共 {len(found)} 人", f"{len(found)} people"))


@staff.command()
@click.argument("name")
@click.pass_obj
@refuse_clearly
def revoke(settings: Settings, name: str) -> None:
    """End the key of NAME, at once."""
    from geomap.store.staff_keys import revoke_staff

    context = _open(settings)
    try:
        revoke_staff(context.store, name)
    finally:
        context.close()
    say(Label(f"✓ {name} 的密钥已作废", f"✓ The key of {name} has ended"))
