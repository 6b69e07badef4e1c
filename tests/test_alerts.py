"""`geomap alerts` against a real mail server on loopback."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from geomap import alerts as module
from geomap.alerts import run_alerts
from geomap.cli import main
from geomap.store import write
from geomap.store.searches import get_search
from geomap.web import create_app
from geomap.web.context import AppContext
from tests.mail import Inbox, run_mail_server
from tests.web.conftest import settings_of
from tests.web.world import TODAY, build_world

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
A, B = "a@example.org", "b@example.org"
LABS = {"unit_kinds": ["lab", "office"], "counties": ["330303"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alerts")
    build_world(folder)
    return folder


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with run_mail_server() as inbox:
        yield inbox


class City:
    """A served city with a clock that can be moved."""

    def __init__(self, folder: Path, inbox: Inbox) -> None:
        self.now, self.folder = NOW, folder
        self.environ = {
            "GEOMAP_SMTP_URL": inbox.url,
            "GEOMAP_SMTP_FROM": "map@example.cn",
            "GEOMAP_BASE_URL": "https://map.example.cn",
        }
        app = create_app(settings_of(folder, **self.environ))
        self.client: FlaskClient = app.test_client()
        self.context: AppContext = app.extensions["geomap.context"]
        self.context.follower._interval = 0.0

    def keep(self, email: str, **more: Any) -> str:
        body = {"name": "实验室", "demand": LABS, "email": email} | more
        answer = self.client.post("/api/v1/searches", json=body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.get_json()["id"])

    def vacate(self, unit: str = "a2", status: str = "vacant") -> None:
        with self.context.store.writing("test") as tx:
            query = f"SELECT version FROM units WHERE id = '{unit}'"
            version = int(tx.connection.exec_driver_sql(query).scalar() or 0)
            patch = {"status": status, "free_from": None, "verified_at": NOW}
            write.update_unit(tx, unit, patch, version=version)

    def run(self, **later: float) -> module.Report:
        self.now += timedelta(**(later or {"minutes": 5}))
        return run_alerts(self.context)

    def confirm(self, inbox: Inbox, email: str) -> None:
        for mail in inbox.to(email):
            for path in re.findall(r"/mail/confirm/[\w-]+", mail.get_content()):
                assert self.client.post(path).status_code == 200


@pytest.fixture
def city(
    world: Path, tmp_path: Path, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[City]:
    city = City(Path(shutil.copytree(world, tmp_path / "data")), inbox)
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)
    monkeypatch.setattr(AppContext, "now", lambda self: city.now)
    yield city
    city.context.close()


def test_asked_confirmed_told_stopped(city: City, inbox: Inbox) -> None:
    search = city.keep(A)
    city.vacate()
    first = city.run()
    assert (first.new, first.questions, first.news, first.failed) == (1, 1, 0, [])
    (question,) = inbox.to(A)
    assert "实验室" not in question.as_string() and "实验室" not in question.get_content()
    assert (city.run().questions, len(inbox.mails)) == (0, 1), "asked once, told nothing"
    city.confirm(inbox, A)
    assert city.run().news == 1
    news = inbox.to(A)[1]
    assert news["Subject"] == "1 套新的合适空间：实验室"
    text = news.get_content()
    assert "阿尔法孵化器" in text and "https://map.example.cn/?site=alpha&unit=a2" in text
    assert f"https://map.example.cn/?saved={search}" in text
    stop = re.findall(r"https://map.example.cn(/mail/stop/[\w-]+)", news["List-Unsubscribe"])
    assert stop and stop[0] in text
    assert city.client.post(stop[0], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    city.vacate(status="leased")
    city.run()
    city.vacate()
    assert (city.run(days=3).news, len(inbox.mails)) == (0, 2)


def test_at_most_one_mail_a_day(city: City, inbox: Inbox) -> None:
    city.keep(A)
    city.run()
    city.confirm(inbox, A)
    city.vacate()
    assert city.run().news == 1
    city.vacate("a1", "leased")
    city.run()
    city.vacate("a1")
    assert (city.run().news, city.run(hours=23).news) == (0, 0)
    assert city.run(hours=1).news == 1
    assert len(inbox.to(A)) == 3 and "1 套" in inbox.to(A)[2]["Subject"]
    assert city.run(days=5).news == 0, "nothing new, no mail"


def test_a_stranger_s_address_gets_one_mail_whatever_is_tried(city: City, inbox: Inbox) -> None:
    for _ in range(3):
        search = city.keep(A, name="买我的东西 evil.example")
        city.run()
        city.client.delete(f"/api/v1/searches/{search}")
        city.keep(A.upper().replace("EXAMPLE.ORG", "example.org"))
    city.vacate()
    for days in (1, 1, 8, 8):
        city.run(days=days)
    assert len(inbox.mails) == 1
    assert "evil" not in inbox.mails[0][1].get_content()


def test_one_bad_address_does_not_stop_the_others(city: City, inbox: Inbox) -> None:
    bad, good = city.keep(A), city.keep(B)
    inbox.refused[A] = "550 no such user"
    report = city.run()
    assert report.questions == 1
    (failed,) = report.failed
    number = get_search(city.context.store, bad).number
    assert (failed["search"], failed["step"]) == (number, "question")
    assert "550" in failed["reason"]["en"]
    assert A not in str(report.to_json()) and bad not in str(report.to_json())
    inbox.refused.clear()
    again = city.run()
    assert (again.questions, again.failed) == (1, []), "tried again at the next run"
    for email in (A, B):
        city.confirm(inbox, email)
    city.vacate()
    inbox.refused[A] = "452 full"
    report = city.run()
    assert (report.news, len(report.failed)) == (1, 1)
    inbox.refused.clear()
    assert city.run().news == 1
    assert len(inbox.to(A)) == len(inbox.to(B)) == 2
    assert get_search(city.context.store, good).mail_state == "confirmed"


def test_a_server_that_is_down_loses_nothing(city: City, inbox: Inbox) -> None:
    city.keep(A)
    url = city.context.settings.smtp_url
    object.__setattr__(city.context.settings, "smtp_url", "smtp://127.0.0.1:1")
    report = city.run()
    (failed,) = report.failed
    assert (failed["search"], failed["step"], report.questions) == (None, "mail", 0)
    object.__setattr__(city.context.settings, "smtp_url", url)
    assert city.run().questions == 1 and len(inbox.mails) == 1


def test_one_search_that_fails_does_not_stop_the_others(
    city: City, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = city.keep(""), city.keep("")
    real = module.check_search

    def check(context: AppContext, search: Any) -> Any:
        if search.id == first:
            raise ZeroDivisionError(A)
        return real(context, search)

    monkeypatch.setattr(module, "check_search", check)
    city.vacate()
    report = city.run()
    assert (report.searches, report.checked, report.new) == (2, 1, 1)
    assert [row["step"] for row in report.failed] == ["check"] and A not in str(report.failed)
    assert get_search(city.context.store, second).checked_at > NOW


def test_without_a_server_searches_are_checked_all_the_same(city: City, inbox: Inbox) -> None:
    city.keep(A)
    object.__setattr__(city.context.settings, "smtp_url", "")
    city.vacate()
    report = city.run()
    assert (report.mail, report.new, report.failed) == (False, 1, [])
    assert inbox.mails == []


def test_progress_and_leads(city: City) -> None:
    for _ in range(3):
        city.keep("")
    body = {
        "site_id": "alpha", "name": "王", "phone": "13800138765", "wish": "message",
        "message": "x", "consent": True, "consent_version": "2026-11/90",
    }  # fmt: skip
    assert city.client.post("/api/v1/leads", json=body).status_code == 201
    told: list[tuple[int, int]] = []
    city.now += timedelta(days=90)
    report = run_alerts(city.context, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)] and report.leads_deleted == 1


def test_the_command(city: City, inbox: Inbox) -> None:
    city.keep(A)
    city.vacate()
    run = CliRunner(env={"GEOMAP_DATA_DIR": str(city.folder), **city.environ})
    inbox.refused[A] = "550 no"
    failed = run.invoke(main, ["alerts"], catch_exceptions=False)
    assert failed.exit_code == 1 and "question" in failed.stderr and "1/1" in failed.stdout
    inbox.refused.clear()
    done = run.invoke(main, ["--lang", "en", "alerts", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    assert orjson.loads(done.stdout)["questions"] == 1
    assert len(inbox.to(A)) == 1
