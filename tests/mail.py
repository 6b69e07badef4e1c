"""A mail server of the tests' own, on loopback, at a free port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Inbox:
    """What came in; addresses in `refused` are refused, `login` is the one that may send."""

    url: str = ""
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    fail_data: str = ""
    tried: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - named by the library
        self, _server: Any, _session: Any, envelope: Any, address: str, *_: Any
    ) -> str:
        self.tried.append(address)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.fail_data:
            return self.fail_data
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        (to,) = envelope.rcpt_tos
        self.mails.append((to, mail))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address."""
        return [mail for to, mail in self.mails if to == address]


class _OnAnyPort(Controller):
    """A controller whose port the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def run_mail_server(*, user: str = "", password: str = "") -> Iterator[Inbox]:
    """Give the inbox of a running server; with a user only who logs in may send."""
    inbox = Inbox()

    def check(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> AuthResult:
        wanted = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=data == wanted, handled=False)

    more: dict[str, Any] = {}
    if user:
        more = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    controller = _OnAnyPort(inbox, hostname="127.0.0.1", port=0, **more)
    controller.start()
    login = f"{user}:{password}@" if user else ""
    inbox.url = f"smtp://{login}127.0.0.1:{controller.port}"
    try:
        yield inbox
    finally:
        controller.stop()
