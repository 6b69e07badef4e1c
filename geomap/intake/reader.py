"""The confined reader process: one job, one answer. See `geomap.intake.confined`.

Run as ``python -m geomap.intake.reader job.json``. Libraries are imported before the
walls go up; the file is opened after.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from geomap.domain.errors import GeomapError
from geomap.intake import sandbox

TASKS = {
    # task: (module, function, whether it starts threads)
    "csv": ("read_text", "read_csv", False),
    "json": ("read_text", "read_json", False),
    "excel": ("read_excel", "read_excel", False),
    "vector": ("read_vector", "read_vector", False),
    "osm_ways": ("read_streets", "read_osm", True),
    "line_ways": ("read_streets", "read_lines", False),
    "osm_amenities": ("read_streets", "read_amenities", True),
}
"""What the process can be asked to do; each function gets (file, folder, options, limits)."""


def _write(folder: Path, answer: dict[str, Any]) -> None:
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def _error(reason: Any, fix: Any = None, *, memory: bool = False) -> dict[str, Any]:
    return {"error": {"reason": list(reason), "fix": list(fix) if fix else None, "memory": memory}}


def _plain(error: BaseException) -> dict[str, Any]:
    text = f"{type(error).__name__}: {error}"[:300]
    return _error((text, text))


def main(job_file: Path) -> int:
    """Do the job; return the exit status."""
    job = json.loads(job_file.read_text(encoding="utf-8"))
    folder, limits = Path(job["folder"]), job["limits"]
    module, function, threads = TASKS[job["task"]]
    work = getattr(importlib.import_module(f"geomap.intake.{module}"), function)
    sandbox.limit_resources(
        memory=limits["memory"], seconds=limits["seconds"], output=limits["output"]
    )
    walls = sandbox.confine(folder, threads=threads)
    try:
        answer = work(Path(job["file"]), folder, job["options"], limits) | {"walls": walls}
    except MemoryError:
        answer = _error(("内存不足", "out of memory"), memory=True)
    except GeomapError as error:
        answer = _error(error.reason, error.fix)
    except Exception as error:
        answer = _plain(error)
    _write(folder, answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
