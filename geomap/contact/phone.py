"""Phone numbers as people write them, normalised to E.164."""

from __future__ import annotations

import re
import unicodedata

from geomap.domain.errors import InputError
from geomap.domain.words import Label

_BETWEEN = re.compile(r"[\s\-‐-―()]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
"""Trunk 0, area code (two digits for 10 and 2x, else three), seven or eight digits."""
_ABROAD = re.compile(r"[1-9]\d{7,14}")
MOST = 40


def parse_phone(value: object, field: str = "phone") -> str:
    """Return a number as E.164, such as "+8613800138000" or "+8657788888888".

    Chinese mobile numbers, Chinese landlines with their area code (with or without the
    trunk 0 behind +86), and numbers of other countries with "+" and country code
    (ITU-T E.164: at most 15 digits). Blanks, hyphens and brackets between digits and
    full-width digits are taken.

    Raises
    ------
    InputError
        It is none of these.
    """
    if not isinstance(value, str) or not 0 < len(value) <= MOST:
        raise _refuse(field)
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", value))
    if not text.isascii():
        raise _refuse(field)
    if text.startswith("00"):
        text = "+" + text[2:]
    if text.startswith("+") and not text.startswith("+86"):
        if _ABROAD.fullmatch(text[1:]):
            return text
        raise _refuse(field)
    national = text.removeprefix("+86")
    if _MOBILE.fullmatch(national):
        return "+86" + national
    trunk = national if national.startswith("0") else f"0{national}"
    dialled = trunk if text.startswith("+86") else national
    if _LANDLINE.fullmatch(dialled):
        return "+86" + dialled[1:]
    raise _refuse(field)


def _refuse(field: str) -> InputError:
    return InputError(
        Label("不是能拨通的电话号码", "This is no phone number that can be called"),
        fix=Label(
            "写手机号 13800138000、带区号的座机 0577-88888888，或 + 国家代码",
            "Give a mobile number, a landline with area code, or + and the country code",
        ),
        field=field,
    )
