"""What was agreed to can be read again, for good."""

from __future__ import annotations

from hashlib import sha256

import pytest

from geomap.contact import consent
from geomap.domain.errors import InputError, NotFoundError

PUBLISHED = {"2026-11": "207752d16f383012"}
"""Wordings that people may have agreed to: a change of one is a new one."""


def test_a_published_wording_never_changes() -> None:
    found = {
        version: sha256("\n".join(text).encode()).hexdigest()[:16]
        for version, text in consent._WORDINGS.items()
    }
    assert found == PUBLISHED


def test_a_version_names_wording_and_days() -> None:
    assert consent.consent_version(90) == "2026-11/90"
    text = consent.consent_text("2026-11/30")
    assert "30 天" in text.zh and "30 days" in text.en and "{" not in text.zh + text.en


@pytest.mark.parametrize(
    "version", ["", "2026-11", "2026-11/", "2026-11/x", "1999/90", "2026-11/-1"]
)
def test_no_such_version(version: str) -> None:
    with pytest.raises(NotFoundError):
        consent.consent_text(version)


def test_only_a_plain_yes_to_the_present_text_counts() -> None:
    assert consent.require_consent(True, "2026-11/90", days=90) == "2026-11/90"
    for given in (False, None, 1, "true", "yes", []):
        with pytest.raises(InputError) as error:
            consent.require_consent(given, "2026-11/90", days=90)
        assert error.value.field == "consent"
    for version in (None, "", "2026-11/30", 3):
        with pytest.raises(InputError) as error:
            consent.require_consent(True, version, days=90)
        assert error.value.field == "consent_version"
