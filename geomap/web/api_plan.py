"""The plan: what is asked, what is there, and the records behind each figure."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from geomap.domain.errors import InputError
from geomap.domain.regions import REPORTING_UNITS, ROOT_ADCODE
from geomap.domain.words import Indicator, Label
from geomap.plan.annex import YEARS
from geomap.plan.progress import list_progress, list_records, list_targets, sum_city
from geomap.web import params
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.ledger_shown import public_graduates
from geomap.web.respond import json_answer
from geomap.web.state import context

bp = APIBlueprint("plan", __name__, url_prefix="/api/v1/plan")
_ERRORS = (422, 503)
_UNIT_IDS = tuple(unit.id for unit in REPORTING_UNITS)


def _filters() -> dict[str, Any]:
    """Return the three filters that every list of the plan takes; None asks for all."""
    args = request.args
    unit = params.read_choice(args, "reporting_unit", ("", ROOT_ADCODE, *_UNIT_IDS), "")
    year = params.read_int(args, "year", 0, low=YEARS[0], high=YEARS[-1])
    indicator = params.read_choice(args, "indicator", ("", *Indicator), "")
    return {
        "reporting_unit": unit or None,
        "year": year or None,
        "indicator": Indicator(indicator) if indicator else None,
    }


def _answer(items: list[dict[str, Any]], **more: Any) -> Response:
    limit, offset = params.read_page(request.args, default=params.MAX_LIMIT)
    return json_answer({**more, **params.page_of(items, limit, offset, request)})


@bp.get("/targets")
@describe(bp, "The annex's targets as printed", query="PlanQuery", answer="Targets", errors=_ERRORS)
def get_targets() -> Response:
    """Return the cells of the annex; a target of null is "-", no task."""
    filters = _filters()
    if filters["reporting_unit"] == ROOT_ADCODE:
        filters["reporting_unit"] = None
    return _answer(list_targets(context().catalog, language=language_of(request), **filters))


@bp.get("/progress")
@describe(
    bp,
    "The targets beside what the record counts up to today",
    query="PlanQuery",
    answer="Progress",
    errors=_ERRORS,
    description=(
        "`graduates` is the plan's figure of firms that go into production where they are, "
        "counted over those projects of the ledger that staff published, and naming them."
    ),
)
def get_progress() -> Response:
    """Return targets with actual figures; `city` adds them up."""
    shared, filters, language = context(), _filters(), language_of(request)
    catalog, today = shared.catalog, shared.today()
    whole = filters["reporting_unit"] == ROOT_ADCODE
    items = list_progress(
        catalog,
        today=today,
        language=language,
        **(filters | {"reporting_unit": None} if whole else filters),
    )
    city = sum_city(items, language) if filters["reporting_unit"] in (None, ROOT_ADCODE) else []
    shown = city if whole else items
    return _answer(
        shown,
        city=city,
        graduates=public_graduates(shared, language),
        as_of=today.isoformat(),
        demo=any(i["demo"] for i in items),
    )


@bp.get("/records")
@describe(
    bp,
    "The records behind one figure, largest first",
    query="RecordsQuery",
    answer="Records",
    errors=_ERRORS,
)
def get_records() -> Response:
    """Return the sites or operators that a figure counts."""
    filters = _filters()
    if filters["indicator"] is None:
        raise InputError(
            Label("要一个指标", "An indicator is needed"),
            fix=Label(f"用其中之一：{', '.join(Indicator)}", f"Use one of: {', '.join(Indicator)}"),
            field="indicator",
        )
    shared = context()
    wanted = filters | {"reporting_unit": filters["reporting_unit"] or ROOT_ADCODE}
    return _answer(list_records(shared.catalog, today=shared.today(), **wanted))
