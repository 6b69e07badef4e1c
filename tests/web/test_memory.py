"""What a worker does not load, and what it gives back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from geomap.web.memory import _code_of_compiler, release_memory

SERVE = """
import sys
from pathlib import Path
from geomap.config import read_settings
from geomap.web.serve import load_app
from layers.registry import LAYERS

lane = load_app(read_settings({"GEOMAP_DATA_DIR": sys.argv[1]}))
client = lane.app.test_client()
paths = ["/", "/api/v1/ring?lon=120.7&lat=28", "/api/v1/sites/alpha", "/api/v1/coverage"]
paths += ["/api/v1/plan/progress", "/ogc/collections", "/ogc/collections?f=html"]
paths += [f"/ogc/collections/{name}/items" for name in LAYERS]
paths += [f"/ogc/collections/{name}/tiles/WebMercatorQuad/8/107/213" for name in LAYERS]
for path in paths:
    assert client.get(path).status_code == 200, path
assert client.post("/api/v1/match?facets=1", json={}).status_code == 200
heavy = {"pandas", "geopandas", "alembic", "folium", "xlsxwriter", "pyogrio", "osmium"}
print(sorted(heavy & set(sys.modules)))
"""


def test_serving_loads_neither_pandas_nor_alembic(data_dir: Path) -> None:
    command = [sys.executable, "-c", SERVE, str(data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_walks_still_run_after_the_compiler_gave_its_code_back() -> None:
    from geomap.coverage.warm import warm

    warm()
    assert _code_of_compiler()
    release_memory()
    warm()
