"""Projects of the record, in its order, some at a time."""

from __future__ import annotations

from sqlalchemy import func, select

from geomap.domain import records
from geomap.store.engine import Store
from geomap.store.models import TABLES
from geomap.store.rows import project_of


def list_projects(
    store: Store, *, demo_only: bool = False, limit: int = 10_000, offset: int = 0
) -> tuple[list[records.Project], int]:
    """Return a page of the projects, and how many there are in all.

    Parameters
    ----------
    demo_only
        Whether real projects are left out, as for whoever has no key.
    limit, offset
        The page.
    """
    table = TABLES["projects"]
    chosen = select(table).where(table.c.demo) if demo_only else select(table)
    counted = select(func.count()).select_from(chosen.subquery())
    with store.reading() as session:
        total = int(session.scalar(counted) or 0)
        page = chosen.order_by(table.c.fid).limit(limit).offset(offset)
        return [project_of(dict(row)) for row in session.execute(page).mappings()], total
