"""The two mails that are sent: one that asks an address to confirm, one with the news of a day.

Texts are plain. What asks an address to confirm holds nothing that a user wrote, so that
it cannot carry a stranger's words to somebody who never asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from geomap.domain.words import Label

MAP = Label("孵化空间数字地图", "Digital map of incubation space")
MOST_LISTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Whose mail it is; `stop_url` ends the mails, also by one click of the mail program."""

    sender: str
    to: str
    language: str
    now: datetime
    stop_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A unit in a mail: a line, lines below it, where to look at it."""

    title: str
    lines: Sequence[str]
    url: str


def write_question(envelope: Envelope, confirm_url: str) -> EmailMessage:
    """Return the mail that asks an address to confirm."""
    subject = Label("请确认接收新房源提醒", "Please confirm alerts about new space")
    body = Label(
        "有人在孵化空间数字地图上保存了一个搜索，想把新出现的合适单元发到这个邮箱。\n\n"
        f"如果是您，请打开下面的链接并点“确认”：\n{confirm_url}\n\n"
        "如果不是您，不用理会，不会再有邮件。也可以打开下面的链接，以后都不再询问：\n"
        f"{envelope.stop_url}\n",
        "Someone saved a search on the digital map of incubation space and wants to have news "
        "sent to this address.\n\n"
        f"If that was you, open this link and press “Confirm”:\n{confirm_url}\n\n"
        "If it was not you, do nothing; no further mail comes. By this link you are never asked "
        f"again:\n{envelope.stop_url}\n",
    )
    return _mail(envelope, subject, body)


def write_news(
    envelope: Envelope, name: str, items: Sequence[Item], *, total: int, page_url: str
) -> EmailMessage:
    """Return the day's mail of a search.

    Parameters
    ----------
    envelope
        Whose.
    name
        The search's name, a plain text; may be empty.
    items
        The best units, at most `MOST_LISTED`.
    total
        How many there are.
    page_url
        The search's private page.
    """
    named = Label(f"：{name}", f": {name}") if name else Label("", "")
    subject = Label(f"{total} 套新的合适空间{named.zh}", f"{total} new fitting spaces{named.en}")
    shown = items[:MOST_LISTED]
    listed = "\n\n".join(
        "\n".join([item.title, *(f"  · {line}" for line in item.lines), f"  {item.url}"])
        for item in shown
    )
    more = total - len(shown)
    rest = (
        Label(f"\n\n另有 {more} 套。", f"\n\nThere are {more} more.") if more > 0 else Label("", "")
    )
    body = Label(
        f"您保存的搜索{named.zh}\n上次之后新符合的有 {total} 套：\n\n{listed}{rest.zh}\n\n"
        f"全部：{page_url}\n这是您的私人链接，知道它的人可以看和改这个搜索。\n\n"
        f"不想再收：{envelope.stop_url}\n",
        f"Your saved search{named.en}\nNew since the last time: {total}\n\n{listed}{rest.en}\n\n"
        f"All: {page_url}\nThis link is private: whoever knows it may read and change the "
        f"search.\n\nTo get no more mails: {envelope.stop_url}\n",
    )
    return _mail(envelope, subject, body)


def _mail(envelope: Envelope, subject: Label, body: Label) -> EmailMessage:
    english = envelope.language == "en"
    local, _, domain = envelope.sender.rpartition("@")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(MAP.en if english else MAP.zh, local, domain)
    mail["To"] = envelope.to
    mail["Subject"] = subject.en if english else subject.zh
    mail["Date"] = format_datetime(envelope.now)
    mail["Message-ID"] = make_msgid(domain=domain)
    mail["List-Unsubscribe"] = f"<{envelope.stop_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body.en if english else body.zh, charset="utf-8", cte="base64")
    mail["Content-Language"] = "en" if english else "zh-CN"
    return mail
