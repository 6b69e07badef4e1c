"""A record of each test's own, prepared once."""

from __future__ import annotations

from pathlib import Path

import pytest

from geomap.config import Settings
from tests.imports import (
    prepared_settings,
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return prepared_settings(tmp_path / "data")
