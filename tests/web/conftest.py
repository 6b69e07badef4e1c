"""A fresh application for every test, over a copy of one small world."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geomap.config import Settings, read_settings
from geomap.web import create_app
from geomap.web.context import AppContext
from tests.web.world import TODAY, build_world


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world, built once; the first application leaves its snapshot there too."""
    folder = tmp_path_factory.mktemp("world")
    build_world(folder)
    context = AppContext(settings_of(folder))
    assert context.catalog.version
    context.store.close()
    return folder


def settings_of(folder: Path, **more: str) -> Settings:
    return read_settings({"GEOMAP_DATA_DIR": str(folder), **more})


@pytest.fixture
def data_dir(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "data"))


@pytest.fixture
def app(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[APIFlask]:
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)
    app = create_app(settings_of(data_dir))
    yield app
    app.extensions["geomap.context"].close()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def context(app: APIFlask) -> AppContext:
    found = app.extensions["geomap.context"]
    assert isinstance(found, AppContext)
    return found
