"""Giving back memory that start-up needed and serving does not."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress
from pathlib import Path

_DONT_NEED = 4
"""MADV_DONTNEED of Linux."""
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc: else every thread keeps a heap of its own."""
_COMPILER = "libllvmlite"


def release_memory() -> None:
    """Give back what can be read again or is not used any more.

    The walks are compiled (or read from the cache) at the start; after that the compiler's
    50 MB of code are not run again. They are pages of a file, mapped read-only: given back,
    they come again from the file should anything ask for them. What the start left behind
    in Python's own tables is kept out of later collections.
    """
    gc.collect()
    gc.freeze()
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError, ValueError):
        system = ctypes.CDLL(None)
        system.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for start, end in _code_of_compiler():
            system.madvise(start, end - start, _DONT_NEED)
        system.mallopt(_ARENA_MAX, 2)
        system.malloc_trim(0)


def _code_of_compiler() -> list[tuple[int, int]]:
    """Return the address ranges of the compiler's code: executable, and never written."""
    ranges = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        parts = line.split()
        if len(parts) > 5 and parts[1] == "r-xp" and _COMPILER in parts[5]:
            start, end = (int(number, 16) for number in parts[0].split("-"))
            ranges.append((start, end))
    return ranges
