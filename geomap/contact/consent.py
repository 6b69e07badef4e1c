"""What someone agrees to who leaves name and phone: a text with a version, never changed.

A version names the wording and the days after which a lead is deleted, so that what was
agreed to can be read again from the version alone. A new wording is a new entry.
"""

from __future__ import annotations

from geomap.domain.errors import InputError, NotFoundError
from geomap.domain.words import Label

_WORDINGS = {
    "2026-11": Label(
        "我同意把姓名、电话和上面的留言交给这个载体的运营机构，只用来联系我看房或答复我。"
        "除本地图的管理员外，其他人看不到；{days} 天后自动删除；我可以随时用撤回链接删除。",
        "I agree that my name, my phone number and the message above are given to the operator "
        "of this site, only to contact me about a visit or an answer. Nobody else can see them but "
        "the administrators of this map; they are deleted after {days} days; I can delete them at "
        "any time by the link that I get.",
    ),
}
_NEWEST = "2026-11"


def consent_version(days: int) -> str:
    """Return the version that is shown where leads are kept for so many days."""
    return f"{_NEWEST}/{days}"


def consent_text(version: str) -> Label:
    """Return what a version says; raises NotFoundError."""
    wording, _, days = version.partition("/")
    if wording not in _WORDINGS or not days.isdecimal():
        raise NotFoundError(Label("没有这一版文字", "There is no such version"), field="version")
    text = _WORDINGS[wording]
    return Label(text.zh.format(days=int(days)), text.en.format(days=int(days)))


def require_consent(given: object, version: object, *, days: int) -> str:
    """Return the version that was agreed to.

    Raises
    ------
    InputError
        There is no consent, or it is to another version than the one in force.
    """
    if given is not True:
        raise InputError(
            Label("没有同意，不能留下姓名和电话", "Without consent no name or phone is kept"),
            fix=Label("读过说明后勾选同意", "Read the text and tick that you agree"),
            field="consent",
        )
    wanted = consent_version(days)
    if version != wanted:
        raise InputError(
            Label("同意的说明不是现在这一版", "The text agreed to is not the present one"),
            fix=Label(
                "重新打开页面，读现在的说明再同意", "Open the page again and read the present text"
            ),
            field="consent_version",
        )
    return wanted
