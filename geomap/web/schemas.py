"""Shapes of requests and answers, for the OpenAPI document."""

from __future__ import annotations
