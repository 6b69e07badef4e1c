"""The log of a project, on markets whose answer is known by thought."""

from __future__ import annotations

from geomap.domain.demand import Near, Requires
from geomap.domain.placement import Forbid, Listing, Outcome, Pin, PlacementMode, Policy
from geomap.domain.words import PlacementStep, UnitKind, UnitStatus
from geomap.placement.place import place
from tests.placement.market import OUHAI, RUIAN, YUEQING, project, town, unit

LOCAL, OTHER, PARK, BUILD = tuple(PlacementStep)
HALL = {"kind": UnitKind.WORKSHOP, "power_kw": 500.0}


def workshop(name: str, site: str, height: float, **more: object):
    return unit(name, site, 3000.0, **(HALL | {"clear_height_m": height} | more))


def wants_halls(name: str, home: str = OUHAI, **more: object):
    needs = Requires(clear_height_m=8.0, power_kw=400.0)
    kinds = (UnitKind.WORKSHOP,)
    return project(name, home, unit_kinds=kinds, requires=needs, area_min_m2=2500.0, **more)


def lines(placement, name: str):
    told = [one for one in (*placement.placed, *placement.unplaced) if one.project_id == name]
    return {line.step: line for line in told[0].tried}


def test_a_step_without_a_place_tells_what_refuses_its_units() -> None:
    ready = town(
        *(workshop(f"low{i}", "cha", 4.0) for i in range(5)),
        *(workshop(f"weak{i}", "gao", 9.0, power_kw=100.0) for i in range(2)),
        unit("desk", "gao", kind=UnitKind.OFFICE),
        workshop("gone", "gao", 9.0, status=UnitStatus.LEASED),
        workshop("r1", "rui", 9.0),
    )
    placement = place(ready, [wants_halls("p", current_site="cha")], Policy())
    found = lines(placement, "p")
    assert found[LOCAL].outcome is Outcome.NONE
    assert found[LOCAL].rejected == {"unit_kind": 1, "clear_height_m": 5, "power_kw": 2}
    assert found[LOCAL].reason.zh == "瓯海 7 处：净高不够或未注明 5 处、电力不够或未注明 2 处"
    assert found[OTHER].outcome is Outcome.PLACED
    assert found[OTHER].reason.zh.startswith("瑞安经开 0.") and "（选中）" in found[OTHER].reason.zh
    assert found[PARK].outcome is Outcome.NOT_TRIED
    assert found[PARK].reason.zh == "前一步已落，未试"
    assert placement.placed[0].reason.zh == "瓯海 7 处都不合，多因净高不够或未注明"
    assert placement.placed[0].reason.en == (
        "None of 7 in Ouhai fits, mostly: clear height too low or not stated"
    )


def test_what_all_units_lack_is_told_as_such() -> None:
    ready = town(
        *(workshop(f"low{i}", "cha", 4.0) for i in range(5)),
        unit("high", "gao", kind=UnitKind.OFFICE, clear_height_m=9.0),
        workshop("r1", "rui", 9.0),
    )
    reason = place(ready, [wants_halls("p")], Policy()).placed[0].reason
    assert reason.zh == "瓯海没有净高 ≥ 8 m 的空置厂房"
    assert reason.en == "No vacant workshop in Ouhai with clear height ≥ 8 m"


def test_a_project_that_wants_its_county_alone_is_told_of_that_alone() -> None:
    ready = town(workshop("low", "cha", 4.0), workshop("r1", "rui", 9.0), unit("r2", "rui"))
    told = place(ready, [wants_halls("p", counties=(OUHAI,))], Policy()).unplaced[0]
    assert told.reason.zh == "瓯海没有净高 ≥ 8 m 的空置厂房"
    assert told.tried[1].rejected == {"unit_kind": 1, "county": 1}
    none = place(ready, [wants_halls("p", counties=("330302",))], Policy()).unplaced[0]
    assert none.reason.zh == "项目要的县（市、区）没有合适的空置"


def test_of_another_site_what_is_still_free_is_named() -> None:
    ready = town(unit("a1", "gao"), unit("c1", "cha", 90.0), unit("r1", "rui"))
    mid = {"area_min_m2": 80.0, "area_max_m2": 120.0}
    asked = [project("p", **mid), project("q", priority=1, **mid)]
    placement = place(ready, asked, Policy())
    mine, other = (lines(placement, name)[LOCAL].reason.zh for name in "pq")
    assert mine.startswith("茶山 0.") and "（选中）、高新园 0." in mine
    assert mine.endswith("（已给别人）") and other.endswith("（已给别人）")
    alone = lines(place(ready, asked[:1], Policy()), "p")[LOCAL].reason.zh
    assert "已给别人" not in alone


def test_another_kind_and_no_vacancy_at_all_are_told_apart() -> None:
    ready = town(unit("o1", "gao"), workshop("r1", "rui", 9.0))
    here = place(ready, [wants_halls("p")], Policy())
    assert here.placed[0].reason.zh == "瓯海没有空置的厂房"
    away = place(ready, [wants_halls("p", YUEQING)], Policy())
    assert lines(away, "p")[LOCAL].reason.zh == "乐清没有空置"
    assert away.placed[0].reason.zh == "乐清没有空置"


def test_places_that_are_taken_name_who_holds_them() -> None:
    ready = town(unit("a1", "gao"), unit("a2", "cha"), unit("r1", "rui"))
    asked = [project("late"), project("A", priority=1), project("B", priority=2)]
    found = lines(place(ready, asked, Policy()), "late")
    assert found[LOCAL].outcome is Outcome.TAKEN
    assert found[LOCAL].candidates == 2
    assert sorted(found[LOCAL].taken_by) == ["A", "B"]
    assert found[LOCAL].reason.zh.startswith("2 处合适，都给了匹配更高的项目：")
    assert found[OTHER].outcome is Outcome.PLACED


def test_a_place_far_better_elsewhere_goes_over_the_margin() -> None:
    near = unit("a1", "gao", 100.0, rent_cny_m2_month=30.0)
    far = unit("r1", "rui", 100.0, rent_cny_m2_month=15.0)
    asked = [project("p", area_min_m2=80.0, area_max_m2=120.0, rent_max_cny_m2_month=30.0)]
    ready = town(near, far)
    free = place(ready, asked, Policy())
    found = lines(free, "p")
    gain = found[OTHER].best_score - found[LOCAL].best_score
    assert gain > 0.10
    assert found[LOCAL].outcome is Outcome.BETTER
    assert found[LOCAL].reason.zh == f"有 1 处合适，但跨县高出 {gain:.2f}，超过 0.10 的门槛"
    strict = Policy(margins={OTHER: 0.9, PARK: 0.9})
    held = lines(place(ready, asked, strict), "p")
    assert held[LOCAL].outcome is Outcome.PLACED
    assert held[OTHER].outcome is Outcome.WORSE
    assert "没有比本地高出 0.90" in held[OTHER].reason.zh


def test_a_margin_only_just_reached_is_not_exceeded() -> None:
    near = unit("a1", "gao", 100.0, rent_cny_m2_month=30.0)
    far = unit("r1", "rui", 100.0, rent_cny_m2_month=15.0)
    asked = [project("p", area_min_m2=80.0, area_max_m2=120.0, rent_max_cny_m2_month=30.0)]
    ready = town(near, far)
    found = lines(place(ready, asked, Policy()), "p")
    gain = found[OTHER].best_score - found[LOCAL].best_score
    for mode in PlacementMode:
        same = place(ready, asked, Policy(margins={OTHER: gain, PARK: gain}), mode=mode)
        assert same.placed[0].step is LOCAL


def test_steps_left_out_reserved_and_forbidden_units_are_told() -> None:
    ready = town(unit("a1", "gao"), unit("a2", "cha"), unit("r1", "rui"), unit("k1", "park"))
    policy = Policy(
        steps=(LOCAL, PARK, BUILD), reserved=("a1",), forbids=(Forbid("p", site_id="cha"),)
    )
    placement = place(ready, [project("p")], policy)
    found = lines(placement, "p")
    assert found[LOCAL].rejected == {"reserved": 1, "forbidden": 1}
    assert found[LOCAL].reason.zh == "瓯海 2 处：已预留 1 处、方案禁止 1 处"
    assert found[OTHER].outcome is Outcome.NOT_ALLOWED
    assert found[OTHER].candidates == 1
    assert found[PARK].outcome is Outcome.PLACED
    assert found[BUILD].outcome is Outcome.NOT_TRIED


def test_a_pinned_project_tries_nothing_else() -> None:
    ready = town(unit("a1", "gao"), unit("r1", "rui"))
    placement = place(ready, [project("p", current_site="gao")], Policy(pins=(Pin("p", ("r1",)),)))
    found = lines(placement, "p")
    assert found[LOCAL].outcome is Outcome.NOT_TRIED
    assert found[OTHER].outcome is Outcome.PLACED
    assert placement.placed[0].reason.zh.startswith("人工锁定，距原址 24.")
    assert placement.placed[0].reason.en.startswith("Pinned: 24.")


def test_reasons_of_local_places_tell_the_way() -> None:
    ready = town(unit("a1", "gao"), unit("a2", "cha"))
    stays = place(ready, [project("p", current_site="cha")], Policy()).placed[0]
    assert stays.parts[0].unit_id == "a2"
    assert stays.reason.zh.startswith("留在原址，匹配 0.")
    moves = place(ready, [project("p", current_site="cha")], Policy(reserved=("a2",))).placed[0]
    assert moves.reason.zh.startswith("距原址 9.7 km，匹配 0.")
    unknown = place(ready, [project("p", current_site="elsewhere")], Policy()).placed[0]
    assert unknown.reason.zh.startswith("在瓯海，匹配 0.")


def test_what_would_be_built_is_told_with_its_listing_or_without() -> None:
    ready = town(workshop("low", "cha", 4.0))
    land = Listing(
        id="l", name="东片", adcode=OUHAI, floor_area_m2=9000.0, industries=("pumps_valves",)
    )
    asked = [wants_halls("p", industry="pumps_valves")]
    built = place(ready, asked, Policy(), listings=[land]).placed[0]
    assert built.step is BUILD and built.build.listing == land
    assert built.build.needs.zh == "厂房，≥ 2,500 ㎡，净高 ≥ 8 m，电力 ≥ 400 kW"
    assert built.reason.zh == "各处没有净高 ≥ 8 m 的空置厂房；在东片定制 2,500 ㎡"
    other = [wants_halls("p", industry="footwear")]
    without = place(ready, other, Policy(), listings=[land]).unplaced[0]
    assert without.build.floor_area_m2 == 2500.0 and without.build.listing is None
    assert "没有一处还能建 2,500 ㎡" in without.tried[-1].reason.zh
    assert place(ready, asked, Policy()).unplaced[0].tried[-1].reason.zh == "没有登记土地或闲置厂房"
    office = [project("p", unit_kinds=(UnitKind.OFFICE,), area_min_m2=100.0)]
    told = place(ready, office, Policy(), listings=[land]).unplaced[0]
    assert told.build is None
    assert told.tried[-1].reason.zh == "工位和办公不定制厂房"


def test_an_unplaced_project_tells_the_nearest_way_out() -> None:
    ready = town(workshop("low", "cha", 7.0))
    told = place(ready, [wants_halls("p")], Policy()).unplaced[0]
    assert told.reason.zh == "各处没有净高 ≥ 8 m 的空置厂房"
    assert told.relaxations[0].patch["requires"]["clear_height_m"] <= 7.0


def test_a_place_to_be_near_needs_a_walk_and_is_told() -> None:
    import numpy as np

    ready = town(unit("a1", "gao"), unit("r1", "rui"))
    asked = [project("p", near=Near(lon=120.6, lat=28.0, minutes=15.0))]
    sites = ready.catalog.sites
    walk = np.full(len(sites), np.nan, dtype=np.float32)
    walk[sites.id.find("rui")] = 300.0
    placement = place(ready, asked, Policy(), walks={"p": walk})
    assert placement.placed[0].site_id == "rui"
    assert placement.placed[0].reason.zh == "瓯海没有步行 15 分钟内的空置"
    assert lines(placement, "p")[LOCAL].rejected == {"near": 1}
    assert place(ready, [project("p", RUIAN)], Policy()).placed[0].site_id == "rui"
