"""What is refused before anything is solved, naming the field and the way out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geomap.domain.errors import InputError
from geomap.domain.placement import Listing, PlacedDemand, Policy
from geomap.domain.words import Label
from geomap.placement.book import Book
from geomap.placement.custom import assign_builds
from geomap.placement.steps import STEPS, allowed_steps, county_row, margins_of
from geomap.placement.weigh import FORBIDDEN, RESERVED


def require_projects(projects: Sequence[PlacedDemand]) -> None:
    """Refuse no projects, an id that is missing or twice, and a county that is not known."""
    if not projects:
        raise InputError(
            Label("没有项目", "There are no projects"),
            fix=Label("至少给一个项目", "Give at least one"),
            field="projects",
        )
    seen: dict[str, int] = {}
    for at, project in enumerate(projects):
        field = f"projects.{at}"
        if not project.id:
            raise InputError(
                Label(f"第 {at + 1} 个项目没有编号", f"Project {at + 1} has no id"),
                fix=Label("给每个项目一个编号", "Give every project an id"),
                field=f"{field}.id",
            )
        if project.id in seen:
            first = seen[project.id]
            raise InputError(
                Label(
                    f"编号 {project.id} 用了两次：第 {first + 1} 个和第 {at + 1} 个",
                    f"Id {project.id} is there twice: projects {first + 1} and {at + 1}",
                ),
                fix=Label("改其中一个的编号，或删掉重复的", "Change one, or take the double out"),
                field=f"{field}.id",
            )
        seen[project.id] = at
        if county_row(project.home_county) < 0:
            raise InputError(
                Label(
                    f"没有县（市、区）{project.home_county}",
                    f"There is no county {project.home_county}",
                ),
                fix=Label("用温州的 6 位区划代码", "Use a six-digit code of Wenzhou"),
                field=f"{field}.home_county",
            )


def require_policy(policy: Policy) -> None:
    """Refuse a policy that contradicts itself: no steps, or margins that fall from step to step."""
    if not policy.steps:
        raise InputError(
            Label(
                "方案一步也不走，谁也落不了", "The policy tries no step, so that nobody is placed"
            ),
            fix=Label("至少留一步", "Leave at least one step"),
            field="policy.steps",
        )
    margins = margins_of(policy)
    for at in range(1, len(STEPS)):
        if margins[at] < margins[at - 1]:
            low, high = f"{margins[at]:.2f}", f"{margins[at - 1]:.2f}"
            raise InputError(
                Label(
                    f"门槛不能逐步下降：{low} 低于前一步的 {high}",
                    f"Margins do not fall from step to step: {low} is below {high}",
                ),
                fix=Label(f"改成至少 {high}", f"Make it at least {high}"),
                field=f"policy.margins.{STEPS[at]}",
            )


def require_possible(book: Book, listings: Sequence[Listing]) -> None:
    """Refuse a policy because of which no project has any pair, though it would have without.

    Parameters
    ----------
    book
        The pairs.
    listings
        Land and idle plants: one on which somebody can build gives the policy a place.
    """
    nobody = np.full(len(book.projects), -1, dtype=np.int64)
    if len(book.pairs.value) or assign_builds(book, nobody, listings):
        return
    fitting, allowed = book.candidates, allowed_steps(book.policy)
    if fitting[:, ~allowed].any():
        raise InputError(
            Label(
                "方案留下的步骤里没有一处合适，去掉的步骤里有",
                "No unit in the steps of the policy fits anybody; in those left out some do",
            ),
            fix=Label("把去掉的步骤加回来", "Put steps back in"),
            field="policy.steps",
        )
    for outcome, field, what in (
        (RESERVED, "policy.reserved", Label("都已预留", "are all reserved")),
        (FORBIDDEN, "policy.forbids", Label("都被禁止", "are all forbidden")),
    ):
        if book.tally[:, :, outcome].any():
            raise InputError(
                Label(f"合适的单元{what.zh}，谁也落不了", f"The units that fit {what.en}"),
                fix=Label("放开几个单元", "Release some units"),
                field=field,
            )
