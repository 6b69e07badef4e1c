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


MAIL = {
    "GEOMAP_SMTP_URL": "smtp://u:s3cret@mail.cn:587?starttls=1",
    "GEOMAP_SMTP_FROM": "map@example.cn",
    "GEOMAP_BASE_URL": "https://map.example.cn/",
}


def test_mails_need_a_sender_and_an_address_for_links():
    settings = read_settings(MAIL)
    assert (settings.base_url, settings.lead_days) == ("https://map.example.cn", 90)
    for missing in ("GEOMAP_SMTP_FROM", "GEOMAP_BASE_URL"):
        with pytest.raises(InputError) as caught:
            read_settings({**MAIL, missing: ""})
        assert caught.value.field == missing and caught.value.fix


@pytest.mark.parametrize(
    "variable, value",
    [
        ("GEOMAP_SMTP_URL", "smtp://u:s3cret@mail.cn"),
        ("GEOMAP_SMTP_FROM", "map@example.cn\r\nBcc: v@example.cn"),
        ("GEOMAP_BASE_URL", "map.example.cn"),
        ("GEOMAP_LEAD_DAYS", "0"),
        ("GEOMAP_LEAD_DAYS", "731"),
        ("GEOMAP_LEAD_DAYS", "ninety"),
        ("GEOMAP_LEAD_DAYS", "-5"),
    ],
)
def test_settings_of_mails_and_leads_that_cannot_be_used(variable, value):
    with pytest.raises(InputError) as caught:
        read_settings({**MAIL, variable: value})
    assert caught.value.field == variable
    assert "s3cret" not in " ".join(caught.value.reason)


def test_the_doctor_hides_the_password_of_the_mail_server():
    from geomap.doctor import list_settings

    rows = {row["variable"]: row for row in list_settings(MAIL)}
    assert rows["GEOMAP_SMTP_URL"]["value"] == "••••"
    assert rows["GEOMAP_LEAD_DAYS"]["value"] == "90"
