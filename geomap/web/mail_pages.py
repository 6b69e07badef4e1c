"""The two pages that mails link to: confirm an address, stop the mails.

Opening a link changes nothing, since mail programs open links by themselves; the button
does. The stop link also takes the one click of a mail program (RFC 8058). No cookie counts
here: the token in the address is the whole proof.
"""

from __future__ import annotations

from dataclasses import dataclass

from apiflask import APIBlueprint
from flask import Response, render_template, request

from geomap.contact.address import hash_of, mask_address
from geomap.contact.letters import MAP
from geomap.domain.words import Label
from geomap.store.search_mail import confirm_address, find_by_mail_token, stop_mails
from geomap.store.searches import Search
from geomap.web.language import LANGUAGES, text_of
from geomap.web.limits import limited
from geomap.web.state import context

bp = APIBlueprint("mail_pages", __name__, url_prefix="/mail", enable_openapi=False)

OFTEN = "60 per minute"
_HOME = Label("打开地图", "Open the map")


@dataclass(frozen=True, slots=True)
class _Words:
    title: Label
    text: Label
    button: Label | None = None


@bp.get("/confirm/<token>")
@limited(OFTEN)
def ask_confirm(token: str) -> Response:
    """Show the button that confirms."""
    search = find_by_mail_token(context().store, token)
    if search.mail_state == "confirmed":
        return _page(search.language, _CONFIRMED)
    shown = mask_address(search.email)
    return _page(
        search.language,
        _Words(
            Label("接收新房源提醒？", "Get news of new space?"),
            Label(
                f"有新的合适单元时，每天最多一封邮件发到 {shown}。",
                f"When something new fits, at most one mail a day goes to {shown}.",
            ),
            Label("确认", "Confirm"),
        ),
    )


@bp.post("/confirm/<token>")
@limited(OFTEN)
def confirm(token: str) -> Response:
    """Confirm the address."""
    search = find_by_mail_token(context().store, token)
    return _page(confirm_address(context().store, token, _who(search)).language, _CONFIRMED)


@bp.get("/stop/<token>")
@limited(OFTEN)
def ask_stop(token: str) -> Response:
    """Show the button that stops the mails."""
    search = find_by_mail_token(context().store, token)
    asked = search.mail_state == "pending"
    shown = mask_address(search.email)
    text = (
        Label(f"以后不再询问 {shown}。", f"{shown} is never asked again.")
        if asked
        else Label(
            f"不再给 {shown} 发这个搜索的提醒，邮箱地址会删掉。",
            f"No more news of this search go to {shown}; the address is deleted.",
        )
    )
    words = _Words(Label("不再发邮件？", "Stop the mails?"), text, Label("不再发", "Stop"))
    return _page(search.language, words)


@bp.post("/stop/<token>")
@limited(OFTEN)
def stop(token: str) -> Response:
    """Stop the mails and delete the address."""
    shared = context()
    search = find_by_mail_token(shared.store, token)
    stop_mails(shared.store, token, _who(search), shared.now())
    return _page(search.language, _STOPPED)


_CONFIRMED = _Words(
    Label("已确认", "Confirmed"),
    Label(
        "有新的合适单元时会写信给您，每天最多一封。",
        "You get a mail when something new fits, at most one a day.",
    ),
)
_STOPPED = _Words(
    Label("不会再有邮件", "There will be no more mails"),
    Label(
        "邮箱地址已删掉；搜索的私人链接还能用。",
        "The address is deleted; the search's private link still works.",
    ),
)


def _who(search: Search) -> str:
    return hash_of(search.email, context().settings.secret_key)


def _page(kept: str, words: _Words) -> Response:
    asked = request.args.get("lang")
    language = str(asked) if asked in LANGUAGES else kept
    page = render_template(
        "mail.html",
        language=language,
        app=text_of(MAP, language),
        title=text_of(words.title, language),
        text=text_of(words.text, language),
        button=text_of(words.button, language) if words.button else "",
        home=text_of(_HOME, language),
    )
    return Response(page, headers={"Cache-Control": "no-store"}, mimetype="text/html")
