"""Vector tiles of the layers: built once a catalog, encoded once a tile, compressed once.

Encoded tiles are kept in memory by each worker and in a folder that all workers share,
named by the catalog's stamp; a folder of another stamp is removed. Only tiles with
something in them are written, and only up to each layer's deepest zoom, so that the
folder is bounded by the ground that the data covers.
"""

from __future__ import annotations

import gzip
import os
import shutil
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from geomap.web.context import AppContext
from geomap.web.respond import tag_of
from layers.spec import LayerSpec
from layers.tiles import TileSource, build_source

MEMORY_BYTES = 24_000_000
Address = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """One encoded tile, gzipped; `packed` is empty where nothing lies in it."""

    packed: bytes
    tag: str

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        return not self.packed


class TileMemory:
    """Tiles of one catalog by address, the least recently asked for dropped first."""

    def __init__(self, stamp: str, most: int = MEMORY_BYTES) -> None:
        self.stamp, self._most, self._size = stamp, most, 0
        self._lock = threading.Lock()
        self._tiles: OrderedDict[Address, Tile] = OrderedDict()

    def find(self, address: Address) -> Tile | None:
        """Return a tile that is kept."""
        with self._lock:
            tile = self._tiles.get(address)
            if tile is not None:
                self._tiles.move_to_end(address)
            return tile

    def keep(self, address: Address, tile: Tile) -> None:
        """Keep a tile, and drop old ones beyond the limit."""
        with self._lock:
            if address in self._tiles:
                return
            self._tiles[address] = tile
            self._size += len(tile.packed) + 200
            while self._size > self._most and len(self._tiles) > 1:
                self._size -= len(self._tiles.popitem(last=False)[1].packed) + 200


class Tiles:
    """The tiles of an application."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._memory = TileMemory("")
        self._lock = threading.Lock()

    def find(self, catalog: Catalog, spec: LayerSpec, z: int, x: int, y: int) -> Tile:
        """Return a tile of a layer.

        Raises
        ------
        NotFoundError
            The grid has no such tile, or the layer none so deep.
        """
        require_tile(spec, z, x, y)
        memory, address = self.memory_of(catalog), (spec.id, z, x, y)
        tile = memory.find(address)
        if tile is None:
            tile = self._load(catalog, spec, address)
            memory.keep(address, tile)
        return tile

    def memory_of(self, catalog: Catalog) -> TileMemory:
        """Return the memory of a catalog; that of another is forgotten."""
        if self._memory.stamp != catalog.stamp:
            with self._lock:
                if self._memory.stamp != catalog.stamp:
                    _remove_others(self._context.tiles_dir, catalog.stamp)
                    self._memory = TileMemory(catalog.stamp)
        return self._memory

    def _load(self, catalog: Catalog, spec: LayerSpec, address: Address) -> Tile:
        _, z, x, y = address
        file = self._context.tiles_dir / catalog.stamp / spec.id / str(z) / str(x) / f"{y}.mvt.gz"
        try:
            packed = file.read_bytes()
        except OSError:
            packed = self._encode(catalog, spec, z, x, y)
            if packed:
                _write(file, packed)
        return Tile(packed, tag_of(packed))

    def _encode(self, catalog: Catalog, spec: LayerSpec, z: int, x: int, y: int) -> bytes:
        source = self.source_of(catalog, spec)
        content = source.encode(z, x, y)
        return gzip.compress(content, 6, mtime=0) if content else b""

    def source_of(self, catalog: Catalog, spec: LayerSpec) -> TileSource:
        """Return a layer's columns, ready to be cut into tiles."""
        return self._context.kept.get(
            f"tiles {spec.id}", (catalog,), lambda: build_source(spec, catalog)
        )


def require_tile(spec: LayerSpec, z: int, x: int, y: int) -> None:
    """Refuse a tile outside the grid or deeper than the layer is cut."""
    deepest = spec.tile_max_zoom
    if 0 <= z <= deepest and 0 <= x < 2**z and 0 <= y < 2**z:
        return
    raise NotFoundError(
        Label(f"没有瓦片 {z}/{y}/{x}", f"There is no tile {z}/{y}/{x}"),
        fix=Label(f"缩放 0 到 {deepest}，行列 0 到 2^z-1", f"Zooms 0 to {deepest}, rows below 2^z"),
        field="tile",
    )


def _write(file: Path, content: bytes) -> None:
    """Write whole or not at all; a full disk costs speed, not the answer."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(file)


def _remove_others(folder: Path, stamp: str) -> None:
    with suppress(OSError):
        for other in folder.iterdir():
            if other.name != stamp:
                shutil.rmtree(other, ignore_errors=True)
