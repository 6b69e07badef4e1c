"""Settings of the service, read once from ``GEOMAP_*`` variables into a frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geomap.domain.errors import InputError
from geomap.domain.words import Label


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its variable, default and meaning."""

    variable: str
    default: str
    meaning: Label
    secret: bool = False


SETTINGS = {
    "data_dir": Setting(
        "GEOMAP_DATA_DIR",
        "var",
        Label("数据目录：库、路网、缓存", "Folder of the store, street graphs and caches"),
    ),
    "database_url": Setting(
        "GEOMAP_DATABASE_URL",
        "",
        Label(
            "PostgreSQL 地址；空则用数据目录里的 GeoPackage",
            "PostgreSQL URL; empty: the GeoPackage in the data folder",
        ),
        secret=True,
    ),
    "region": Setting(
        "GEOMAP_REGION",
        "330300",
        Label("根行政区代码，any 不限", "Root adcode; any takes data from anywhere"),
    ),
    "secret_key": Setting(
        "GEOMAP_SECRET_KEY",
        "",
        Label("会话与令牌的密钥", "Key of sessions and tokens"),
        secret=True,
    ),
    "public": Setting(
        "GEOMAP_PUBLIC",
        "0",
        Label("对公众开放（要审图号和密钥）", "Open to the public (needs approval number and key)"),
    ),
    "approval_number": Setting(
        "GEOMAP_APPROVAL_NUMBER", "", Label("审图号", "Map approval number")
    ),
    "display_frame": Setting(
        "GEOMAP_DISPLAY_FRAME",
        "wgs84",
        Label("地图显示坐标：wgs84 或 gcj02", "Frame the map is shown in: wgs84 or gcj02"),
    ),
    "tianditu_key": Setting(
        "GEOMAP_TIANDITU_KEY", "", Label("天地图密钥", "Tianditu key"), secret=True
    ),
    "token_metrics": Setting(
        "GEOMAP_TOKEN_METRICS",
        "",
        Label("/metrics 的令牌（非本机访问）", "Token for /metrics from other hosts"),
        secret=True,
    ),
}
"""Every setting, in the order `geomap doctor` prints them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Parsed settings; see :data:`SETTINGS` for the meaning of each."""

    data_dir: Path
    database_url: str
    region: str = "330300"
    secret_key: str = ""
    public: bool = False
    approval_number: str = ""
    display_frame: str = "wgs84"
    tianditu_key: str = ""
    token_metrics: str = ""


def _require_choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        variable, listed = SETTINGS[name].variable, ", ".join(choices)
        raise InputError(
            Label(
                f"{variable} 的值 {value!r} 不认识", f"{variable} has the unknown value {value!r}"
            ),
            fix=Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
            field=variable,
        )
    return value


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Parse the settings from environment variables.

    Raises
    ------
    InputError
        A value is not understood, or public mode lacks what it must have.
    """
    values = {name: environ.get(s.variable, "") or s.default for name, s in SETTINGS.items()}
    data_dir = Path(values["data_dir"]).expanduser().resolve()
    public = _require_choice("public", values["public"], ("0", "1")) == "1"
    for name in ("approval_number", "secret_key"):
        if public and not values[name]:
            variable = SETTINGS[name].variable
            raise InputError(
                Label(f"公开模式缺少 {variable}", f"Public mode needs {variable}"),
                fix=Label(
                    f"设置 {variable}，或取消 GEOMAP_PUBLIC",
                    f"Set {variable}, or unset GEOMAP_PUBLIC",
                ),
                field=variable,
            )
    return Settings(
        data_dir=data_dir,
        database_url=values["database_url"] or f"sqlite:///{data_dir / 'geomap.gpkg'}",
        region=values["region"],
        secret_key=values["secret_key"],
        public=public,
        approval_number=values["approval_number"],
        display_frame=_require_choice("display_frame", values["display_frame"], ("wgs84", "gcj02")),
        tianditu_key=values["tianditu_key"],
        token_metrics=values["token_metrics"],
    )
