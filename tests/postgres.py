"""A PostgreSQL with PostGIS of the tests' own, on loopback, stopped afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BIN = Path("/usr/lib/postgresql/15/bin")


def _as_postgres(*command: str | Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [*prefix, *(str(part) for part in command)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_postgres() -> Iterator[str]:
    """Give the URL of an empty cluster's maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="geomap-pg-"))
    port = _free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    quiet = {"check": True, "capture_output": True, "cwd": "/"}
    init = ("-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
    subprocess.run(_as_postgres(BIN / "initdb", *init), **quiet)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -F"
    control = (BIN / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    try:
        subprocess.run(_as_postgres(*control, "-o", options, "start"), **quiet)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            _as_postgres(*control, "-m", "immediate", "stop"), **(quiet | {"check": False})
        )
        shutil.rmtree(folder, ignore_errors=True)
