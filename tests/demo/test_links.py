import numpy as np
import pytest
from scipy.sparse import csr_array

from geomap.demo.links import choose_links, find_links


def make_graph(edges: list[tuple[int, int, float]], count: int) -> csr_array:
    a, b, cost = (np.array(column) for column in zip(*edges, strict=True))
    both = (np.concatenate([a, b]), np.concatenate([b, a]))
    return csr_array((np.concatenate([cost, cost]).astype(float), both), shape=(count, count))


def test_neighbours_over_a_path() -> None:
    # 0 - 1 - 2 - 3 - 4, with sources at both ends and in the middle
    graph = make_graph([(0, 1, 1.0), (1, 2, 1.0), (2, 3, 2.0), (3, 4, 1.0)], 5)
    links = find_links(graph, [0, 2, 4])
    assert {(link.first, link.second): link.cost for link in links} == {(0, 1): 2.0, (1, 2): 3.0}
    assert sorted(links[0].path) == [0, 1, 2]


def test_the_path_is_the_cheapest() -> None:
    graph = make_graph([(0, 1, 5.0), (0, 2, 1.0), (2, 1, 1.0)], 3)
    (link,) = find_links(graph, [0, 1])
    assert link.cost == pytest.approx(2.0)
    assert link.path in ([0, 2, 1], [1, 2, 0])


def test_parts_that_do_not_touch_have_no_link() -> None:
    graph = make_graph([(0, 1, 1.0), (2, 3, 1.0)], 4)
    assert find_links(graph, [0, 2]) == []


def test_chosen_links_tie_all_together() -> None:
    square = [(0, 1, 1.0), (1, 2, 2.0), (2, 3, 3.0), (3, 0, 4.0)]
    links = find_links(make_graph(square, 4), [0, 1, 2, 3])
    assert len(choose_links(links, 4, spare=0)) == 3
    assert len(choose_links(links, 4, spare=4)) == 4
