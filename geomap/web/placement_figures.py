"""Figures and fairness of a placement in plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.domain.placement import SCALE
from geomap.domain.regions import BY_ADCODE
from geomap.web import values as v

if TYPE_CHECKING:
    from geomap.placement.fairness import Fairness, Figures, Share, Worst
    from geomap.placement.result import Placement


def objective_json(placement: Placement, seconds: float) -> dict[str, Any]:
    """Return the figures of a placement, with those of first come, first served beside them."""
    mine = placement.objective
    return _figures(mine) | {
        "bound": None if mine.bound is None else mine.bound / SCALE,
        "gap": mine.gap,
        "proven": mine.proven,
        "kept": mine.kept,
        "moved": mine.moved,
        "pairs": mine.pairs,
        "dropped": mine.dropped,
        "seconds": round(seconds, 3),
        "baseline": _figures(placement.baseline),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "total": figures.total / SCALE,
        "total_score": _rounded(figures.total_score),
        "mean_score": _rounded(figures.mean_score),
        "placed": figures.placed,
        "projects": figures.projects,
        "local": figures.local,
        "local_share": _rounded(figures.local_share),
        "area_m2": v.number(figures.area_m2),
        "by_step": {str(step): count for step, count in figures.by_step.items()},
        "blocking_pairs": figures.blocking_pairs,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def fairness_json(placement: Placement, language: str) -> dict[str, Any]:
    """Return who gains, and how first come, first served would leave the worst off."""
    names = {project.id: project.demand.name for project in placement.book.projects}
    mine, other = placement.fairness, placement.baseline_fairness
    greedy = _worst(other, names)
    return {
        "by_county": [_county(share, language) for share in mine.by_county],
        "by_size": [{"size": share.key} | _share(share) for share in mine.by_size],
        "worst": _worst(mine, names),
        "spread": _rounded(mine.spread),
        "greedy": greedy and greedy | {"spread": _rounded(other.spread)},
    }


def _county(share: Share, language: str) -> dict[str, Any]:
    name = v.county_name(BY_ADCODE.get(share.key), language)
    return {"adcode": share.key, "name": name} | _share(share)


def _share(share: Share) -> dict[str, Any]:
    return {
        "projects": share.projects,
        "placed": share.placed,
        "local": share.local,
        "mean_score": _rounded(share.mean_score),
    }


def _worst(fairness: Fairness, names: dict[str, str]) -> dict[str, Any] | None:
    worst: Worst | None = fairness.worst
    if worst is None:
        return None
    return {
        "project_id": worst.project_id,
        "name": names[worst.project_id],
        "score": _rounded(worst.score),
        "best_score": _rounded(worst.best_score),
        "regret": _rounded(worst.regret),
    }
