"""Kept placements: there and back, one version at a time, and gone when deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.store import placement_scenarios as ps
from geomap.store.adopt import adopt_placement
from geomap.store.changes import latest_seq
from geomap.store.engine import Store, open_store
from geomap.store.erase import empty_journal
from geomap.store.read import count
from geomap.store.release import release_placement
from geomap.store.scenarios import FullError
from tests.store.placements import MOMENT, fill, kept, solved, whole


@pytest.fixture(autouse=True)
def units(store: Store) -> None:
    fill(store)


def test_there_and_back(store: Store) -> None:
    seq = latest_seq(store)
    given = solved(store, [whole("p1", "lab")], summary={"total": 1.5}, stamp="s")
    saved = ps.add_placement(store, "一稿 <b>", "第一行\n第二行", given, by="林招商")
    assert ps.get_placement(store, saved.id) == saved
    assert ps.list_placements(store) == [saved]
    assert ps.read_texts(store, saved.id) == (given.request, given.result)
    assert (saved.name, saved.note, saved.mode) == ("一稿 <b>", "第一行\n第二行", "optimal")
    assert (saved.state, saved.version, saved.summary) == ("draft", 1, {"total": 1.5})
    assert (saved.created_by, saved.updated_by, saved.adopted_by) == ("林招商", "林招商", "")
    assert (saved.solved_seq, saved.solved_stamp, saved.solved_at) == (seq, "s", MOMENT)
    with store.reading() as session:
        assert ps.read_parts(session, saved.id) == (given.parts, given.units)
    assert latest_seq(store) == seq, "the record does not notice"


def test_the_one_changed_last_comes_first(store: Store) -> None:
    first, second = kept(store, whole("p1", "lab")), kept(store, whole("p1", "lab"))
    assert [p.id for p in ps.list_placements(store)] == [second.id, first.id]
    ps.change_placement(store, first.id, version=1, by="陈", name="新名")
    assert [p.id for p in ps.list_placements(store)] == [first.id, second.id]


def test_a_change_needs_the_newest_version(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"))
    changed = ps.change_placement(store, saved.id, version=1, by="陈", name="新名")
    assert (changed.name, changed.note, changed.version) == ("新名", "", 2)
    assert (changed.created_by, changed.updated_by) == ("林", "陈")
    with pytest.raises(ps.StalePlacementError) as error:
        ps.change_placement(store, saved.id, version=1, by="林", note="x")
    assert error.value.newest == changed and error.value.status == 409
    again = solved(store, [whole("p2", "office")], mode="stable")
    anew = ps.change_placement(store, saved.id, version=2, by="陈", solved=again)
    assert (anew.mode, anew.name, anew.version) == ("stable", "新名", 3)
    assert ps.read_texts(store, saved.id)[1] == again.result


def test_an_adopted_one_is_renamed_only(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"))
    adopt_placement(store, saved.id, version=1, by="林")
    anew = solved(store, [whole("p1", "office")])
    with pytest.raises(ConflictError) as error:
        ps.change_placement(store, saved.id, version=2, by="林", solved=anew)
    assert error.value.field == "state"
    with pytest.raises(ConflictError):
        ps.delete_placement(store, saved.id)
    assert ps.change_placement(store, saved.id, version=2, by="林", note="好").state == "adopted"
    release_placement(store, saved.id, version=3, by="林")
    draft = ps.change_placement(store, saved.id, version=4, by="林", solved=anew)
    assert draft.state == "draft"
    adopt_placement(store, saved.id, version=5, by="林")


def test_deleted_is_gone(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"))
    ps.delete_placement(store, saved.id)
    assert ps.list_placements(store) == []
    for use in (ps.get_placement, ps.read_texts, ps.delete_placement):
        with pytest.raises(NotFoundError):
            use(store, saved.id)


@pytest.mark.parametrize("name", ["", "a\0b", "no such", "x" * 65, "甲%"])
def test_what_is_no_id_is_not_there(store: Store, name: str) -> None:
    for use in (ps.get_placement, ps.read_texts, ps.delete_placement):
        with pytest.raises(NotFoundError):
            use(store, name)
    with pytest.raises(NotFoundError):
        adopt_placement(store, name, version=1, by="林")


def test_limits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ps, "MOST_KEPT", 2)
    monkeypatch.setattr(ps, "MOST_REQUEST_BYTES", 2_000)
    saved = kept(store, whole("p1", "lab"))
    large = solved(store, [], request={"projects": ["项" * 700]})
    with pytest.raises(InputError) as error:
        ps.add_placement(store, "n", "", large, by="林")
    assert error.value.field == "request"
    with pytest.raises(InputError):
        ps.change_placement(store, saved.id, version=1, by="林", solved=large)
    kept(store, whole("p1", "lab"))
    with pytest.raises(FullError):
        kept(store, whole("p1", "lab"))
    assert count(store, "placement_scenarios") == 2


def test_of_a_deleted_one_no_byte_is_left(tmp_path: Path) -> None:
    path = tmp_path / "own.gpkg"
    store = open_store(f"sqlite:///{path}")
    fill(store)
    names = [f"独一无二企业{i:03d}" for i in range(300)]
    given = solved(store, [], request={"projects": names}, result={"placements": names})
    saved = ps.add_placement(store, "名字", "", given, by="林")
    changed = solved(store, [], request={"projects": names[:1]})
    ps.change_placement(store, saved.id, version=1, by="林", solved=changed)
    assert empty_journal(store)
    assert names[7].encode() not in path.read_bytes()
    assert names[0].encode() in path.read_bytes(), "else this test tells nothing"
    ps.delete_placement(store, saved.id)
    assert empty_journal(store)
    store.close()
    assert "独一无二企业".encode() not in path.read_bytes()
