"""Saved searches under a private link: what newly fits, as a list and as a feed."""

from __future__ import annotations

from datetime import datetime

import orjson
from apiflask import APIBlueprint
from flask import Response, request

from geomap.contact.feed import MEDIA
from geomap.coverage.edits import require_object
from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.store.searches import StaleSearchError, delete_search, mark_seen
from geomap.web import params
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import LANGUAGES, language_of, text_of
from geomap.web.limits import limited
from geomap.web.problems import problem
from geomap.web.respond import bytes_answer, json_answer
from geomap.web.state import context
from geomap.web.view_feed import feed_of
from geomap.web.view_fits import MOST_FITS
from geomap.web.view_searches import change_search, checked, hits_json, keep_search, search_json

bp = APIBlueprint("searches", __name__, url_prefix="/api/v1")

KEEP = "30 per minute"
"""How often one client may keep, change or delete a search."""
LOOK = "120 per minute"


def base_url() -> str:
    """Return the address of the map for links: the setting, else where the request went."""
    return context().settings.base_url or request.host_url.rstrip("/")


@bp.get("/searches/about")
@describe(
    bp,
    "What saved searches can do here",
    query="LanguageQuery",
    answer="SearchesAbout",
    description="`email` says whether mails are sent from here.",
)
def get_about() -> Response:
    """Return it."""
    about = {"email": bool(context().settings.smtp_url), "most_fits": MOST_FITS}
    return json_answer(about)


@bp.post("/searches")
@describe(
    bp,
    "Save a search under a private link",
    query="LanguageQuery",
    body="SearchBody",
    answer="Search",
    errors=(413, 415, 422, 429, 503),
    status=201,
    description=(
        "What fits now is known; what newly fits later is news. Whoever knows the id may read, "
        "change and delete the search; there is no list. An address gets one mail that asks to "
        "confirm, and news only after that, at most once a day."
    ),
)
@limited(KEEP)
def post_search() -> Response:
    """Keep what is sent."""
    kept = keep_search(context(), read_json(), language_of(request))
    answer = json_answer(search_json(context(), kept, base_url()), cache="no-store")
    answer.status_code = 201
    answer.headers["Location"] = f"{request.path}/{kept.id}"
    return answer


@bp.get("/searches/<search_id>")
@describe(bp, "A saved search", query="LanguageQuery", answer="Search", errors=(404, 429))
@limited(LOOK)
def get_search(search_id: str) -> Response:
    """Return it after a check."""
    found, _ = checked(context(), search_id)
    return json_answer(search_json(context(), found, base_url()), cache="no-store")


@bp.put("/searches/<search_id>")
@describe(
    bp,
    "Change a saved search",
    query="LanguageQuery",
    body="SearchChange",
    answer="Search",
    errors=(404, 409, 413, 415, 422, 429, 503),
    description=(
        "`version` is the one that was read; where it was changed meanwhile the problem (409) "
        "holds the newest one as `newest`. With another demand it starts anew. An `email` that "
        "is not sent stays, an empty one is deleted, another one has to be confirmed."
    ),
)
@limited(KEEP)
def put_search(search_id: str) -> Response:
    """Change it whole."""
    try:
        kept = change_search(context(), search_id, read_json(), language_of(request))
    except StaleSearchError as error:
        answer = problem(error.status, error.slug, error.reason, field=error.field, fix=error.fix)
        newest = search_json(context(), error.newest, base_url())
        answer.set_data(orjson.dumps(orjson.loads(answer.get_data()) | {"newest": newest}))
        return answer
    return json_answer(search_json(context(), kept, base_url()), cache="no-store")


@bp.delete("/searches/<search_id>")
@describe(
    bp, "Delete a saved search", query="LanguageQuery", answer="SearchDeleted", errors=(404, 429)
)
@limited(KEEP)
def remove_search(search_id: str) -> Response:
    """Delete it for good."""
    delete_search(context().store, search_id)
    return json_answer({"id": search_id, "deleted": True}, cache="no-store")


@bp.get("/searches/<search_id>/hits")
@describe(
    bp,
    "Units that newly fit a saved search",
    query="HitsQuery",
    answer="Hits",
    errors=(404, 422, 429),
    description=(
        "Those that fit now and did not when it was saved or last seen, newest first. They are "
        "looked for once for each state of the data and each day. `problem` says why that could "
        "not be done, and what is listed was found before."
    ),
)
@limited(LOOK)
def get_hits(search_id: str) -> Response:
    """Return what is new."""
    limit, offset = params.read_page(request.args, default=100)
    everything = params.read_flag(request.args, "all")
    language = language_of(request)
    search, trouble = checked(context(), search_id)
    about = search_json(context(), search, base_url())
    page = params.page_of(
        hits_json(context(), search, language, everything), limit, offset, request
    )
    more = {name: about[name] for name in ("unseen", "seen_at", "checked_at", "paused")}
    answer = page | more | {"problem": text_of(trouble, language) if trouble else None}
    return json_answer(answer | {"demo": context().catalog.demo}, cache="no-store")


@bp.post("/searches/<search_id>/seen")
@describe(
    bp,
    "Say that what is new was seen",
    query="LanguageQuery",
    body="SeenBody",
    answer="Search",
    errors=(404, 413, 415, 422, 429),
    description="`until` is the `checked_at` of the list that was seen; else now.",
)
@limited(KEEP)
def post_seen(search_id: str) -> Response:
    """Mark it."""
    given = require_object(read_json(), "body", ("until",))
    seen = mark_seen(context().store, search_id, _until(given.get("until"), context().now()))
    return json_answer(search_json(context(), seen, base_url()), cache="no-store")


def _until(value: object, now: datetime) -> datetime:
    """Return a moment with a zone, not after now."""
    if value is None:
        return now
    try:
        if isinstance(value, str) and len(value) <= 40:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return min(moment, now)
    except (ValueError, OverflowError):
        pass
    raise InputError(
        Label("不是带时区的时间", "This is no moment with a zone"),
        fix=Label("原样送回 checked_at", "Send checked_at back as it was given"),
        field="until",
    )


@bp.get("/searches/<search_id>/feed")
@describe(
    bp,
    "Units that newly fit a saved search, as an Atom feed",
    query="LanguageQuery",
    media=MEDIA,
    errors=(404, 429),
    description="The newest 50; in the language of the search, or of ?lang.",
)
@limited(LOOK)
def get_feed(search_id: str) -> Response:
    """Return the feed."""
    search, _ = checked(context(), search_id)
    asked = request.args.get("lang")
    language = asked if asked in LANGUAGES else search.language
    content = feed_of(context(), search, base_url(), str(language))
    return bytes_answer(content, MEDIA, cache="private, no-cache")
