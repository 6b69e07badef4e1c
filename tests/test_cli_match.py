"""``geomap match``: the answer of the API on stdout, and why one unit fits or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.web.context import AppContext
from geomap.web.schemas_match import ExplainAnswer, MatchAnswer
from tests.web.world import TODAY, build_world


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("match")
    build_world(folder)
    return folder


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)


def run(data_dir: Path, demand: object, *args: str, language: str = "zh") -> Result:
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": language}
    text = demand if isinstance(demand, str) else json.dumps(demand)
    return CliRunner(env=environ).invoke(main, ["match", "-", *args], input=text)


def test_the_answer_of_the_api(data_dir: Path) -> None:
    result = run(data_dir, {"unit_kinds": ["lab"]}, "--limit", "1")
    assert result.exit_code == 0, result.output
    answer = MatchAnswer.model_validate(json.loads(result.stdout))
    assert (answer.total, len(answer.candidates), answer.next) == (2, 1, 1)


def test_one_unit_is_explained(data_dir: Path) -> None:
    asked = {"unit_kinds": ["lab"], "rent_cny_m2_month_max": 25}
    result = run(data_dir, asked, "--explain", "a1")
    assert result.exit_code == 0, result.output
    answer = ExplainAnswer.model_validate(json.loads(result.stdout))
    assert (answer.fits, answer.refused_by) == (False, "rent")
    assert next(r for r in answer.rules if r.name == "rent").reason.endswith("高于上限 12%")
    english = run(data_dir, asked, "--explain", "b1", language="en")
    assert json.loads(english.stdout)["fits"] is True


@pytest.mark.parametrize(
    ("demand", "args", "said"),
    [
        ({"area_m2": {"min": 9, "max": 3}}, (), "The least area exceeds the greatest"),
        ({"industry": "alchemy"}, (), "There is no industry 'alchemy'"),
        ({}, ("--explain", "none"), "There is no unit none"),
        ("{", (), "Not valid JSON"),
    ],
)
def test_refusals(data_dir: Path, demand: object, args: tuple[str, ...], said: str) -> None:
    result = run(data_dir, demand, *args, language="en")
    assert result.exit_code == 1 and said in result.stderr
