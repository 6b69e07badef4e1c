"""Work in a process of its own: lines come as they are said, and nothing else comes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from geomap.apart import run_apart

_ECHO = """
import ctypes, sys
from geomap.apart import say, take_stdout
content = sys.stdin.buffer.read()
out = take_stdout()
print("a library greets")
ctypes.CDLL(None).puts(b"in its own way")
say(out, length=len(content))
say(out, done=True)
sys.exit(3)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "echo_of_a_test.py").write_text(_ECHO)
    here = Path(__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{here}")
    return "echo_of_a_test"


def test_only_what_is_said_comes(module: str) -> None:
    heard: list[dict] = []
    assert run_apart(module, b"12345", heard.append) == 3
    assert [line for line in heard if line] == [{"length": 5}, {"done": True}]


def test_who_hears_may_end_it(module: str) -> None:
    def refuse(line: dict) -> None:
        raise KeyError(line.get("length"))

    with pytest.raises(KeyError):
        run_apart(module, b"12345", refuse)
    assert module not in sys.modules


def test_a_process_whose_caller_has_gone_ends_without_a_word(module: str) -> None:
    command = [sys.executable, "-m", module]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.close()
        told = process.stderr.read().decode()
    assert sorted(told.splitlines()) == ["a library greets", "in its own way"], told
    assert process.returncode == 1
