"""`geomap doctor`: every setting with its origin, and whether the data is ready."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from geomap import build
from geomap.config import SETTINGS, Settings
from geomap.domain.errors import GeomapError
from geomap.domain.words import Label


def _mask(value: str, secret: bool) -> str:
    return "••••" if secret and value else value


def list_settings(environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each setting's variable, value (secrets masked), origin and meaning."""
    rows = []
    for setting in SETTINGS.values():
        given = environ.get(setting.variable, "")
        rows.append(
            {
                "variable": setting.variable,
                "value": _mask(given or setting.default, setting.secret) or "—",
                "origin": "environment" if given else "default",
                "meaning": setting.meaning._asdict(),
            }
        )
    return rows


def _check(ok: bool, good: Label, bad: Label) -> dict[str, Any]:
    return {"ok": ok, "text": (good if ok else bad)._asdict()}


def _check_catalog(settings: Settings) -> dict[str, Any]:
    try:
        catalog = build.open_catalog(settings)
    except GeomapError as error:
        return {"ok": False, "text": error.reason._asdict()}
    sites, units = len(catalog.sites), len(catalog.units)
    zh = f"目录第 {catalog.version} 版：{sites:,} 处、{units:,} 个单元"
    en = f"catalog version {catalog.version}: {sites:,} sites, {units:,} units"
    return {"ok": True, "text": Label(zh, en)._asdict()}


def list_checks(settings: Settings) -> list[dict[str, Any]]:
    """Return the state of boundaries, street network, catalog and disk."""
    shapes = build.locate_shapefiles(settings) / "counties.shp"
    network = build.locate_network(settings)
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent
    free_gb = shutil.disk_usage(folder).free / 1e9
    return [
        _check(
            shapes.exists(),
            Label(f"县界：{shapes}", f"county boundaries: {shapes}"),
            Label("县界还没有建：运行 geomap prepare", "no county boundaries: run geomap prepare"),
        ),
        _check(
            network.exists(),
            Label(f"步行路网：{network}", f"walking network: {network}"),
            Label(
                "没有步行路网：geomap import streets 文件",
                "no walking network: geomap import streets FILE",
            ),
        ),
        _check_catalog(settings),
        _check(
            free_gb > 1,
            Label(f"磁盘剩余 {free_gb:.0f} GB", f"{free_gb:.0f} GB of disk free"),
            Label(f"磁盘只剩 {free_gb:.1f} GB", f"only {free_gb:.1f} GB of disk free"),
        ),
    ]


def examine(settings: Settings, environ: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the settings and the checks as plain values."""
    return {"settings": list_settings(environ), "checks": list_checks(settings)}
