"""``geomap place``: read a file of projects, allocate, print what came of it, write a file."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.command import language, refuse_clearly, say, write_json
from geomap.config import Settings
from geomap.domain.errors import InputError
from geomap.domain.words import Label, PlacementStep
from geomap.domain.words import label as label_of

if TYPE_CHECKING:
    from geomap.importing.project_file import ProjectsReport, ReadProjects
    from geomap.web.context import AppContext
    from geomap.web.stream import Steps

KINDS = (".xlsx", ".csv", ".html", ".json")
_STEPS = 1000
_SHOWN = 20
"""Findings of a file that are printed; the rest are counted."""
_MOST_POLICY = 10_000_000
Answer = Mapping[str, Any]


@click.command()
@click.argument("projects", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help=" ".join(KINDS),
)  # fmt: skip
@click.option("--mode", default="optimal", type=click.Choice(["optimal", "stable"]))
@click.option("--policy", type=click.File("rb"), help="JSON: weights, margins, steps, pins …")
@click.option("--encoding", default=None, help="Of a CSV: utf-8 | gb18030 …")
@click.option("--accept-partial", is_flag=True, help="Place the good rows, leave the others out.")
@click.option("--restricted", is_flag=True, help="Build on restricted land too, as staff.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer on stdout.")
@click.pass_obj
@refuse_clearly
def place(
    settings: Settings,
    projects: Path,
    out: Path,
    mode: str,
    policy: Any,
    encoding: str | None,
    accept_partial: bool,
    restricted: bool,
    as_json: bool,
) -> None:
    """Place the PROJECTS of a file (.xlsx .csv .json) and write the allocation to OUT."""
    from geomap.placement.placement_json import project_to_json
    from geomap.web.context import AppContext

    _require_out(out, projects)
    asked = read_policy(policy) if policy else None
    context = AppContext(settings)
    read = read_list(context, projects, encoding=encoding, accept_partial=accept_partial)
    body = {"projects": [project_to_json(one) for one in read.projects], "mode": mode}
    answer, content = _solve(context, body | {"policy": asked}, out, restricted=restricted)
    _write_whole(out, content)
    if as_json:
        write_json(answer)
    else:
        click.echo(table_of(answer, language()))
    say(Label(f"✓ 已写到 {out}", f"✓ Written to {out}"), err=as_json)


def _require_out(out: Path, projects: Path) -> None:
    """Refuse what cannot be written before anything is worked out."""
    if out.suffix.lower() not in KINDS:
        raise InputError(
            Label(f"不认识的文件类型：{out.name}", f"Unknown kind of file: {out.name}"),
            fix=Label(f"后缀用 {' '.join(KINDS)}", f"End the name in one of {' '.join(KINDS)}"),
            field="out",
        )
    if not out.parent.is_dir():
        raise InputError(Label(f"没有目录 {out.parent}", f"No folder {out.parent}"), field="out")
    if out.exists() and out.samefile(projects):
        raise InputError(
            Label("输出会盖掉项目清单", "The output would replace the list of projects"),
            fix=Label("换一个文件名", "Choose another name"),
            field="out",
        )


def read_policy(file: Any) -> Any:
    """Return a file's policy as JSON, its values unchecked; raises InputError."""
    import orjson

    try:
        return orjson.loads(file.read(_MOST_POLICY))
    except orjson.JSONDecodeError as error:
        raise InputError(
            Label(f"不是有效的 JSON：{error}", f"Not valid JSON: {error}"), field=file.name
        ) from error


def read_list(
    context: AppContext, file: Path, *, encoding: str | None, accept_partial: bool
) -> ReadProjects:
    """Read the projects; what is wrong with which row goes to stderr.

    Raises
    ------
    ProjectsRefusedError
        The file cannot be read, or rows are wrong and `accept_partial` is not set.
    """
    from geomap.importing.project_file import ProjectsRefusedError, read_projects, site_finder

    sites = site_finder(context.catalog)
    try:
        read = read_projects(file, sites=sites, encoding=encoding, accept_partial=accept_partial)
    except ProjectsRefusedError as error:
        _print_findings(error.report)
        if error.report.refused:
            error.fix = Label(
                "按上面改好再试，或加 --accept-partial 只用没有问题的行",
                "Mend them and try again, or take the other rows alone by --accept-partial",
            )
        raise
    _print_findings(read.report)
    return read


def _print_findings(report: ProjectsReport) -> None:
    from geomap.intake.report import OUTCOME_LABELS

    chosen = language()
    for finding in report.findings[:_SHOWN]:
        outcome = getattr(OUTCOME_LABELS[finding.outcome], chosen)
        fix = f" → {getattr(finding.fix, chosen)}" if finding.fix else ""
        column = finding.column or finding.field
        where = Label(f"第 {finding.row} 行 {column}", f"Row {finding.row} {column}")
        said = getattr(finding.reason, chosen)
        click.echo(f"  {getattr(where, chosen)} [{outcome}] {said}{fix}", err=True)
    more = report.total - min(len(report.findings), _SHOWN)
    if more > 0:
        say(Label(f"  另有 {more:,} 处", f"  {more:,} more"), err=True)
    unused = () if report.format == "JSON" else report.unknown_columns  # it refuses such fields
    for header in unused:
        say(Label(f"  没有用到的列：{header}", f"  Column not used: {header}"), err=True)
    if report.refused and report.read:
        say(Label(f"  {report.refused:,} 行要改", f"  {report.refused:,} rows to mend"), err=True)


def _solve(
    context: AppContext, body: dict[str, Any], out: Path, *, restricted: bool
) -> tuple[Answer, bytes]:
    """Return the answer and the file made of it, with a progress bar on stderr."""
    import orjson

    from geomap.web.placement_answer import answer_of
    from geomap.web.staff import Staff
    from geomap.web.view_placement_files import write_file
    from geomap.web.view_placements import prepare_task, solve_task

    chosen, staff = language(), Staff("cli", "cli") if restricted else None
    task = prepare_task(context, body, chosen, staff)
    with showing_steps() as steps:
        answer = answer_of(solve_task(context, task, steps))
    kind = out.suffix.lower().removeprefix(".")
    if kind == "json":
        return answer, orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return answer, write_file(answer, task.catalog, kind, chosen)


@contextmanager
def showing_steps() -> Iterator[Steps]:
    """Show the stages of a work as a progress bar on stderr."""
    from geomap.web.stream import Steps

    chosen = language()
    with click.progressbar(
        length=_STEPS, file=sys.stderr, item_show_func=str, show_eta=False
    ) as bar:

        def tell(share: float, stage: Label) -> None:
            bar.update(max(0, int(share * _STEPS) - bar.pos), getattr(stage, chosen))

        yield Steps(tell)
        bar.update(_STEPS - bar.pos, "")


def _write_whole(out: Path, content: bytes) -> None:
    """Write a file that appears only when it is complete; one of that name is replaced."""
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".place-") as folder:
            partial = Path(folder) / out.name
            partial.write_bytes(content)
            partial.replace(out)
    except OSError as error:
        raise InputError(
            Label(f"写不了 {out}：{error.strerror}", f"Cannot write {out}: {error.strerror}"),
            fix=Label("检查目录的权限和空间", "Check the folder's permissions and space"),
            field="out",
        ) from error


def table_of(answer: Answer, chosen: str) -> str:
    """Return what came of it as a few lines for people."""
    mine, other = answer["objective"], answer["objective"]["baseline"]
    lines = [_head(mine, other)]
    for step in PlacementStep:
        name = label_of(step)
        count = f"{mine['by_step'][step]:>5}  ({other['by_step'][step]})"
        blanks = " " * (10 - 2 * len(name.zh))  # a Chinese character is two columns wide
        lines.append(Label(f"  {name.zh}{blanks}{count}", f"  {name.en:<18}{count}"))
    lines += [_total(mine, other), _proof(mine)]
    worst = answer["fairness"]["worst"]
    if worst is not None:
        lines.append(_worst(worst))
    for one in answer["unplaced"][:_SHOWN]:
        text = f"  ✗ {one['name'] or one['project_id']}  {one['reason']}"
        lines.append(Label(text, text))
    more = len(answer["unplaced"]) - _SHOWN
    if more > 0:
        lines.append(Label(f"  另有 {more} 个没有落地", f"  {more} more without a place"))
    if answer["demo"]:
        lines.append(Label("演示数据", "Demonstration data"))
    return "\n".join(getattr(line, chosen) for line in lines)


def _head(mine: Answer, other: Answer) -> Label:
    placed, before = f"{mine['placed']}/{mine['projects']}", other["placed"]
    return Label(
        f"已落地 {placed}（先到先得 {before}），{mine['area_m2']:,.0f} ㎡",
        f"{placed} placed (first come, first served: {before}), {mine['area_m2']:,.0f} m²",
    )


def _total(mine: Answer, other: Answer) -> Label:
    gain = mine["total"] - other["total"]
    share = f", {gain / other['total']:+.1%}" if other["total"] else ""
    figures = f"{mine['total']:.4f}  ({other['total']:.4f}{share})"
    return Label(f"总值 {figures}", f"Total value {figures}")


def _proof(mine: Answer) -> Label:
    if mine["bound"] is None:
        pairs = mine["blocking_pairs"]
        return Label(f"双方都想换的 {pairs} 对", f"Blocking pairs: {pairs}")
    gap = f"{mine['gap']:.4%}"
    if mine["proven"]:
        return Label(f"已证明最优，差距 {gap}", f"Proven to be the best, gap {gap}")
    bound = f"{mine['bound']:.4f}"
    return Label(f"上界 {bound}，差距 {gap}", f"No more than {bound}, gap {gap}")


def _worst(worst: Answer) -> Label:
    name = worst["name"] or worst["project_id"]
    score = "—" if worst["score"] is None else f"{worst['score']:.2f}"
    best = f"{worst['best_score']:.2f}"
    return Label(
        f"离自己最好的地方最远：{name} {score} / {best}",
        f"Farthest from its own best place: {name} {score} / {best}",
    )
