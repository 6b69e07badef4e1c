"""Figures of an allocation, counted by hand."""

from __future__ import annotations

import pytest

from geomap.domain.placement import SCALE, Policy
from geomap.domain.words import PlacementStep
from geomap.placement.fairness import size_of
from geomap.placement.place import place
from tests.placement.market import OUHAI, RUIAN, project, town, unit

MID = {"area_min_m2": 80.0, "area_max_m2": 120.0}


@pytest.mark.parametrize(
    ("heads", "size"),
    [(None, "unknown"), (0, "unknown"), (19, "small"), (20, "medium"), (59, "medium"),
     (60, "large")],
)  # fmt: skip
def test_size_is_by_headcount(heads: int | None, size: str) -> None:
    assert size_of(project("p", headcount=heads)) == size


def test_figures_are_those_of_the_places() -> None:
    ready = town(unit("a1", "gao"), unit("r1", "rui"), unit("r2", "rui", 110.0, floor=2))
    asked = [
        project("a", OUHAI, headcount=10, **MID),
        project("b", RUIAN, headcount=30, **MID),
        project("c", OUHAI, headcount=30, **MID),
        project("d", OUHAI, area_min_m2=900.0),
    ]
    placement = place(ready, asked, Policy())
    figures, fairness = placement.objective, placement.fairness
    assert (figures.placed, figures.projects, figures.local) == (3, 4, 2)
    assert figures.by_step == {
        PlacementStep.LOCAL: 2,
        PlacementStep.OTHER_COUNTY: 1,
        PlacementStep.STATE_OWNED_PARK: 0,
        PlacementStep.CUSTOM_BUILD: 0,
    }
    assert figures.area_m2 == 310.0
    assert figures.local_share == pytest.approx(2 / 3)
    assert figures.total == sum(one.value for one in placement.placed) == figures.bound
    scores = {one.project_id: one.score for one in placement.placed}
    assert figures.total_score == pytest.approx(sum(scores.values()))
    assert figures.mean_score == pytest.approx(sum(scores.values()) / 3)
    by_county = {share.key: share for share in fairness.by_county}
    ouhai = (scores["a"] + scores["c"]) / 2
    assert list(by_county) == [OUHAI, RUIAN]
    assert (by_county[OUHAI].projects, by_county[OUHAI].placed, by_county[OUHAI].local) == (3, 2, 1)
    assert by_county[OUHAI].mean_score == pytest.approx(ouhai)
    assert fairness.spread == pytest.approx(abs(ouhai - scores["b"]))
    sizes = {share.key: share.projects for share in fairness.by_size}
    assert sizes == {"small": 1, "medium": 2, "unknown": 1}


def test_the_worst_off_is_furthest_from_its_own_best() -> None:
    ready = town(unit("a1", "gao", 100.0), unit("a2", "gao", 80.0, floor=2))
    asked = [project("first", **MID), project("second", priority=1, **MID)]
    placement = place(ready, asked, Policy())
    worst, scores = placement.fairness.worst, {o.project_id: o.score for o in placement.placed}
    assert worst.project_id == "first"
    assert worst.score == scores["first"]
    assert worst.best_score == scores["second"]
    assert worst.regret == pytest.approx(scores["second"] - scores["first"])
    assert placement.baseline_fairness.worst.project_id == "second"
    assert placement.objective.total > placement.baseline.total
    assert placement.baseline.blocking_pairs == 1


def test_who_gets_nothing_regrets_all_of_it_and_who_could_not_nothing() -> None:
    ready = town(unit("a1", "gao"))
    asked = [project("none", **MID), project("first", priority=1, **MID)]
    placement = place(ready, asked, Policy())
    worst = placement.fairness.worst
    assert (worst.project_id, worst.score) == ("none", None)
    assert worst.regret == pytest.approx(worst.best_score)
    nobody = place(ready, [project("p", area_min_m2=900.0)], Policy())
    assert nobody.fairness.worst is None
    assert nobody.objective.mean_score is None and nobody.objective.local_share is None


def test_priority_multiplies_the_value() -> None:
    ready = town(unit("a1", "gao"))
    plain = place(ready, [project("p")], Policy()).placed[0]
    first = place(ready, [project("p", priority=1)], Policy()).placed[0]
    second = place(ready, [project("p", priority=2)], Policy()).placed[0]
    assert plain.value == round(SCALE * (1 + plain.score))
    assert first.value == round(SCALE * 1.5 * (1 + plain.score))
    assert second.value == round(SCALE * 1.25 * (1 + plain.score))


def test_kept_and_moved_are_counted_among_those_that_had_a_place() -> None:
    ready = town(unit("a1", "gao", 100.0), unit("a2", "gao", 82.0, floor=2))
    asked = [project("p", **MID), project("new", area_min_m2=500.0), project("q", **MID)]
    keep = {"p": ("a2",), "q": ("a1",)}
    both = place(ready, asked, Policy(keep=keep)).objective
    assert (both.kept, both.moved) == (2, 0)
    gone = place(ready, asked, Policy(keep=keep, reserved=("a1",))).objective
    assert gone.kept + gone.moved == 2 and gone.moved >= 1
