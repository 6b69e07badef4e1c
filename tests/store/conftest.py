"""Every store test runs on the embedded file and on PostGIS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from geomap.store.engine import Store, open_store
from tests.postgres import BIN, run_postgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    if not (BIN / "initdb").exists():
        pytest.skip("needs postgresql-15 and postgresql-15-postgis-3")
    with run_postgres() as url:
        yield url


def fresh_database(url: str, name: str, template: str = "template1") -> str:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return url.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(scope="session")
def migrated(postgres_url: str) -> str:
    """The name of an empty record: PostGIS and every migration take ten times as long as a copy."""
    name = "geomap_migrated"
    open_store(fresh_database(postgres_url, name)).close()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a record; on PostgreSQL a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'geomap.gpkg'}"
    return fresh_database(request.getfixturevalue("postgres_url"), "geomap_test")


@pytest.fixture
def store(request: pytest.FixtureRequest, store_url: str) -> Iterator[Store]:
    """An empty record of the newest schema at `store_url`."""
    if store_url.startswith("postgresql:"):
        url, template = (request.getfixturevalue(n) for n in ("postgres_url", "migrated"))
        fresh_database(url, "geomap_test", template)
    store = open_store(store_url)
    yield store
    store.close()
