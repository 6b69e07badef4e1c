"""The newest revision is named where opening the record looks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from geomap.store import engine as engines
from geomap.store import migrations, write
from geomap.store.engine import Store, open_store
from geomap.store.migrations.versions import v0004_divisible_units
from geomap.store.models import TABLES
from geomap.store.read import get_unit, read_table
from tests.store.samples import RECORDS, UNIT


def test_newest_is_the_head_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.NEWEST


def test_opening_a_current_record_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'geomap.gpkg'}"
    open_store(url).close()
    code = (
        "import sys; from geomap.store.engine import open_store;"
        f"open_store({url!r}, create=False).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _columns(store: Store) -> set[tuple[str, str]]:
    """Return which of the columns of the newest migration the record has."""
    found = set()
    with store.engine.connect() as connection:
        for table, name, _kind in v0004_divisible_units.COLUMNS:
            row = connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 1")
            found |= {(table, name)} & {(table, key) for key in row.keys()}  # noqa: SIM118
    return found


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_what_stands_in_an_older_record_states_nothing_of_the_new_columns(
    store: Store, store_url: str
) -> None:
    with store.writing("test") as tx:
        write.add_units(tx, [UNIT])
        write.add_projects(tx, [RECORDS["projects"]])
    assert get_unit(store, "u-1")[0].divisible_min_m2 == 60.0
    new = {(table, name) for table, name, _kind in v0004_divisible_units.COLUMNS}
    assert all(name in TABLES[table].c for table, name in new)
    assert _columns(store) == new
    connection = store.engine.connect().execution_options(geomap_write=True)
    with connection, connection.begin():
        command.downgrade(engines._config(connection), "0003")
    assert _columns(store) == set()
    store.close()
    newer = open_store(store_url)
    unit = get_unit(newer, "u-1")[0]
    assert (unit.divisible_min_m2, unit.area_m2, unit.power_kw) == (None, 186.5, 63.0)
    rows = read_table(newer, "projects", ["id", "growth_headcount", "chain_position"])
    assert rows == {"id": ["p"], "growth_headcount": [None], "chain_position": [None]}
    newer.close()
