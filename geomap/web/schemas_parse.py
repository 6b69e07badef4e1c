"""Shapes of a sentence and of the demand it becomes, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from geomap.web.schemas import Shape
from geomap.web.schemas_match import Demand


class ParseBody(BaseModel):
    """A sentence, and the day that its dates are relative to."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2000, description="Chinese or English")
    today: str | None = Field(None, description="A day, 2026-11-24; today in Wenzhou if missing")


class UnderstoodSpan(Shape):
    """A span of the text and what it puts into the demand."""

    start: int = Field(ge=0, description="Character of the text, from 0")
    end: int = Field(ge=0, description="First character behind the span")
    text: str
    field: str = Field(description="Field of the demand, dotted: requires.power_kw")
    value: Any
    label: str = Field(description="The value in words, for a chip")
    excludes: bool = Field(description="The value is not wanted: the others are")


class IgnoredSpan(Shape):
    """A span that carries meaning, did not enter the demand, and why."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    reason: Literal[
        "unknown",
        "negated",
        "conflict",
        "no_field",
        "past",
        "vague",
        "unclear",
        "absurd",
        "asks_nothing",
        "business",
        "whole_city",
        "current",
        "ring",
        "event",
    ]
    label: str


class ParseAnswer(Shape):
    """A demand, the spans it came from, and those it did not use; no two spans overlap."""

    demand: Demand
    understood: list[UnderstoodSpan]
    ignored: list[IgnoredSpan]
