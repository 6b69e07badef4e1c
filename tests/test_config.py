from pathlib import Path

import pytest

from geomap.config import SETTINGS, read_settings
from geomap.domain.errors import InputError


def test_defaults_use_the_embedded_store():
    settings = read_settings({"GEOMAP_DATA_DIR": "/data"})
    assert settings.data_dir == Path("/data")
    assert settings.database_url == "sqlite:////data/geomap.gpkg"
    assert settings.region == "330300" and not settings.public


def test_an_empty_variable_counts_as_unset():
    assert read_settings({"GEOMAP_REGION": ""}).region == "330300"


@pytest.mark.parametrize("missing", ["GEOMAP_APPROVAL_NUMBER", "GEOMAP_SECRET_KEY"])
def test_public_mode_will_not_start_without_approval_number_or_key(missing):
    environ = {
        "GEOMAP_PUBLIC": "1",
        "GEOMAP_APPROVAL_NUMBER": "浙S(2026)1号",
        "GEOMAP_SECRET_KEY": "k",
    }
    assert read_settings(environ).public
    with pytest.raises(InputError) as caught:
        read_settings({**environ, missing: ""})
    assert caught.value.field == missing and caught.value.fix


@pytest.mark.parametrize(
    "variable, value", [("GEOMAP_PUBLIC", "yes"), ("GEOMAP_DISPLAY_FRAME", "bd09")]
)
def test_an_unknown_value_names_its_variable(variable, value):
    with pytest.raises(InputError) as caught:
        read_settings({variable: value})
    assert caught.value.field == variable


def test_every_setting_has_a_meaning_in_both_languages():
    assert all(s.meaning.zh and s.meaning.en for s in SETTINGS.values())
