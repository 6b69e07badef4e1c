"""What tests of the ledger, of meetings and entries share: keys, projects, problems."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from werkzeug.test import TestResponse

from geomap.domain import records as r
from geomap.store import write
from geomap.store.staff_keys import add_staff
from geomap.web.context import AppContext

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NAME = "小陈"
PROJECT = {
    "home_county": "330303", "current_site": "alpha",
    "demand": {"industry": "eye_health", "stage": "acceleration"},
}  # fmt: skip


def make_key(context: AppContext, name: str = NAME) -> dict[str, str]:
    """Return the header of a new member of staff."""
    _, key = add_staff(context.store, name, now=NOW)
    return {"Authorization": f"Bearer {key}"}


def add_projects(context: AppContext, *ids: str, demo: bool = False) -> None:
    """Write projects into the record."""
    with context.store.writing("test") as tx:
        write.add_projects(
            tx, [r.Project(id=i, name=f"项目{i}", demo=demo, **PROJECT) for i in ids]
        )  # type: ignore[arg-type]


def require_problem(answer: TestResponse, status: int, field: str) -> dict[str, Any]:
    """Return a problem that names its field and a fix."""
    body: dict[str, Any] = answer.get_json()
    assert answer.status_code == status, body
    assert answer.mimetype == "application/problem+json"
    assert body.get("field", "") == field, body
    assert body.get("fix"), body
    return body
