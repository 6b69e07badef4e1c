"""The server's address, and mails that really go over a line."""

from __future__ import annotations

import socket
from email.message import EmailMessage

import pytest

from geomap.contact.mail_server import (
    MailRefusedError,
    MailServer,
    MailServerError,
    Postman,
    parse_base_url,
    parse_mail_server,
)
from geomap.domain.errors import InputError
from tests.mail import run_mail_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.cn", MailServer("mail.cn", 25, False, False)),
        ("smtp://mail.cn?starttls=1", MailServer("mail.cn", 587, False, True)),
        ("smtps://u%40x:p%2Fw@mail.cn", MailServer("mail.cn", 465, True, False, "u@x", "p/w")),
        ("smtp://u:pw@mail.cn:252/?starttls=1", MailServer("mail.cn", 252, False, True, "u", "pw")),
        ("smtp://u:pw@127.0.0.1:25", MailServer("127.0.0.1", 25, False, False, "u", "pw")),
    ],
)
def test_addresses_of_servers(url: str, server: MailServer) -> None:
    found = parse_mail_server(url)
    assert found == server
    assert not server.password or server.password not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "mail.cn", "http://mail.cn", "smtp://", "smtp://mail.cn:x", "smtp://mail.cn:99999",
        "smtp://mail.cn/path", "smtp://mail.cn?starttls=yes", "smtp://mail.cn?x=1",
        "smtp://u:s3cret@mail.cn", "smtp://u:s3cret@mail.cn?starttls=0", "smtp://[::1",
    ],
)  # fmt: skip
def test_addresses_that_are_refused_are_not_repeated(url: str) -> None:
    with pytest.raises(InputError) as error:
        parse_mail_server(url)
    assert error.value.field == "GEOMAP_SMTP_URL" and error.value.fix
    assert "s3cret" not in " ".join(error.value.reason)


def test_where_people_open_the_map() -> None:
    assert parse_base_url("") == ""
    assert parse_base_url("https://map.example.cn/wz/") == "https://map.example.cn/wz"
    for bad in (
        "map.cn",
        "ftp://map.cn",
        "https://map.cn/?a=1",
        "https://a b.cn",
        "https://x\n.cn",
    ):
        with pytest.raises(InputError):
            parse_base_url(bad)


def _mail(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "map@example.cn", to, "x"
    mail.set_content("正文")
    return mail


def test_one_refused_address_does_not_stop_the_next() -> None:
    with run_mail_server() as inbox:
        inbox.refused["bad@example.org"] = "550 no such user bad@example.org"
        postman = Postman(parse_mail_server(inbox.url))
        with pytest.raises(MailRefusedError) as error:
            postman.send(_mail("bad@example.org"), "bad@example.org")
        assert error.value.reason == "SMTP 550"
        postman.send(_mail("good@example.org"), "good@example.org")
        inbox.fail_data = "451 later"
        with pytest.raises(MailRefusedError, match="SMTP 451"):
            postman.send(_mail("good@example.org"), "good@example.org")
        inbox.fail_data = ""
        postman.send(_mail("good@example.org"), "good@example.org")
        postman.close()
        assert [to for to, _ in inbox.mails] == ["good@example.org"] * 2
        assert inbox.mails[0][1].get_content().strip() == "正文"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_it_logs_in() -> None:
    with run_mail_server(user="u", password="p") as inbox:
        postman = Postman(parse_mail_server(inbox.url))
        postman.send(_mail("a@example.org"), "a@example.org")
        postman.close()
        assert len(inbox.mails) == 1
        wrong = Postman(parse_mail_server(inbox.url.replace("u:p@", "u:q@")))
        with pytest.raises(MailServerError) as error:
            wrong.send(_mail("a@example.org"), "a@example.org")
        assert "535" in error.value.reason.en and "u:q" not in error.value.reason.en


def test_where_encryption_is_wanted_nothing_is_said_without_it() -> None:
    with run_mail_server() as inbox:
        postman = Postman(parse_mail_server(f"{inbox.url}?starttls=1"))
        with pytest.raises(MailServerError):
            postman.send(_mail("a@example.org"), "a@example.org")
        assert inbox.tried == []


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(MailServerError) as error:
        Postman(parse_mail_server(f"smtp://127.0.0.1:{port}")).send(_mail("a@b.cn"), "a@b.cn")
    assert error.value.fix and f"127.0.0.1:{port}" in error.value.reason.zh
