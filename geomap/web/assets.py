"""Files of the page: versioned by path, compressed once, kept in memory.

ES modules import each other by relative paths, so the version stands in the path
(``/static/v/<version>/js/main.js``) and every module that a versioned one imports is
versioned too. A versioned address never changes its content and is cached for good; a
plain one is asked about again each time.
"""

from __future__ import annotations

import gzip
import importlib.resources
import os
import posixpath
import re
import threading
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import brotli
from flask import Response
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from geomap.web.respond import IMMUTABLE, NO_CACHE, accepts, bytes_answer, tag_of

MIMETYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
"""What is served; any other file in the folder is not (Python, type declarations)."""
_COMPRESSED = {".css", ".js", ".mjs", ".json", ".svg", ".txt"}
_LOOK_AGAIN_S = 1.0
_IMPORT = re.compile(r'^(?:import|export)\b[^;]*?["\'](\.[^"\']+\.js)["\'];', re.MULTILINE)
"""A static import of one of our modules; they stand at the head of a line."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory: its content by encoding, tag, type and what it was read from."""

    contents: dict[str, bytes]
    tag: str
    mimetype: str
    read_from: tuple[int, int]


class Assets:
    """The static folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(str(importlib.resources.files("geomap.static")))
        self._lock = threading.Lock()
        self._assets: dict[str, Asset] = {}
        self._version, self._looked = "", float("-inf")

    @property
    def version(self) -> str:
        """Hash over names, sizes and times of all files, looked at again each second."""
        if time.monotonic() - self._looked > _LOOK_AGAIN_S:
            digest = blake2b(digest_size=6)
            for path, stat in self._files():
                digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
            self._version, self._looked = digest.hexdigest(), time.monotonic()
        return self._version

    def _files(self) -> list[tuple[str, os.stat_result]]:
        found = []
        for parent, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                path = Path(parent) / name
                if path.suffix in MIMETYPES:
                    found.append((path.relative_to(self.folder).as_posix(), path.stat()))
        return sorted(found)

    def url(self, path: str) -> str:
        """Return the versioned address of a file."""
        return f"/static/v/{self.version}/{path}"

    def modules(self, *entries: str) -> list[str]:
        """Return the versioned addresses of modules and of all that they import, for preloading.

        What is fetched by ``import()`` when it is first needed is not among them.
        """
        found: dict[str, None] = dict.fromkeys(entries)
        waiting = list(entries)
        while waiting:
            here = waiting.pop()
            text = (self.folder / here).read_text(encoding="utf-8")
            for link in _IMPORT.findall(text):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(here), link))
                if path not in found:
                    found[path] = None
                    waiting.append(path)
        return [self.url(path) for path in found]

    def answer(self, path: str, version: str = "") -> Response:
        """Return a file, compressed as the client likes.

        Raises
        ------
        NotFound
            No such file, or not one that is served.
        """
        asset = self._asset(path)
        encoding = next((e for e in ("br", "gzip") if e in asset.contents and accepts(e)), "")
        cache = IMMUTABLE if version and version == self.version else NO_CACHE
        return bytes_answer(
            asset.contents[encoding],
            asset.mimetype,
            cache=cache,
            tag=asset.tag,
            encoding=encoding,
        )

    def _asset(self, path: str) -> Asset:
        joined = safe_join(str(self.folder), path)
        if joined is None or Path(path).suffix not in MIMETYPES or path.endswith("/"):
            raise NotFound
        file = Path(joined)
        try:
            stat = file.stat()
            if not file.is_file() or not file.resolve().is_relative_to(self.folder.resolve()):
                raise NotFound
        except (OSError, ValueError):
            raise NotFound from None
        read_from = (stat.st_mtime_ns, stat.st_size)
        asset = self._assets.get(path)
        if asset is None or asset.read_from != read_from:
            with self._lock:
                asset = self._assets.get(path)
                if asset is None or asset.read_from != read_from:
                    asset = self._assets[path] = _read(file, read_from)
        return asset


def _read(file: Path, read_from: tuple[int, int]) -> Asset:
    plain = file.read_bytes()
    contents = {"": plain}
    if file.suffix in _COMPRESSED and len(plain) > 500:
        contents["gzip"] = gzip.compress(plain, 6, mtime=0)
        contents["br"] = brotli.compress(plain, quality=5)
    return Asset(contents, tag_of(plain), MIMETYPES[file.suffix], read_from)
