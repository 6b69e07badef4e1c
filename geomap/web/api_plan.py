"""The plan: what is asked, what is there, and the records behind each figure."""

from __future__ import annotations

from apiflask import APIBlueprint

bp = APIBlueprint("plan", __name__, url_prefix="/api/v1/plan")
