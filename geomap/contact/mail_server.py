"""Where mails go out: the server's address, parsed once, and a connection to it.

`smtplib` and `ssl` are loaded when a mail is sent, not when settings are read.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from geomap.contact.address import parse_address
from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label

if TYPE_CHECKING:
    import smtplib
    from email.message import EmailMessage

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TIMEOUT_S = 20.0
_VARIABLE = "GEOMAP_SMTP_URL"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server: `tls` from the first byte (smtps), or `starttls` before anything is said."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str = ""
    password: str = field(default="", repr=False)


class MailRefusedError(Exception):
    """One mail was refused; others may pass. `reason` holds no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailServerError(GeomapError):
    """The server cannot be reached, or refuses us; no mail can pass."""

    status = 503
    slug = "mail-server"


def parse_mail_server(url: str) -> MailServer:
    """Return the server of a URL as smtp://user:password@host:587?starttls=1.

    A password crosses an open line only on this machine itself.

    Raises
    ------
    InputError
        It is no such URL; its text is not repeated, since it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise _refuse("读不懂", "it cannot be read") from None
    starttls = query.pop("starttls", ["0"])
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path not in ("", "/"):
        raise _refuse("不是 smtp:// 或 smtps:// 加主机", "not smtp:// or smtps:// and a host")
    if query or starttls not in (["0"], ["1"]):
        raise _refuse("只认参数 starttls=1", "its only parameter is starttls=1")
    tls = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password and not tls and starttls == ["0"] and host not in LOOPBACK:
        raise _refuse("密码不能走明文", "a password does not cross an open line")
    default = 465 if tls else 587 if starttls == ["1"] else 25
    return MailServer(host, port or default, tls, starttls == ["1"], user, password)


def parse_sender(text: str) -> str:
    """Return the address that mails come from, "" for none; raises InputError."""
    return parse_address(text, "GEOMAP_SMTP_FROM")


def parse_base_url(text: str) -> str:
    """Return the address at which people open the map, "" for none; raises InputError."""
    try:
        parts = urlsplit(text)
        plain = text.isascii() and text.isprintable() and " " not in text
        good = parts.scheme in ("http", "https") and parts.hostname and plain
        if not text or (good and not parts.query and not parts.fragment and not parts.username):
            return text.rstrip("/")
    except ValueError:
        pass
    raise InputError(
        Label(
            f"GEOMAP_BASE_URL 的值 {text[:80]!r} 不能用",
            f"GEOMAP_BASE_URL {text[:80]!r} is no address",
        ),
        fix=Label("例如 https://map.example.cn", "For example https://map.example.cn"),
        field="GEOMAP_BASE_URL",
    )


class Postman:
    """A connection to the server, opened at the first mail and again after one broke."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage, to: str) -> None:
        """Send a mail to one address.

        Raises
        ------
        MailRefusedError
            The server does not take this mail.
        MailServerError
            The server cannot be reached, or does not take us.
        """
        import smtplib

        line = self._line or self._connect()
        try:
            line.send_message(mail, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0] if error.recipients else 0
            self._reset(line)
            raise MailRefusedError(f"SMTP {code}") from error
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise MailRefusedError("disconnected") from error
        except smtplib.SMTPResponseException as error:
            self._reset(line)
            raise MailRefusedError(f"SMTP {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailRefusedError(type(error).__name__) from error

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(Exception):
                line.quit()

    def _reset(self, line: smtplib.SMTP) -> None:
        import smtplib

        try:
            line.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _connect(self) -> smtplib.SMTP:
        import smtplib
        import ssl

        server = self._server
        try:
            line = (
                smtplib.SMTP_SSL(
                    server.host,
                    server.port,
                    timeout=_TIMEOUT_S,
                    context=ssl.create_default_context(),
                )
                if server.tls
                else smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
            )
            self._line = line
            if server.starttls:
                line.starttls(context=ssl.create_default_context())
            if server.user:
                line.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise _unreachable(server, error) from error
        return line


def _unreachable(server: MailServer, error: Exception) -> MailServerError:
    code = getattr(error, "smtp_code", None)
    why = f"SMTP {code}" if code else type(error).__name__
    at = f"{server.host}:{server.port}"
    return MailServerError(
        Label(f"邮件服务器 {at} 用不了（{why}）", f"The mail server {at} cannot be used ({why})"),
        fix=Label(
            "检查 GEOMAP_SMTP_URL；没发的邮件下次再发",
            "Check GEOMAP_SMTP_URL; mails not sent are sent at the next run",
        ),
        field=_VARIABLE,
    )


def _refuse(zh: str, en: str) -> InputError:
    return InputError(
        Label(f"{_VARIABLE}：{zh}", f"{_VARIABLE}: {en}"),
        fix=Label(
            "例如 smtp://用户:密码@主机:587?starttls=1",
            "For example smtp://user:password@host:587?starttls=1",
        ),
        field=_VARIABLE,
    )
