"""How the tests are shared between the workers of pytest-xdist."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/browser/"
FIRST = ("browser", "packaging")
"""Marks of what takes longest in one piece. Begun last, it would keep one worker busy alone."""


class OneBrowser(LoadFileScheduling):
    """Give out whole files, and all files that drive the browser to one worker.

    A file's fixtures are then made once. Two Chromiums at a time, which draw maps without a
    graphics card, would slow each other down until pages miss their waits; and the demonstration
    city of the pages, with its server, would be built by each worker.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return BROWSER if file.startswith(BROWSER) else file


def rank(marks: set[str]) -> int:
    """Return where a test with these marks stands among all."""
    return next((i for i, mark in enumerate(FIRST) if mark in marks), len(FIRST))
