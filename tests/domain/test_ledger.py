"""The way of a project: forward freely, back, lost and opened again only with a reason."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from geomap.domain.errors import InputError
from geomap.domain.ledger import (
    EVENT_LABELS,
    MEETING_LABELS,
    PARTY_LABELS,
    RESULT_LABELS,
    STATE_LABELS,
    WAY,
    EventKind,
    LedgerFields,
    LedgerLine,
    LedgerState,
    MeetingKind,
    PairResult,
    PartyKind,
    is_overdue,
    require_change,
)

TODAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
LINE = LedgerLine(
    project_id="p",
    fields=LedgerFields(name="x", due_on=TODAY - timedelta(days=1)),
    state=LedgerState.FOUND,
    state_on=TODAY,
    lost_why="",
    demo=False,
    created_at=NOW,
    updated_at=NOW,
    version=1,
)


def allowed(old: LedgerState, new: LedgerState, note: str) -> bool:
    try:
        require_change(old, new, note)
    except InputError as error:
        assert error.fix and error.field in ("state", "note")
        return False
    return True


@pytest.mark.parametrize("old", LedgerState)
@pytest.mark.parametrize("new", LedgerState)
def test_every_change_of_state(old: LedgerState, new: LedgerState) -> None:
    ahead = LedgerState.LOST not in (old, new) and WAY.index(new) > WAY.index(old)
    assert allowed(old, new, "") == ahead
    assert allowed(old, new, "  ") == ahead
    assert allowed(old, new, "重新考察") == (old is not new)


def test_the_way() -> None:
    assert WAY == (
        "found", "screened", "recommended", "visited", "signed", "moved_in", "producing",
    )  # fmt: skip


def test_what_is_overdue() -> None:
    assert is_overdue(LINE, TODAY)
    assert not is_overdue(LINE, TODAY - timedelta(days=1)), "on the day itself it is not late"
    for state in (LedgerState.LOST, LedgerState.PRODUCING):
        assert not is_overdue(dataclasses.replace(LINE, state=state), TODAY)
    undated = dataclasses.replace(LINE, fields=LedgerFields(name="x"))
    assert not is_overdue(undated, TODAY)


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        (LedgerState, STATE_LABELS),
        (EventKind, EVENT_LABELS),
        (PartyKind, PARTY_LABELS),
        (MeetingKind, MEETING_LABELS),
        (PairResult, RESULT_LABELS),
    ],
)
def test_every_word_has_both_languages(words: type, labels: dict[str, tuple[str, str]]) -> None:
    assert list(labels) == list(words)
    assert all(text.strip() for label in labels.values() for text in label)
