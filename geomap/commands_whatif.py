"""The body of ``geomap whatif``: compare, show progress, print a table or JSON."""

from __future__ import annotations

import sys
from typing import Any

import click

from geomap.config import Settings
from geomap.domain.words import AmenityCategory, Label
from geomap.domain.words import label as label_of
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.stream import Steps
from geomap.web.view_whatif import parse_question, whatif_work

_STEPS = 1000
_SHOWN = 20
"""Sites listed; the rest are counted."""
_EDITS = {
    "drop_amenities": Label("去掉配套", "without amenity"),
    "drop_sites": Label("去掉载体", "without site"),
    "drop_streets": Label("去掉街道", "without street"),
    "add_amenities": Label("增加配套", "with amenity"),
    "add_sites": Label("增加载体", "with site"),
}


def find_whatif(
    settings: Settings, edits: object, profile: str, site: str, language: str
) -> dict[str, Any]:
    """Return the answer to a what-if, with a progress bar on stderr.

    Parameters
    ----------
    settings
        Where the data is.
    edits
        The JSON object of edits, or a whole body that holds it as `edits`.
    profile, site
        Id of a profile, and of the site whose rings are wanted, "" for none.
    language
        "zh" or "en".

    Raises
    ------
    GeomapError
        As the API refuses.
    """
    given = edits["edits"] if isinstance(edits, dict) and "edits" in edits else edits
    body = {"profile": profile, "edits": given} | ({"site": site} if site else {})
    work = whatif_work(AppContext(settings), parse_question(body), language)
    with click.progressbar(
        length=_STEPS, file=sys.stderr, item_show_func=str, show_eta=False
    ) as bar:

        def tell(share: float, stage: Label) -> None:
            bar.update(max(0, int(share * _STEPS) - bar.pos), text_of(stage, language))

        answer = work(Steps(tell))
        bar.update(_STEPS - bar.pos, "")
    return answer


def table_of(answer: dict[str, Any], language: str) -> str:
    """Return an answer as lines for people."""
    lines = [text_of(line, language) for line in (*_edits(answer), *_head(answer))]
    lines += [_site(site, language) for site in answer["changed"][:_SHOWN]]
    more = len(answer["changed"]) - _SHOWN
    if more > 0:
        lines.append(text_of(Label(f"  另有 {more} 处", f"  {more} more"), language))
    lines += [text_of(line, language) for line in _foot(answer)]
    return "\n".join(lines)


def _edits(answer: dict[str, Any]) -> list[Label]:
    lines = []
    for edit in answer["edits"]:
        word, mark = _EDITS[edit["edit"]], "✓" if edit["ok"] else "✗"
        named = edit["name"] or edit["id"] or f"{edit['lon']:.6f} {edit['lat']:.6f}"
        why = f"  {edit['reason']}" if edit["reason"] else ""
        long = f"  {edit['length_m']:,.0f} m" if edit["length_m"] else ""
        lines.append(
            Label(f"{mark} {word.zh} {named}{long}{why}", f"{mark} {word.en} {named}{long}{why}")
        )
    return lines


def _head(answer: dict[str, Any]) -> list[Label]:
    summary = answer["summary"]
    mean, passed = summary["mean"], summary["passed"]
    means = " → ".join("—" if mean[k] is None else f"{mean[k]:.3f}" for k in ("before", "after"))
    met = f"{passed['before']} → {passed['after']}"
    return [
        Label(
            f"平均 {means}（满分 {summary['total']}），达标 {met} 处；"
            f"变化 {summary['changed']} 处，不变 {answer['unchanged']} 处",
            f"Mean {means} of {summary['total']}, {met} sites meet the profile; "
            f"{summary['changed']} change, {answer['unchanged']} do not",
        )
    ]


def _site(site: dict[str, Any], language: str) -> str:
    score = site["score"]
    scores = "→".join("—" if score[k] is None else str(score[k]) for k in ("before", "after"))
    names = [
        sign + text_of(label_of(AmenityCategory(category)), language)
        for sign, key in (("−", "lost"), ("+", "gained"))
        for category in site[key]
    ]
    return (
        f"  {scores:>6}/{site['total']}  {site['name'] or site['id']}  {' '.join(names)}".rstrip()
    )


def _foot(answer: dict[str, Any]) -> list[Label]:
    lines = []
    if answer["ring"]:
        before, after = answer["ring"]["before"], answer["ring"]["after"]
        now = before["properties"]["area_m2"] / 1e6
        then = after["properties"]["area_m2"] / 1e6 if after else 0.0
        lines.append(
            Label(
                f"15分钟圈 {now:.3f} → {then:.3f} 平方公里"
                if answer["minutes"] == 15
                else f"步行圈 {now:.3f} → {then:.3f} 平方公里",
                f"Ring of {answer['minutes']:g} minutes: {now:.3f} → {then:.3f} km²",
            )
        )
    if answer["demo"]:
        lines.append(Label("演示数据", "Demonstration data"))
    return lines
