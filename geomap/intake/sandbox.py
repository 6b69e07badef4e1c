"""What the reader process may do: no network, no other program, no file but its own.

Called inside the reader process before a hostile file is touched. Limits on memory, time
and output are always set. On Linux, seccomp refuses sockets and new programs, and
Landlock hides every file beyond the work folder and the installed libraries; a kernel
without them leaves the limits, the copied file and the named drivers.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_RIGHTS = (1 << 2) | (1 << 3)
_ALL_RIGHTS_V1 = (1 << 13) - 1
_NET_RIGHTS = 0b11
_EACCES = 13
_ARCH = {
    # machine: (audit architecture, refused system calls)
    "x86_64": (0xC000003E, (41, 53, 56, 57, 58, 59, 101, 322, 425, 435)),
    "aarch64": (0xC00000B7, (198, 199, 220, 117, 221, 281, 425, 435)),
}
"""socket, socketpair, clone, fork, vfork, execve, ptrace, execveat, io_uring_setup, clone3."""


def limit_resources(*, memory: int, seconds: int, output: int) -> None:
    """Set hard limits on address space, processor time and the size of files written."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ):
        hard = resource.getrlimit(what)[1]
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (wanted, wanted))


def confine(folder: Path, *, threads: bool = False) -> list[str]:
    """Shut the process in; return the names of the walls that stand.

    Parameters
    ----------
    folder
        The work folder, the only one it may write to.
    threads
        Whether the reader starts threads (pyosmium does): `clone` stays allowed.
    """
    if not sys.platform.startswith("linux"):
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return []
    walls = []
    with suppress(OSError):
        _landlock(libc, folder)
        walls.append("landlock")
    with suppress(OSError):
        _seccomp(libc, threads)
        walls.append("seccomp")
    return walls


def _library_folders() -> list[str]:
    """Return where modules, data of libraries and shared objects are read from."""
    paths = sysconfig.get_paths()
    found = [sys.prefix, paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"]]
    found += ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo", "/proc/self"]
    found += ["/dev/null", "/dev/urandom", str(Path(__file__).resolve().parents[1])]
    return [path for path in dict.fromkeys(found) if Path(path).exists()]


def _call(libc: ctypes.CDLL, number: int, *args: object) -> int:
    result = int(libc.syscall(number, *args))
    if result < 0:
        raise OSError(ctypes.get_errno(), "system call refused")
    return result


def _landlock(libc: ctypes.CDLL, folder: Path) -> None:
    version = _call(libc, _CREATE_RULESET, None, 0, 1)
    rights = _ALL_RIGHTS_V1
    rights |= (1 << 13) if version >= 2 else 0
    rights |= (1 << 14) if version >= 3 else 0
    attributes = (
        struct.pack("QQ", rights, _NET_RIGHTS) if version >= 4 else struct.pack("Q", rights)
    )
    ruleset = _call(libc, _CREATE_RULESET, attributes, len(attributes), 0)
    try:
        _allow(libc, ruleset, _library_folders(), _READ_RIGHTS)
        _allow(libc, ruleset, [str(folder)], rights & ~1)
        _call(libc, _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, paths: Iterable[str], rights: int) -> None:
    for path in paths:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            allowed = rights if Path(path).is_dir() else rights & (1 << 2)
            _call(libc, _ADD_RULE, ruleset, 1, struct.pack("=Qi", allowed, handle), 0)
        finally:
            os.close(handle)


def _seccomp(libc: ctypes.CDLL, threads: bool) -> None:
    machine = platform.machine()
    if machine not in _ARCH:
        raise OSError(f"no filter for {machine}")
    architecture, refused = _ARCH[machine]
    if threads:
        refused = tuple(n for n in refused if n not in (56, 220, 435))
    program = _program(architecture, refused)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    if libc.prctl(_SET_SECCOMP, _FILTER_MODE, header, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp refused")


def _program(architecture: int, refused: Sequence[int]) -> bytes:
    """Return the BPF program: allow all but the refused calls, which get EACCES."""
    load, equal, give = 0x20, 0x15, 0x06
    allow, deny = 0x7FFF0000, 0x00050000 | _EACCES
    steps = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, deny), (load, 0, 0, 0)]
    count = len(refused)
    steps += [(equal, count - i, 0, number) for i, number in enumerate(refused)]
    steps += [(give, 0, 0, allow), (give, 0, 0, deny)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
