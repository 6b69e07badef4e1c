"""Reading a file from outside in a process that can do no harm.

The file is copied under a name of ours into a private folder; a fresh interpreter without
our environment reads it there (`geomap.intake.reader`) under limits of memory, time and
output, and writes plain text, JSON lines or arrays beside it. What comes back is parsed
as untrusted: nothing is unpickled. A reader that crashes, hangs or swells is an
`InputError` like any other.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.domain.errors import InputError
from geomap.domain.words import Label

MIB = 1 << 20
MAX_FILE = 512 * MIB
"""Largest file that is read, in bytes."""
_GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader may use, and how much a table may hold.

    Parameters
    ----------
    memory, output, unpacked
        Bytes of address space, of what it writes, and of what an archive may unpack to.
    seconds
        Processor time; the clock on the wall allows twice as much.
    rows, columns, cell
        Rows and columns of a table, and characters of one cell.
    """

    memory: int = 4096 * MIB
    output: int = 4096 * MIB
    unpacked: int = 2048 * MIB
    seconds: int = 300
    rows: int = 2_000_000
    columns: int = 400
    cell: int = 1_000_000


_LEFT_OUT = (
    "VRT GTI WMS WMTS WCS HTTP PLMOSAIC PLSCENES OGCAPI DAAS EEDAI EEDA NGW STACIT STACTA"
    " Rasterlite MBTiles PMTiles OGR_VRT GeoJSON GeoJSONSeq ESRIJSON TopoJSON JSONFG FlatGeobuf"
    " CSV GML GPX KML LIBKML GeoRSS SQLite WFS OAPIF CSW Carto AmigoCloud Elasticsearch OSM DXF"
    " XLSX ODS PDF GDALG ADBC AIVector AVCBin AVCE00 EDIGEO GPSBabel GTFS Idrisi JML LVBAG MVT"
    " MapML MiraMonVector OGR_GMT OGR_PDS PCIDSK PDS4 PGDUMP S57 SXF Selafin VDV VFK VICAR WAsP"
    " OpenFileGDB DGN"
)
"""Drivers of GDAL that are not registered in the reader: those that open other files or
addresses, and those whose formats we read ourselves."""

_ENVIRONMENT = {
    "GDAL_SKIP": _LEFT_OUT,
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_PROXY": "127.0.0.1:1",
    "GDAL_HTTP_TIMEOUT": "1",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_NON_CACHED": "1",
    "GDAL_PAM_ENABLED": "NO",
}


def _refuse(name: str, reason: Label, fix: Label | None = None) -> InputError:
    return InputError(
        Label(f"读不了 {name}：{reason.zh}", f"Cannot read {name}: {reason.en}"),
        fix=fix or Label("换一个完好的文件", "Give a sound file"),
        field="file",
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait(
    process: subprocess.Popen[bytes], limits: Limits, name: str, waiting: Callable[[float], None]
) -> None:
    started = time.monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
            return
        passed = time.monotonic() - started
        if passed > 2 * limits.seconds + _GRACE_S:
            raise _refuse(
                name,
                Label(f"{passed:.0f} 秒还没有读完", f"not read after {passed:.0f} seconds"),
                Label("文件太大或有问题，分成几份", "It is too large or broken: split it"),
            )
        waiting(passed)


def _ended(name: str, code: int, text: str, limits: Limits) -> InputError:
    """Return the error for a reader that ended without an answer."""
    memory = Label(
        f"需要的内存超过 {limits.memory // MIB:,} MB",
        f"it needs more memory than {limits.memory // MIB:,} MB",
    )
    signals = {
        -signal.SIGXCPU: Label("处理时间过长", "it takes too long"),
        -signal.SIGXFSZ: Label("内容展开后太大", "its content is too large"),
        -signal.SIGKILL: Label("处理时间过长或内存不足", "it takes too long or too much memory"),
    }
    crash = Label("读取程序崩溃，文件可能损坏", "the reader crashed: the file may be broken")
    hungry = "MemoryError" in text or "memory allocation" in text or "bad_alloc" in text
    reason = memory if hungry else signals.get(code, crash)
    return _refuse(name, reason, Label("检查文件，或分成几份", "Check the file, or split it"))


def _copy_in(file: Path, folder: Path, suffix: str) -> Path:
    """Copy a file, and what belongs to a bare Shapefile, under names of ours."""
    try:
        size = file.stat().st_size
        if size > MAX_FILE:
            most = MAX_FILE // MIB
            raise _refuse(
                file.name,
                Label(f"超过 {most} MB", f"larger than {most} MB"),
                Label("分成几份", "Split it"),
            )
        target = folder / f"input{suffix}"
        shutil.copyfile(file, target)
        if suffix == ".shp":
            for extra in (".shx", ".dbf", ".prj", ".cpg"):
                beside = file.with_suffix(extra)
                if beside.is_file() and beside.stat().st_size <= MAX_FILE:
                    shutil.copyfile(beside, folder / f"input{extra}")
    except OSError as error:
        raise _refuse(file.name, Label(str(error), str(error))) from error
    return target


@contextmanager
def run_confined(
    task: str,
    file: Path,
    *,
    suffix: str,
    options: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    waiting: Callable[[float], None] = lambda _seconds: None,
) -> Iterator[tuple[dict[str, Any], Path]]:
    """Read a file in a confined process.

    Parameters
    ----------
    task
        Name of a task of `geomap.intake.reader`.
    file
        The file; the reader sees a copy called ``input`` with `suffix`.
    options
        JSON options of the task.
    waiting
        Called twice a second with the seconds that have passed.

    Yields
    ------
    tuple
        The reader's answer, and the folder with what it wrote, which lasts for the block.

    Raises
    ------
    InputError
        The file cannot be read, or the reader broke a limit.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="geomap-import-") as made:
        folder = Path(made).resolve()
        copy = _copy_in(file, folder, suffix)
        job = {
            "task": task,
            "folder": str(folder),
            "file": str(copy),
            "options": dict(options or {}),
            "limits": {name: getattr(limits, name) for name in Limits.__slots__},
        }
        yield _ask(job, folder, file.name, limits, waiting), folder


def _ask(
    job: dict[str, Any],
    folder: Path,
    name: str,
    limits: Limits,
    waiting: Callable[[float], None],
) -> dict[str, Any]:
    errors = folder / "stderr"
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    with errors.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-m", "geomap.intake.reader", str(folder / "job.json")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            cwd=folder,
            env={**_ENVIRONMENT, "TMPDIR": str(folder), "HOME": str(folder)},
            start_new_session=True,
        )
        try:
            _wait(process, limits, name, waiting)
        finally:
            _stop(process)
    answer = folder / "answer.json"
    if process.returncode != 0 or not answer.exists():
        raise _ended(name, process.returncode, _tail(errors), limits)
    return _answer(answer, name, limits)


def _tail(file: Path) -> str:
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - 4_000))
        return stream.read().decode("utf-8", "replace")


def _answer(file: Path, name: str, limits: Limits) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if "error" not in answer:
        return answer
    error = answer["error"]
    if error.get("memory"):
        raise _ended(name, 0, "MemoryError", limits)
    reason, fix = Label(*error["reason"]), Label(*error["fix"]) if error.get("fix") else None
    raise _refuse(name, reason, fix)
