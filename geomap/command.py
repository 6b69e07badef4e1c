"""What every command of `geomap` shares: its language, its refusals, JSON on stdout."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from geomap.domain.errors import GeomapError
from geomap.domain.words import Label

F = TypeVar("F", bound=Callable[..., Any])


def language() -> str:
    """Return the language of the running command, "zh" or "en"."""
    context = click.get_current_context(silent=True)
    chosen = context.find_root().params.get("lang") if context else ""
    return chosen or "zh"


def say(text: Label, *, err: bool = False) -> None:
    """Print a text in the language of the command."""
    click.echo(getattr(text, language()), err=err)


def refuse_clearly(function: F) -> F:
    """Turn errors that a user can act on into a line on stderr and exit status 1."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except GeomapError as error:
            place = f"{error.field}: " if error.field else ""
            click.secho(f"✗ {place}{getattr(error.reason, language())}", fg="red", err=True)
            if error.fix:
                click.echo(f"  → {getattr(error.fix, language())}", err=True)
            sys.exit(1)

    return wrapper  # type: ignore[return-value]


def write_json(value: object) -> None:
    """Write a value as JSON on stdout."""
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
