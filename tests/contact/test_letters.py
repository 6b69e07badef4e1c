"""Mails: headers, what they say, and that no text of a user becomes a header."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.contact.letters import Envelope, Item, write_news, write_question

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
STOP = "https://map.cn/mail/stop/t0ken-t0ken-t0ken"


def envelope(language: str = "zh") -> Envelope:
    return Envelope(
        sender="map@example.cn", to="a@example.org", language=language, now=NOW, stop_url=STOP
    )


ITEMS = [
    Item(title=f"单元 {i}", lines=["理由"], url=f"https://map.cn/?unit={i}") for i in range(12)
]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_mail_can_be_stopped(language: str) -> None:
    question = write_question(envelope(language), "https://map.cn/mail/confirm/x")
    news = write_news(envelope(language), "名", ITEMS, total=12, page_url="https://map.cn/?saved=x")
    for mail in (question, news):
        assert mail["List-Unsubscribe"] == f"<{STOP}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert STOP in mail.get_content() and mail["To"] == "a@example.org"
        assert mail["Content-Language"] == {"zh": "zh-CN", "en": "en"}[language]
        assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"]
    assert "https://map.cn/mail/confirm/x" in question.get_content()


def test_news_list_the_first_ten_and_count_the_rest() -> None:
    mail = write_news(envelope(), "", ITEMS, total=12, page_url="https://map.cn/?saved=x")
    text = mail.get_content()
    assert mail["Subject"] == "12 套新的合适空间"
    assert "单元 9" in text and "单元 10" not in text and "另有 2 套" in text
    few = write_news(envelope("en"), "Lab", ITEMS[:1], total=1, page_url="p").get_content()
    assert "There are" not in few and "  · 理由" in few


_PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=80)


@given(_PRINTABLE)
def test_a_name_stays_in_its_subject(name: str) -> None:
    mail = write_news(envelope(), name, ITEMS[:1], total=1, page_url="p")
    back = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert set(back.keys()) == set(mail.keys())
    assert back["To"] == "a@example.org"


@pytest.mark.parametrize("name", ["x\r\nBcc: v@example.org", "x\nTo: v@example.org"])
def test_a_line_break_that_got_this_far_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        write_news(envelope(), name, ITEMS[:1], total=1, page_url="p")
