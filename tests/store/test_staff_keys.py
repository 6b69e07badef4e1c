"""Keys of staff: shown once, kept as a hash, one a name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.store import staff_keys
from geomap.store.changes import latest_seq
from geomap.store.engine import Store
from geomap.store.models import TABLES
from geomap.store.staff_keys import add_staff, find_staff_of, list_staff, revoke_staff

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def test_a_key_finds_its_owner(store: Store) -> None:
    first, key = add_staff(store, " 林招商 ", now=NOW)
    second, other = add_staff(store, "Chen", now=NOW)
    assert key.startswith("gms_") and len(key) > 40 and key != other
    assert (first.name, first.role, first.created_at) == ("林招商", "promotion", NOW)
    assert find_staff_of(store, key) == first and find_staff_of(store, other) == second
    assert list_staff(store) == [first, second]
    for text in ("", "gms_", key[:-1], key + "x", key.upper(), first.id):
        assert find_staff_of(store, text) is None


def test_of_a_key_only_the_hash_is_kept(store: Store) -> None:
    _, key = add_staff(store, "a", now=NOW)
    with store.reading() as session:
        row = session.execute(select(TABLES["staff_keys"])).mappings().one()
    assert key not in str(dict(row)) and key[4:] not in str(dict(row))
    assert latest_seq(store) == 0, "the record does not notice"


def test_one_key_a_name(store: Store) -> None:
    _, key = add_staff(store, "a", now=NOW)
    with pytest.raises(ConflictError) as error:
        add_staff(store, "a ", now=NOW)
    assert error.value.field == "name" and error.value.fix
    assert find_staff_of(store, key) is not None


def test_an_ended_key_is_no_ones(store: Store) -> None:
    _, key = add_staff(store, "a", now=NOW)
    _, other = add_staff(store, "b", now=NOW)
    revoke_staff(store, "a")
    assert find_staff_of(store, key) is None and find_staff_of(store, other) is not None
    with pytest.raises(NotFoundError):
        revoke_staff(store, "a")
    _, anew = add_staff(store, "a", now=NOW)
    assert anew != key and find_staff_of(store, key) is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\nb", "a\0b", "\u202eabc"])
def test_what_is_no_name(store: Store, name: str) -> None:
    with pytest.raises(InputError) as error:
        add_staff(store, name, now=NOW)
    assert error.value.field == "name"


def test_only_so_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_keys, "MOST_KEYS", 1)
    add_staff(store, "a", now=NOW)
    with pytest.raises(InputError):
        add_staff(store, "b", now=NOW)
