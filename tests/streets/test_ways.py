"""Ways: what is refused, what is walked."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.domain.errors import InputError
from geomap.streets.graph import build_network
from geomap.streets.ways import StreetClass, Ways, empty_ways
from tests.streets.drawn import ways_of

CORNERS = {"a": (0, 0), "b": (100, 0), "c": (200, 0)}
LINE = [[120.7, 28.0], [120.8, 28.0]]


def ways(coords=LINE, offsets=(0, 2), ids=(1, 2), klass=(5,), name=("",), bridge=(False,)) -> Ways:
    return Ways(np.array(coords), np.array(offsets), np.array(ids), klass, name, bridge)


def test_types_are_brought_in_order():
    one = ways()
    assert len(one) == 1
    assert one.klass.dtype == np.int8
    assert one.way_of_vertex.tolist() == [0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"coords": [[120.7, 28.0], [np.nan, 28.0]]},
        {"coords": [[120.7, 28.0], [np.inf, 28.0]]},
        {"coords": [[120.7, 28.0], [180.5, 28.0]]},
        {"coords": [[120.7, 28.0], [120.7, 90.5]]},
        {"offsets": (0, 1)},
        {"offsets": (0, 1, 2), "klass": (5, 5), "name": ("", ""), "bridge": (False, False)},
        {"offsets": (1, 2)},
        {"offsets": ()},
        {"ids": (1, 2, 3)},
        {"klass": (99,)},
        {"klass": (-1,)},
        {"klass": (5, 5)},
        {"name": ()},
        {"bridge": ()},
    ],
)
def test_broken_columns_are_refused(wrong):
    with pytest.raises(InputError) as error:
        ways(**wrong)
    assert error.value.field == "streets"
    assert error.value.fix


def test_motorway_and_ferry_are_not_walked():
    classes = tuple(StreetClass)
    every = ways_of(CORNERS, ["ab"] * len(classes), klass=classes)
    walked = {classes[i] for i in np.flatnonzero(every.walkable)}
    assert set(classes) - walked == {StreetClass.MOTORWAY, StreetClass.FERRY}


def test_empty_ways_have_no_way_and_no_network():
    assert len(empty_ways()) == 0
    with pytest.raises(InputError):
        build_network(empty_ways())
