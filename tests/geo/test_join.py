import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.geo import join
from geomap.geo.join import join_points

LEFT, RIGHT = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def test_inside_outside_and_nowhere() -> None:
    found = join_points([LEFT, RIGHT], [0.5, 1.5, 3.0, np.nan], [0.5, 0.5, 0.5, np.nan])
    assert found.tolist() == [0, 1, -1, -1]


def test_boundary_goes_to_the_lowest_index_every_time() -> None:
    assert join_points([LEFT, RIGHT], [1.0], [0.5]).tolist() == [0]
    assert join_points([RIGHT, LEFT], [1.0], [0.5]).tolist() == [0]
    many = join_points([LEFT, RIGHT], np.full(5000, 1.0), np.full(5000, 0.5))
    assert set(many.tolist()) == {0}


def test_no_polygons_and_no_points() -> None:
    assert join_points([], [1.0], [1.0]).tolist() == [-1]
    assert join_points([LEFT], [], []).tolist() == []


@given(st.integers(0, 2**32 - 1), st.sampled_from([5, 16, 64]))
def test_grid_agrees_with_testing_each_point(seed: int, cells: int) -> None:
    """Coarser grids than the real one, which takes most of a tenth of a second to make."""
    rng = np.random.default_rng(seed)
    hull = shapely.MultiPoint(rng.uniform(0, 2, (12, 2))).convex_hull
    polygons = [hull & LEFT, hull & RIGHT]
    x, y = rng.uniform(-0.2, 2.2, (2, 3000))
    slow = np.full(len(x), -1)
    for index in (1, 0):
        slow[shapely.intersects_xy(polygons[index], x, y)] = index
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(join, "_CELLS", cells)
        assert (join_points(polygons, x, y) == slow).all()
