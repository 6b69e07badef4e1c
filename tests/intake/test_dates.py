"""Days and moments as people and spreadsheets write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.intake.dates import CITY_TIME, EXCEL_EPOCH, parse_day, parse_moment
from geomap.intake.values import BadValueError

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "2026年3月1日",
        "2026 年 3 月 1 日",
        "2026年3月1号",
        "２０２６年３月１日",
        "20260301",
        20260301,
        20260301.0,
        "2026-03-01 09:30",
        "2026-03-01T09:30:00Z",
        "2026-03-01 00:00:00",
        46082,
        46082.5,
        "46082",
    ],
)
def test_one_day_in_every_form(cell):
    assert parse_day(cell).value == date(2026, 3, 1)


def test_what_is_assumed_is_noted():
    assert parse_day("2026年3月")[::2] == (date(2026, 3, 1), "no_day")
    assert parse_day("2026-03")[::2] == (date(2026, 3, 1), "no_day")
    assert parse_day(2026)[::2] == (date(2026, 1, 1), "no_month")
    assert parse_day("2026年")[::2] == (date(2026, 1, 1), "no_month")
    assert parse_day(46082)[::2] == (date(2026, 3, 1), "serial")
    assert parse_day("2026-03-01").note is None


@pytest.mark.parametrize(
    "cell",
    [
        *("3/1/2026", "1/3/26", "2026-02-30", "2026-13-01", "20261301", "9999", "明天"),
        *("2026-3-1-1", "0000-00-00", "2026-03-01 25:00x", 0, 12, 1e9, True),
    ],
)
def test_what_is_no_day(cell):
    with pytest.raises(BadValueError) as refused:
        parse_day(cell)
    assert refused.value.code == "not_a_date"


@given(DAYS)
def test_a_day_written_is_read_again(day):
    forms = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        (day - EXCEL_EPOCH).days,
    )
    for form in forms:
        assert parse_day(form).value == day


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))
def test_a_moment_written_is_read_again(moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_moment(moment.isoformat()).value == moment
    assert parse_moment(f"{moment:%Y-%m-%dT%H:%M:%SZ}").value == moment
    local = moment.astimezone(CITY_TIME)
    if local.utcoffset() == timedelta(hours=8):
        assert parse_moment(f"{local:%Y-%m-%d %H:%M:%S}").value == moment


def test_a_day_alone_is_its_midnight_in_wenzhou():
    parsed = parse_moment("2026-03-01")
    assert parsed.value == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert parse_moment("2026年3月1日 09:30").value == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["2026-03-01 25:00", "2026-03-01 10:61", "09:30"])
def test_a_time_that_cannot_be(cell):
    with pytest.raises(BadValueError):
        parse_moment(cell)


def test_a_serial_keeps_its_time():
    assert parse_moment(46082.25).value == datetime(2026, 2, 28, 22, tzinfo=UTC)


@given(st.one_of(st.text(max_size=25), st.floats(), st.integers()))
def test_any_cell_is_read_or_refused(cell):
    for parser in (parse_day, parse_moment):
        try:
            parser(cell)
        except BadValueError as error:
            assert error.reason.zh
