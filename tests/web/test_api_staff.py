"""Keys over HTTP: who am I, what is refused, and how often one may guess."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from geomap.cli import main
from geomap.domain.words import Label
from geomap.store.operator_keys import make_operator_key
from geomap.store.staff_keys import add_staff, revoke_staff
from geomap.web import schemas_plans
from geomap.web.context import AppContext
from geomap.web.limits import limiter
from geomap.web.staff import StaffNeededError, find_staff, require_staff

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
STAFF = "/api/v1/staff"
OUTSIDE = {"REMOTE_ADDR": "203.0.113.77"}


@pytest.fixture
def key(context: AppContext) -> str:
    return add_staff(context.store, "林招商", now=NOW)[1]


def test_who_am_i(client: FlaskClient, key: str) -> None:
    for scheme in ("Bearer", "bearer"):
        answer = client.get(STAFF, headers={"Authorization": f"{scheme} {key}"})
        schemas_plans.StaffAnswer.model_validate(answer.get_json())
        assert answer.get_json()["name"] == "林招商"
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_key_no_answer(client: FlaskClient, context: AppContext, key: str) -> None:
    operator = make_operator_key(context.store, "o", now=NOW)
    wrong = ["", key, f"Basic {key}", "Bearer", "Bearer gms_", f"Bearer {key}x", "Bearer 密钥"]
    for given in (*wrong, f"Bearer {operator}", f"Bearer gms_{'x' * 300}", "Bearer \0"):
        answer = client.get(STAFF, environ_overrides={"HTTP_AUTHORIZATION": given})
        assert answer.status_code == 401, given
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="staff"'
        body = answer.get_json()
        assert (body["field"], body["type"]) == ("Authorization", "urn:geomap:problem:key-needed")
        assert body["fix"] and key not in str(body)
    revoke_staff(context.store, "林招商")
    assert client.get(STAFF, headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_found_or_not(context: AppContext, key: str) -> None:
    assert find_staff(context, "") is None and find_staff(context, "Bearer gmo_x") is None
    found = find_staff(context, f"Bearer {key}")
    assert found is not None and found == require_staff(context, f"Bearer {key}")
    with pytest.raises(StaffNeededError):
        find_staff(context, "Bearer gms_unknown")
    with pytest.raises(StaffNeededError) as error:
        require_staff(context, "")
    assert isinstance(error.value.reason, Label)


def test_guessing_ends(client: FlaskClient, key: str) -> None:
    limiter.reset()
    right = {"Authorization": f"Bearer {key}"}
    for i in range(20):
        assert client.get(STAFF, headers=right, environ_base=OUTSIDE).status_code == 200
        wrong = {"Authorization": f"Bearer gms_{i}"}
        answer = client.get(STAFF, headers=wrong, environ_base=OUTSIDE)
        assert answer.status_code == 401
    for headers in (right, {"Authorization": "Bearer gms_21"}):
        answer = client.get(STAFF, headers=headers, environ_base=OUTSIDE)
        assert answer.status_code == 429 and answer.get_json()["fix"]
    elsewhere = {"REMOTE_ADDR": "203.0.113.78"}
    assert client.get(STAFF, headers=right, environ_base=elsewhere).status_code == 200
    limiter.reset()


def test_the_command(context: AppContext) -> None:
    env = {"GEOMAP_DATA_DIR": str(context.settings.data_dir)}
    run = CliRunner()
    made = run.invoke(main, ["staff", "add", "林招商"], env=env)
    assert made.exit_code == 0 and made.stdout.startswith("gms_") and "只显示这一次" in made.stderr
    assert require_staff(context, f"Bearer {made.stdout.strip()}").name == "林招商"
    again = run.invoke(main, ["staff", "add", "林招商"], env=env)
    assert again.exit_code == 1 and "已经有密钥" in again.stderr and "gms_" not in again.output
    listed = run.invoke(main, ["staff", "list", "--json"], env=env)
    assert '"林招商"' in listed.stdout and made.stdout.strip() not in listed.output
    assert "林招商" in run.invoke(main, ["--lang", "en", "staff", "list"], env=env).stdout
    assert run.invoke(main, ["staff", "revoke", "林招商"], env=env).exit_code == 0
    assert run.invoke(main, ["staff", "revoke", "林招商"], env=env).exit_code == 1
    with pytest.raises(StaffNeededError):
        require_staff(context, f"Bearer {made.stdout.strip()}")
