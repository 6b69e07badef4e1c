"""Meetings: what staff send, parsed at the edge."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from geomap.coverage.edits import plain_text, require_object
from geomap.domain.errors import InputError
from geomap.domain.ledger import LedgerFields, MeetingKind, PairResult
from geomap.domain.meetings import Meeting, MeetingDraft, PairDraft
from geomap.domain.words import Label
from geomap.store import ledger_events as happen
from geomap.store import meetings as kept
from geomap.store.engine import Transaction
from geomap.store.ledger import find_line_in, find_project
from geomap.store.ledger_write import Act
from geomap.store.placement_scenarios import read_texts
from geomap.web import fields as take
from geomap.web.bodies import take_version
from geomap.web.context import CITY_TIME, AppContext
from geomap.web.view_ledger import ACTOR, NOTE_MOST, act_of

STATED = ("name", "kind", "at", "place", "note")
_PAIR = tuple(f.name for f in dataclasses.fields(PairDraft))
_NAME, _PLACE, _SLOT, _ID = 100, 200, 40, 64
_ENDS = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])\s*$")
_MINUTES = 15.0
"""Length of a slot where none is given."""


def add_meeting(context: AppContext, body: object, by: str) -> Meeting:
    """Keep a meeting; its list is filled from a saved placement where one is named.

    Raises
    ------
    InputError, NotFoundError
        A value cannot be used; there is no such placement.
    """
    given = dict(require_object(body, "body", (*STATED, "scenario_id", "slot_minutes")))
    source = _Source.of(context, given)
    take.require_fields(given, ("name", "kind", "at"))
    draft = _draft(given, MeetingDraft(name="", kind=MeetingKind.MATCHMAKING, at=context.now()))
    act = act_of(context, by)
    with context.store.writing(ACTOR) as tx:
        meeting = kept.add_meeting(tx, draft, act)
        if not source.placed:
            return meeting
        pairs = source.pairs(tx, draft.at, act)
        return kept.set_pairs(tx, meeting.id, pairs, act, version=meeting.version)


class _Source(NamedTuple):
    """A saved placement whose places are paired, and how long each slot is."""

    placed: Sequence[Mapping[str, Any]]
    minutes: float

    @classmethod
    def of(cls, context: AppContext, given: dict[str, Any]) -> _Source:
        """Take it out of a body; without `scenario_id` nobody is placed.

        Raises
        ------
        InputError, NotFoundError
            A value cannot be used; there is no such placement.
        """
        scenario, minutes = given.pop("scenario_id", None), given.pop("slot_minutes", None)
        slot = take.take_number(minutes, "slot_minutes", low=1, high=240) or _MINUTES
        if scenario is None:
            return cls((), slot)
        name = take.take_name(scenario, "scenario_id", _ID)
        return cls(read_texts(context.store, name)[1]["placements"], slot)

    def pairs(
        self, tx: Transaction, start: datetime, act: Act, there: Container[str] = ()
    ) -> list[PairDraft]:
        """Return the placed projects that are not `there`, one slot after the other.

        A project that came with the request, and not from the record, is taken into the
        ledger.
        """
        fresh = [one for one in self.placed if str(one["project_id"]) not in there]
        pairs, length = [], timedelta(minutes=self.minutes)
        for number, one in enumerate(fresh[: kept.MOST_PAIRS]):
            begin = start + length * number
            project_id = str(one["project_id"])
            known = find_line_in(tx, project_id) or find_project(tx.connection, project_id)
            if known is None:
                happen.add_line(tx, project_id, _stated(one, act.by), act, demo=bool(one["demo"]))
            pairs.append(
                PairDraft(
                    project_id=project_id,
                    site_id=str(one["site_id"]),
                    unit_ids=tuple(one["unit_ids"]),
                    slot=f"{_clock(begin)}–{_clock(begin + length)}",
                )
            )
        return pairs


def _stated(one: Mapping[str, Any], owner: str) -> LedgerFields:
    origin = one.get("from") or {}
    return LedgerFields(
        name=str(one["name"] or one["project_id"]),
        industry=str(one.get("industry") or ""),
        home_county=str(one.get("home_county") or ""),
        current_site=str(origin.get("site_id") or ""),
        owner=owner,
    )


def _clock(value: datetime) -> str:
    return value.astimezone(CITY_TIME).strftime("%H:%M")


def change_meeting(context: AppContext, meeting_id: str, body: object, by: str) -> Meeting:
    """Change what is stated of a meeting; raises InputError, NotFoundError, ConflictError."""
    given, version = take_version(body, STATED)
    act = act_of(context, by)
    old = kept.get_meeting(context.store, meeting_id).draft
    draft = _draft(given, old)
    with context.store.writing(ACTOR) as tx:
        return kept.change_meeting(tx, meeting_id, draft, act, version=version)


def _draft(given: Mapping[str, Any], base: MeetingDraft) -> MeetingDraft:
    values: dict[str, Any] = {}
    if "name" in given:
        values["name"] = take.take_name(given["name"], "name", _NAME)
    if "kind" in given:
        values["kind"] = take.take_word(given["kind"], "kind", MeetingKind)
    if "at" in given:
        values["at"] = take.take_moment(given["at"], "at")
    if "place" in given:
        values["place"] = plain_text(given["place"], "place", _PLACE)
    if "note" in given:
        values["note"] = plain_text(given["note"], "note", NOTE_MOST, lines=True)
    return dataclasses.replace(base, **values)


def put_pairs(context: AppContext, meeting_id: str, body: object, by: str) -> Meeting:
    """Replace a meeting's list, and bring what came of it into the ledger.

    With `scenario_id` the places of that placement follow, for projects not in the list.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        A value cannot be used; no such meeting or placement; changed meanwhile.
    """
    given, version = take_version(body, ("pairs", "scenario_id", "slot_minutes"))
    source = _Source.of(context, given)
    meeting = kept.get_meeting(context.store, meeting_id)
    pairs = _listed(context, given.get("pairs"), meeting)
    act = act_of(context, by)
    with context.store.writing(ACTOR) as tx:
        there = {pair.project_id for pair in pairs}
        more = source.pairs(tx, _free_from(meeting.draft.at, pairs), act, there)
        if len(pairs) + len(more) > kept.MOST_PAIRS:
            raise _too_many()
        return kept.set_pairs(tx, meeting_id, [*pairs, *more], act, version=version)


def _listed(context: AppContext, listed: object, meeting: Meeting) -> list[PairDraft]:
    if not isinstance(listed, list) or len(listed) > kept.MOST_PAIRS:
        raise _too_many()
    standing = {pair.draft.id: pair.draft for pair in meeting.pairs}
    return [_pair(context, part, f"pairs[{i}]", standing) for i, part in enumerate(listed)]


def _too_many() -> InputError:
    return take.refuse(
        "pairs",
        Label(
            f"要一个列表，最多 {kept.MOST_PAIRS} 对",
            f"A list of at most {kept.MOST_PAIRS} pairs is needed",
        ),
        Label("先 GET 这场会，改它的 pairs", "Read the meeting first, and change its pairs"),
    )


def _free_from(start: datetime, pairs: Sequence[PairDraft]) -> datetime:
    """Return when the last slot of a list ends, as far as its slots are times of the day."""
    day = start.astimezone(CITY_TIME)
    ends = [start]
    for pair in pairs:
        found = _ENDS.search(pair.slot)
        if found:
            ends.append(day.replace(hour=int(found[1]), minute=int(found[2]), second=0))
    return max(ends)


def _pair(
    context: AppContext, value: object, field: str, standing: Mapping[str, PairDraft]
) -> PairDraft:
    given = require_object(value, field, _PAIR)
    pair_id = plain_text(given.get("id"), f"{field}.id", _ID)
    result = given.get("result") or PairResult.PENDING
    draft = PairDraft(
        id=pair_id,
        project_id=take.take_name(given.get("project_id"), f"{field}.project_id", _ID),
        slot=plain_text(given.get("slot"), f"{field}.slot", _SLOT),
        result=take.take_word(result, f"{field}.result", PairResult),
        lost=take.take_flag(given.get("lost"), f"{field}.lost"),
        note=plain_text(given.get("note"), f"{field}.note", NOTE_MOST, lines=True),
    )
    if draft.lost and (draft.result is not PairResult.DECLINED or not draft.note):
        raise take.refuse(
            f"{field}.lost",
            Label("流失只能是未成，并写原因", "Lost is declined, with a note that says why"),
            Label("result 写 declined，note 写原因", "Set result to declined and say why in note"),
        )
    return dataclasses.replace(draft, **_place(context, given, field, standing.get(pair_id)))


def _place(
    context: AppContext, given: Mapping[str, Any], field: str, old: PairDraft | None
) -> dict[str, Any]:
    """Return site and units; a place that stands as it was may be gone from the record."""
    site, units = given.get("site_id") or "", given.get("unit_ids") or []
    if old is not None and (site, units) == (old.site_id, list(old.unit_ids)):
        return {"site_id": old.site_id, "unit_ids": old.unit_ids}
    catalog = context.catalog
    found = take.take_site(catalog, site, f"{field}.site_id")
    return {
        "site_id": found,
        "unit_ids": take.take_units(catalog, units, f"{field}.unit_ids", found),
    }
