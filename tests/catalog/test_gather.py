"""Columns gathered some rows at a time."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.catalog import convert, gather
from geomap.catalog.columns import MISSING_DAY, TextColumn
from geomap.domain.words import UnitKind
from geomap.store import write
from geomap.store.engine import open_store
from geomap.store.read import iterate_columns, read_columns
from tests.store.samples import SITE, UNIT

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=8)


@given(TEXTS, TEXTS)
def test_texts_grow_into_the_same_column(first, second):
    grown = gather.Texts()
    grown.add(first)
    grown.add(second)
    column, whole = grown.column(), TextColumn.of(first + second)
    assert column.offsets.tolist() == whole.offsets.tolist()
    assert list(column) == [text or "" for text in first + second]


@given(st.lists(st.text(max_size=4), min_size=1, max_size=8), st.randoms())
def test_texts_in_another_order(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    column = gather.reorder_texts(TextColumn.of(texts), np.array(order, dtype=np.int64))
    assert list(column) == [texts[i] for i in order]


def test_texts_of_fewer_rows():
    column = gather.reorder_texts(TextColumn.of(["甲", "", "丙丙"]), np.array([2]))
    assert list(column) == ["丙丙"]


@pytest.mark.parametrize(
    ("take", "other", "values"),
    [
        (
            gather.days_by_text(),
            convert.to_days,
            [None, "2026-03-01", "2026-02-28 16:00:00.000000", "2026-02-28 15:59:59.999999"],
        ),
        (
            gather.days_by_text(),
            convert.to_days,
            [None, date(2026, 3, 1), datetime(2026, 2, 28, 16, tzinfo=UTC)],
        ),
        (gather.tri_values, convert.to_tri, [None, 0, 1, True, False]),
        (gather.whole_numbers, convert.to_ints, [None, 0, 7, -3]),
        (gather.numbers_as(np.float32), lambda v: convert.to_floats(v, np.float32), [None, 0.1, 7]),
        (
            gather.words_by(list(UnitKind)),
            lambda v: convert.to_codes(v, list(UnitKind)),
            ["lab", None, "castle", "open_desk", "lab"],
        ),
    ],
)
def test_values_as_at_once(take, other, values):
    whole = other(values)
    assert take(tuple(values)).dtype == whole.dtype
    assert np.array_equal(take(tuple(values)), whole, equal_nan=whole.dtype.kind == "f")
    assert take(()).shape == (0,)


def test_rows_of_ids():
    take = gather.rows_by({"a": 0, "b": 1})
    assert take(("b", "x", None, "a")).tolist() == [1, -1, -1, 0]


def test_chunks_are_all_rows_in_order(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'a.gpkg'}")
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
        write.add_units(tx, [dataclasses.replace(UNIT, id=f"u-{i}") for i in (3, 1, 2)])
    names = ("id", "floor", "verified_at")
    with store.reading() as session:
        whole = read_columns(session, "units", names)
        chunks = list(iterate_columns(session, "units", names, rows=2))
        grown = gather.gather(chunks, (None, gather.whole_numbers, gather.days_by_text()))
        none = gather.gather([], (None, gather.whole_numbers))
    store.close()
    assert [len(chunk[0]) for chunk in chunks] == [2, 1]
    assert [list(chunk[0]) for chunk in chunks] == [["u-3", "u-1"], ["u-2"]]
    assert list(grown[0]) == whole["id"]
    assert grown[1].tolist() == whole["floor"]
    assert grown[2].tolist() == convert.to_days(whole["verified_at"]).tolist()
    assert (grown[2] != MISSING_DAY).all()
    assert [len(column) for column in none] == [0, 0]


@given(st.lists(st.text(max_size=3), max_size=12), st.text(max_size=3))
def test_a_text_is_found_in_its_first_row(texts, other):
    column = TextColumn.of(texts)
    for text in {*texts, other}:
        assert column.find(text) == (texts.index(text) if text in texts else -1)


def test_texts_of_one_hash_are_told_apart(monkeypatch):
    same = lambda blob, offsets: np.zeros(len(offsets) - 1, dtype=np.uint64)  # noqa: E731
    monkeypatch.setattr("geomap.catalog.columns._hashes", same)
    column = TextColumn.of(["甲", "乙", "乙", "丙"])
    assert [column.find(text) for text in ("甲", "乙", "丙", "丁")] == [0, 1, 3, -1]
