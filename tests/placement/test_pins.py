"""Pins that cannot be are refused, naming the pin, the rule and a way out."""

from __future__ import annotations

import pytest

from geomap.domain.demand import Requires
from geomap.domain.errors import InputError
from geomap.domain.placement import ChainPosition, Forbid, Pin, Policy
from geomap.domain.words import Platform, UnitKind, UnitStatus
from geomap.placement.book import build_book
from geomap.placement.pins import check_pins
from geomap.placement.place import place
from tests.placement.market import project, town, unit

ASKED = [project("p", requires=Requires(clear_height_m=8.0)), project("q")]
PINS = {
    "no project": ([Pin("x", ("high",))], "policy.pins.0.project_id", "没有项目 x"),
    "no unit": ([Pin("p", ("high", "nix"))], "policy.pins.0.unit_ids.1", "没有单元 nix"),
    "no units": ([Pin("p", ())], "policy.pins.0.unit_ids", "锁定要写明单元，每个一次"),
    "unit twice": ([Pin("p", ("high", "high"))], "policy.pins.0.unit_ids", "每个一次"),
    "project twice": (
        [Pin("q", ("high",)), Pin("q", ("low",))], "policy.pins.1", "项目 q 锁定了两次"
    ),
    "unit of two": (
        [Pin("q", ("high",)), Pin("p", ("high",))], "policy.pins.1", "已锁定给项目 q"
    ),
    "leased": ([Pin("p", ("gone",))], "policy.pins.0", "现在没有空置"),
    "held": ([Pin("q", ("held",))], "policy.pins.0", "现在没有空置"),
    "reserved": ([Pin("q", ("kept",))], "policy.pins.0", "已预留"),
    "rule": ([Pin("q", ("high",)), Pin("p", ("low",))], "policy.pins.1", "净高不够或未注明"),
    "forbidden unit": ([Pin("q", ("barred",))], "policy.pins.0", "policy.forbids.0"),
    "forbidden site": ([Pin("q", ("far",))], "policy.pins.0", "policy.forbids.1"),
    "apart": ([Pin("q", ("high", "far"))], "policy.pins.0.unit_ids", "不在同一层相邻"),
    "not combined": ([Pin("q", ("high", "kept"))], "policy.pins.0.unit_ids", "没有同意相邻"),
}  # fmt: skip


def market():
    return town(
        unit("high", "gao", clear_height_m=9.0),
        unit("kept", "gao", clear_height_m=9.0),
        unit("low", "gao", floor=2, clear_height_m=3.0),
        unit("gone", "gao", floor=3, clear_height_m=9.0, status=UnitStatus.LEASED),
        unit("held", "gao", floor=4, status=UnitStatus.HELD),
        unit("barred", "cha"),
        unit("far", "rui", clear_height_m=9.0),
    )


@pytest.mark.parametrize("case", PINS)
def test_a_pin_that_cannot_be_is_refused(case: str) -> None:
    pins, field, words = PINS[case]
    policy = Policy(
        pins=tuple(pins),
        reserved=("kept",) if case == "reserved" else (),
        forbids=(Forbid("q", unit_id="barred"), Forbid("q", site_id="rui")),
    )
    if case == "apart":
        policy = Policy(pins=tuple(pins))
    with pytest.raises(InputError) as caught:
        place(market(), ASKED, policy)
    assert caught.value.field == field
    assert words in caught.value.reason.zh
    assert caught.value.fix is not None and caught.value.reason.en


def test_an_area_or_a_budget_that_a_pin_breaks_is_named() -> None:
    ready = town(unit("a1", "gao", 100.0), unit("a2", "gao", 400.0, rent_cny_m2_month=30.0))
    small = project("p", area_max_m2=50.0)
    poor = project("q", budget_max_cny_month=5_000.0)
    for at, words in (("p", "面积不合"), ("q", "月租总价超过预算")):
        with pytest.raises(InputError, match="does not do") as caught:
            place(ready, [small, poor], Policy(pins=(Pin(at, ("a2",)),)))
        assert words in caught.value.reason.zh


def test_pins_share_desks_until_there_are_none() -> None:
    room = unit("room", "gao", 60.0, kind=UnitKind.OPEN_DESK, desks=10)
    asked = [project(name, headcount=4) for name in "abc"]
    two = Policy(pins=(Pin("a", ("room",)), Pin("b", ("room",))))
    assert [one.project_id for one in place(town(room), asked, two).placed] == ["a", "b"]
    three = Policy(pins=(*two.pins, Pin("c", ("room",))))
    with pytest.raises(InputError) as caught:
        place(town(room), asked, three)
    assert caught.value.field == "policy.pins.2"


def test_a_pinned_run_may_be_another_than_the_shortest() -> None:
    ready = town(*(unit(f"a{i}", "gao", 100.0) for i in range(4)))
    asked = [project("p", area_min_m2=150.0, combine_adjacent=True)]
    pin = Pin("p", ("a3", "a1", "a2"))
    placed = place(ready, asked, Policy(pins=(pin,))).placed[0]
    assert [part.unit_id for part in placed.parts] == ["a1", "a2", "a3"]
    assert placed.pinned


def test_a_pin_is_worth_what_its_pair_is() -> None:
    ready = town(
        unit("hall", "gao", 900.0, divisible_min_m2=100.0),
        unit("soon", "rui", 150.0, status=UnitStatus.PIPELINE),
        sites={"gao": {"platforms": (Platform.TESTING,)}},
    )
    from tests.placement.market import TODAY

    asked = [
        project(
            "p", headcount=20, growth_headcount=90, chain_position=ChainPosition.UPSTREAM,
            priority=2, move_in=TODAY,
        )
    ]  # fmt: skip
    for name in ("hall", "soon"):
        policy = Policy(pins=(Pin("p", (name,)),))
        pinned = check_pins(ready, asked, policy)[0]
        book = build_book(ready, asked, Policy())
        pair = book.row.tolist().index(pinned.rows[0])
        assert abs(pinned.fit - book.fit[pair]) < 1e-9
        assert pinned.value == book.pairs.value[pair]
        assert pinned.way.area_m2 == book.area_m2[pair]


def test_a_pin_counts_among_a_few_pairs_too() -> None:
    ready = town(*(unit(f"a{i}", "gao", 100.0 + 40 * i, floor=i) for i in range(5)))
    asked = [project("p", area_min_m2=90.0, area_max_m2=110.0), project("q", headcount=12)]
    policy = Policy(pins=(Pin("q", ("a4",)),))
    placement = place(ready, asked, policy, most=1)
    assert {one.project_id: one.parts[0].unit_id for one in placement.placed} == {
        "p": "a0",
        "q": "a4",
    }
