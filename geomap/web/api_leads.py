"""Leads: a visitor leaves name and phone, the site's operator reads them by its key."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.store.leads import STATES, list_leads, withdraw_lead
from geomap.web import params
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import client_of, is_local, limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.view_leads import (
    change_lead,
    consent_answer,
    lead_json,
    leave_lead,
    require_key_owner,
)

bp = APIBlueprint("leads", __name__, url_prefix="/api/v1")

OFTEN = "60 per minute"
"""How often one client may try keys, tokens and bodies; leads kept are counted apart."""


@bp.get("/leads/consent")
@describe(
    bp,
    "What someone agrees to who leaves name and phone",
    query="ConsentQuery",
    answer="Consent",
    errors=(422,),
    description=(
        "Show it beside the form, with the `operator` who will read the lead, and send its "
        "version back. `operator` is null where nobody would read a lead to that site."
    ),
)
def get_consent() -> Response:
    """Return the text in both languages."""
    site = params.read_text(request.args, "site_id", "", most=200)
    return json_answer(consent_answer(context(), site))


@bp.post("/leads")
@describe(
    bp,
    "Ask for a visit or leave a message",
    query="LanguageQuery",
    body="LeadBody",
    answer="LeadKept",
    errors=(404, 409, 413, 415, 422, 429, 503),
    status=201,
    description=(
        "For the eyes of the site's operator alone, and deleted at `expires_at`. `token` takes "
        "it back. One client leaves at most 5 within an hour (requests from the server's own "
        "machine are not counted), a site gets at most 200 within a day; the same number for "
        "the same unit within a day is a conflict (409)."
    ),
)
@limited(OFTEN)
def post_lead() -> Response:
    """Keep what is sent."""
    client = "" if is_local(request) else client_of(request)
    kept = leave_lead(context(), read_json(), language=language_of(request), client=client)
    answer = json_answer(kept, cache="no-store")
    answer.status_code = 201
    return answer


@bp.delete("/leads/<token>")
@describe(
    bp,
    "Take a lead back",
    query="LanguageQuery",
    answer="LeadWithdrawn",
    errors=(404, 429),
    description="The token is the one that was given when it was left.",
)
@limited(OFTEN)
def delete_lead(token: str) -> Response:
    """Delete it for good."""
    withdraw_lead(context().store, token)
    return json_answer({"deleted": True}, cache="no-store")


@bp.get("/operator/leads")
@describe(
    bp,
    "An operator's leads, newest first",
    query="LeadsQuery",
    answer="Leads",
    errors=(401, 422, 429),
    description="With Authorization: Bearer KEY, the operator's key.",
)
@limited(OFTEN)
def get_leads() -> Response:
    """Return the leads of the key's operator."""
    owner = require_key_owner(context(), request.headers.get("Authorization", ""))
    limit, offset = params.read_page(request.args, default=100)
    state = params.read_choice(request.args, "state", ("", *STATES), "")
    shared, language = context(), language_of(request)
    found = list_leads(shared.store, owner, now=shared.now(), state=state)
    page = params.page_of(found, limit, offset, request)
    page["items"] = [lead_json(shared, lead, language) for lead in page["items"]]
    return json_answer({"operator_id": owner, **page}, cache="no-store")


@bp.patch("/operator/leads/<lead_id>")
@describe(
    bp,
    "Say how far a lead is",
    query="LanguageQuery",
    body="LeadChange",
    answer="Lead",
    errors=(401, 404, 413, 415, 422, 429),
    description="With Authorization: Bearer KEY. Another operator's lead is not found (404).",
)
@limited(OFTEN)
def patch_lead(lead_id: str) -> Response:
    """Change its state."""
    owner = require_key_owner(context(), request.headers.get("Authorization", ""))
    changed = change_lead(context(), owner, lead_id, read_json(), language_of(request))
    return json_answer(changed, cache="no-store")
