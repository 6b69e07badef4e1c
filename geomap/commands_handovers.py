"""``geomap ledger handovers``: what an operator sees of the ledger by its own key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from geomap.command import language, refuse_clearly, say, write_json
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.config import Settings


@click.command()
@click.option("--operator", "operator_id", required=True, help="Id of an operator.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
@refuse_clearly
def handovers(settings: Settings, operator_id: str, as_json: bool) -> None:
    """List what waits for an operator's answer, and what it holds."""
    from geomap.store.operator_keys import require_operator
    from geomap.web.context import AppContext
    from geomap.web.view_operator import Operator, find_handovers, handovers_json

    context = AppContext(settings)
    try:
        operator = Operator(operator_id, require_operator(context.store, operator_id))
        found = find_handovers(context, operator)
        rows = handovers_json(context, operator, found, language())
    finally:
        context.close()
    if as_json:
        write_json({"operator_id": operator_id, "items": rows, "total": len(rows), "next": None})
        return
    for row in rows:
        giver = row["from"]["name"] if row["from"] else ""
        told = (
            row["project_id"],
            row["name"],
            row["state_label"],
            giver,
            row["since"],
            row["note"],
        )
        click.echo("  ".join(text for text in told if text))
    say(Label(f"共 {len(rows)} 个项目", f"{len(rows)} projects"))
