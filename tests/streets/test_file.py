"""The saved network: the same again, or a clear refusal."""

from __future__ import annotations

import json

import numpy as np
import pytest

from geomap.domain.errors import NotReadyError
from geomap.streets import file as network_file
from geomap.streets.file import open_network, remove_network, save_network
from geomap.streets.graph import ARRAY_FIELDS
from geomap.streets.walk import walk
from tests.streets.drawn import block, network_of, start_at


@pytest.fixture
def network():
    return network_of(*block(6))


def test_a_network_comes_back_as_it_was(network, tmp_path):
    path = save_network(network, tmp_path / "data" / "network")
    opened = open_network(path)
    assert (opened.crs, opened.version) == (network.crs, network.version)
    for name in ARRAY_FIELDS:
        before, after = getattr(network, name), getattr(opened, name)
        assert before.dtype == after.dtype, name
        assert np.array_equal(before, after), name
        assert not after.flags.writeable
    assert path.is_file()
    assert [p.name for p in path.parent.iterdir()] == ["network"]


def test_an_opened_network_walks(network, tmp_path):
    opened = open_network(save_network(network, tmp_path / "network"))
    one, two = (walk(n, start_at(n, 250, 30), 400) for n in (network, opened))
    assert np.array_equal(one.walk_m, two.walk_m)


def test_a_new_network_takes_the_place_of_the_old(network, tmp_path):
    path = save_network(network, tmp_path / "network")
    old = open_network(path)
    other = network_of(*block(4))
    save_network(other, path)
    assert open_network(path).version == other.version
    assert int(old.arc_node.max()) == network.node_count - 1  # still mapped


def test_a_folder_of_an_earlier_format_is_replaced(network, tmp_path):
    path = tmp_path / "network"
    path.mkdir()
    (path / "meta.json").write_text("{}")
    with pytest.raises(NotReadyError):
        open_network(path)
    save_network(network, path)
    assert open_network(path).version == network.version


def test_nothing_is_left_behind_when_writing_fails(network, tmp_path, monkeypatch):
    path = save_network(network, tmp_path / "network")
    monkeypatch.setattr(network_file, "_write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_network(network_of(*block(4)), path)
    assert [p.name for p in tmp_path.iterdir()] == ["network"]
    assert open_network(path).version == network.version


def test_a_missing_network_says_what_to_run(tmp_path):
    with pytest.raises(NotReadyError) as error:
        open_network(tmp_path / "network")
    assert "geomap import streets" in error.value.fix.en


@pytest.mark.parametrize("kept", [0, 1, 7, 100, 2000, -1])
def test_a_file_cut_short_is_refused(network, tmp_path, kept):
    path = save_network(network, tmp_path / "network")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(NotReadyError):
        open_network(path)


@pytest.mark.parametrize("junk", [b"", b"\x00" * 5000, b"{}" * 900, b"GEOMAPNW" + b"\xff" * 900])
def test_a_file_of_something_else_is_refused(tmp_path, junk):
    path = tmp_path / "network"
    path.write_bytes(junk)
    with pytest.raises(NotReadyError):
        open_network(path)


def _rewrite(path, change):
    """Change the header of a saved network without changing its length."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[8:16], "little")
    header = json.loads(raw[16 : 16 + size])
    change(header)
    text = json.dumps(header).encode()
    assert len(text) <= size
    path.write_bytes(raw[:16] + text.ljust(size) + raw[16 + size :])


def _drop(header):
    header["arrays"].pop("edge_m")


def _format(header):
    header["format"] = 0


def _shape(header):
    header["arrays"]["arc_m"]["shape"] = [3]


def _far(header):
    header["arrays"]["arc_m"]["at"] = 10**6


def _dtype(header):
    header["arrays"]["arc_m"]["dtype"] = "O"


def _list(header):
    header["arrays"] = []


@pytest.mark.parametrize("change", [_drop, _format, _shape, _far, _dtype, _list])
def test_a_header_that_does_not_fit_is_refused(network, tmp_path, change):
    path = save_network(network, tmp_path / "network")
    _rewrite(path, change)
    with pytest.raises(NotReadyError):
        open_network(path)


@pytest.mark.parametrize("name", ["arc_node", "arc_at", "edge_u", "arc_edge", "geom_at"])
def test_indexes_that_point_outside_are_refused(network, tmp_path, name):
    """A kernel would read foreign memory."""
    path = save_network(network, tmp_path / "network")
    raw = path.read_bytes()
    size = int.from_bytes(raw[8:16], "little")
    at = json.loads(raw[16 : 16 + size])["arrays"][name]["at"]
    path.write_bytes(raw[: at + 8] + b"\xff\xff\xff\x7f" * 2 + raw[at + 16 :])
    with pytest.raises(NotReadyError):
        open_network(path)


def test_a_network_can_be_removed(network, tmp_path):
    path = save_network(network, tmp_path / "network")
    remove_network(path)
    assert not path.exists()
    remove_network(path)
    path.mkdir()
    remove_network(path)
    assert not path.exists()


def test_large_arcs_are_copied_from_the_file(network, tmp_path, monkeypatch):
    path = save_network(network, tmp_path / "network")
    mapped = open_network(path)
    monkeypatch.setattr(network_file, "LARGE_BYTES", 0)
    copied = open_network(path)
    for name in ("arc_at", "arc_node", "arc_m"):
        assert getattr(copied, name).base is None
        assert getattr(mapped, name).base is not None
        assert not getattr(copied, name).flags.writeable
        assert getattr(copied, name).tolist() == getattr(network, name).tolist()
