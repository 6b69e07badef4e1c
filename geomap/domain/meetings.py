"""Meetings of projects and places (对接会, 签约会): what is stated, and what came of each pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from geomap.domain.ledger import MeetingKind, PairResult

Results = Mapping[PairResult, int]
"""How many pairs of a meeting parted how; every result is there, also with 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """What is stated of a meeting."""

    name: str
    kind: MeetingKind
    at: datetime
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDraft:
    """A project and a place that meet; `id` is "" for a new one.

    `lost` says that the project is lost with it (`DECLINED` only); its `note` is why.
    """

    id: str = ""
    project_id: str
    site_id: str = ""
    unit_ids: tuple[str, ...] = ()
    slot: str = ""
    result: PairResult = PairResult.PENDING
    lost: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair that was kept; `event_id` is what its result made in the ledger, or ""."""

    draft: PairDraft
    project_name: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting with its pairs in order; `version` grows with every change."""

    id: str
    draft: MeetingDraft
    pairs: tuple[Pair, ...]
    by: str
    created_at: datetime
    updated_at: datetime
    version: int


def count_results(pairs: Sequence[Pair]) -> Results:
    """Return what came of pairs, counted."""
    results = [pair.draft.result for pair in pairs]
    return {one: results.count(one) for one in PairResult}
