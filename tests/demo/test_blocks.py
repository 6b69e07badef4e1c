import numpy as np
import pytest
import shapely

from geomap.demo.blocks import Block, Cutter, wanted_area_m2
from geomap.demo.net import Line, Net
from geomap.demo.places import Raster

SIDE_M = 700.0


def make_block(net: Net, x: float = 0.0) -> Block:
    """A square whose sides are main streets."""
    corners = [(x, 0.0), (x + SIDE_M, 0.0), (x + SIDE_M, SIDE_M), (x, SIDE_M)]
    nodes = [net.add_node(*corner) for corner in corners]
    sides = []
    for i, node in enumerate(nodes):
        line = Line(node, nodes[(i + 1) % 4], 4, net.new_street())
        sides.append((node, net.add_line(line), 0.0, 1.0))
    return Block(sides, (1.0, 0.0), 0.9)


def shape_of(net: Net, block: Block) -> shapely.Polygon:
    return shapely.Polygon([(net.x[s[0]], net.y[s[0]]) for s in block.sides])


@pytest.fixture
def even() -> Raster:
    """A city equally dense everywhere."""
    return Raster(-500.0, -500.0, np.full((12, 12), 0.9))


def cut_all(net: Net, blocks: list[Block], density: Raster) -> list[Block]:
    cutter = Cutter(net, density, np.random.default_rng(3))
    return [leaf for block in blocks for leaf in cutter.cut(block)]


def test_the_cuts_cover_the_block_without_overlap(even: Raster) -> None:
    net = Net()
    shapes = [shape_of(net, leaf) for leaf in cut_all(net, [make_block(net)], even)]
    assert all(shape.is_valid for shape in shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(SIDE_M**2, rel=1e-4)
    assert shapely.union_all(shapes).area == pytest.approx(SIDE_M**2, rel=1e-4)


def test_blocks_get_as_small_as_the_place_is_dense(even: Raster) -> None:
    net = Net()
    areas = [shape_of(net, leaf).area for leaf in cut_all(net, [make_block(net)], even)]
    assert max(areas) < 2.2 * wanted_area_m2(0.9)
    assert len(areas) > 15


def test_every_cut_meets_a_street_at_both_ends(even: Raster) -> None:
    net = Net()
    cut_all(net, [make_block(net)], even)
    degree: dict[int, int] = {}
    for line in net.lines:
        nodes = line.nodes()
        for k, node in enumerate(nodes):
            degree[node] = degree.get(node, 0) + (1 if k in (0, len(nodes) - 1) else 2)
    assert min(degree.values()) >= 2


def test_nodes_of_a_line_are_in_order_along_it(even: Raster) -> None:
    net = Net()
    cut_all(net, [make_block(net)], even)
    for line in net.lines:
        assert [t for t, _ in line.met] == sorted(t for t, _ in line.met)
        shape = shapely.LineString([(net.x[n], net.y[n]) for n in line.nodes()])
        straight = np.hypot(net.x[line.b] - net.x[line.a], net.y[line.b] - net.y[line.a])
        assert shape.length == pytest.approx(straight, abs=0.1)


def test_a_line_is_met_at_a_known_node_nearby() -> None:
    net = Net()
    a, b = net.add_node(0.0, 0.0), net.add_node(100.0, 0.0)
    line = net.add_line(Line(a, b, 5, net.new_street()))
    first = net.meet(line, 0.5, 0.0, 1.0, 10.0)
    assert net.meet(line, 0.55, 0.0, 1.0, 10.0) == first
    assert net.meet(line, 0.55, 0.52, 1.0, 10.0) != first
    assert net.lines[line].nodes()[0] == a and len(net.lines[line].nodes()) == 4
