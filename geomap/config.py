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
    "base_url": Setting(
        "GEOMAP_BASE_URL",
        "",
        Label(
            "公众打开地图的网址，写进邮件里的链接",
            "Address at which people open the map, for links in mails",
        ),
    ),
    "smtp_url": Setting(
        "GEOMAP_SMTP_URL",
        "",
        Label(
            "发邮件的服务器：smtp://用户:密码@主机:587?starttls=1 或 smtps://；空则不发",
            "Mail server: smtp://user:password@host:587?starttls=1 or smtps://; empty: no mail",
        ),
        secret=True,
    ),
    "smtp_from": Setting(
        "GEOMAP_SMTP_FROM", "", Label("邮件的发件地址", "Address that mails come from")
    ),
    "lead_days": Setting(
        "GEOMAP_LEAD_DAYS",
        "90",
        Label("预约和留言保存几天（1–730）", "Days that leads are kept (1 to 730)"),
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
    base_url: str = ""
    smtp_url: str = ""
    smtp_from: str = ""
    lead_days: int = 90


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


def _require_days(text: str) -> int:
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= 730:
        return int(text)
    variable = SETTINGS["lead_days"].variable
    raise InputError(
        Label(f"{variable} 的值 {text!r} 不能用", f"{variable} cannot be {text!r}"),
        fix=Label("写 1 到 730 的天数", "Give a number of days from 1 to 730"),
        field=variable,
    )


def _require_mail(values: Mapping[str, str]) -> None:
    """Refuse a mail server that cannot be used, or mails without sender or links."""
    from geomap.contact.mail_server import parse_base_url, parse_mail_server, parse_sender

    parse_base_url(values["base_url"])
    parse_sender(values["smtp_from"])
    if not values["smtp_url"]:
        return
    parse_mail_server(values["smtp_url"])
    for name in ("smtp_from", "base_url"):
        if not values[name]:
            variable = SETTINGS[name].variable
            raise InputError(
                Label(f"要发邮件，缺少 {variable}", f"To send mails {variable} is needed"),
                fix=Label(f"设置 {variable}", f"Set {variable}"),
                field=variable,
            )


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
    _require_mail(values)
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
        base_url=values["base_url"].rstrip("/"),
        smtp_url=values["smtp_url"],
        smtp_from=values["smtp_from"],
        lead_days=_require_days(values["lead_days"]),
    )
