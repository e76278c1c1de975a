"""Laws of the school's calendar: working days counted by brute force agree, days begin at local midnight."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import SchoolCalendar, date_of, day_number, week_start

UFA = ZoneInfo("Asia/Yekaterinburg")
CALENDAR = SchoolCalendar.build(UFA, "RU", 5, (2023, 2025))
SIX_DAYS = SchoolCalendar.build(UFA, "RU", 6, (2023, 2025))
days = st.dates(date(2022, 6, 1), date(2026, 6, 1)).map(day_number)


def working(day: date, calendar: SchoolCalendar = CALENDAR) -> bool:
    return bool(calendar.is_working(np.array([day_number(day)]))[0])


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2023, 11, 6), False),  # moved from Sunday 1 January
        (date(2024, 4, 27), True),  # a Saturday that works for Monday 29 April
        (date(2024, 4, 29), False),
        (date(2024, 11, 2), True),
        (date(2024, 11, 4), False),
        (date(2024, 10, 31), True),  # school vacations are working days of the staff
    ],
)
def test_state_calendar_with_transfers(day: date, works: bool) -> None:
    """Transferred days off and working Saturdays are those of the state's decree."""
    assert working(day) == works


def test_saturday_works_in_a_six_day_week() -> None:
    """A plain Saturday is off in a week of five days and works in one of six."""
    saturday = date(2024, 3, 16)

    assert (working(saturday), working(saturday, SIX_DAYS)) == (False, True)


def test_own_days_win_over_the_states() -> None:
    """The school's own order makes a Sunday work and a Monday free; the later order wins."""
    sunday, monday = day_number(date(2024, 3, 17)), day_number(date(2024, 3, 18))
    own = [(sunday, True, "приказ"), (monday, True, "раньше"), (monday, False, "позже")]
    calendar = SchoolCalendar.build(UFA, "RU", 5, (2024, 2024), own)

    assert calendar.is_working(np.array([sunday, monday])).tolist() == [True, False]


@given(day=days, n=st.integers(1, 15))
def test_working_days_are_counted_one_by_one(day: int, n: int) -> None:
    """The n-th working day is the one that counting day by day arrives at."""
    counted, at = 0, day
    while counted < n:
        at += 1
        counted += bool(CALENDAR.is_working(np.array([at]))[0])

    assert int(CALENDAR.add_working_days(np.array([day]), n)[0]) == at
    assert CALENDAR.working_between(day, at)[-1] == at
    assert len(CALENDAR.working_between(day, at)) == n


@given(first=days, second=days, n=st.integers(1, 15))
def test_terms_keep_the_order_of_days(first: int, second: int, n: int) -> None:
    """A term that begins later never ends earlier, and a longer term never ends earlier."""
    early, late = sorted((first, second))
    ends = CALENDAR.add_working_days(np.array([early, late]), n)

    assert ends[0] <= ends[1]
    assert CALENDAR.add_working_days(np.array([early]), n + 1)[0] > ends[0]


@given(day=days)
def test_rolling_gives_the_nearest_working_day(day: int) -> None:
    """Rolling forward or back stays on a working day and skips none."""
    forward, back = int(CALENDAR.roll(np.array([day]))[0]), int(CALENDAR.roll_back(np.array([day]))[0])

    assert CALENDAR.is_working(np.array([forward, back])).all()
    assert CALENDAR.working_between(day - 1, forward)[0] == forward
    assert not CALENDAR.working_between(back, day)


@given(day=days, seconds=st.integers(0, 86399))
def test_an_instant_lies_in_the_day_whose_midnight_it_follows(day: int, seconds: int) -> None:
    """Local midnight begins the day; the last second before it belongs to the day before."""
    begin = CALENDAR.midnight(np.array([day]))

    assert CALENDAR.day_of(begin + np.timedelta64(seconds, "s"))[0] == day
    assert CALENDAR.day_of(begin - np.timedelta64(1, "us"))[0] == day - 1


@given(day=days)
def test_weeks_begin_on_monday(day: int) -> None:
    """The week of a day starts on the Monday at most six days before it."""
    monday = date_of(int(week_start(np.array([day]))[0]))

    assert monday.weekday() == 0
    assert timedelta(0) <= date_of(day) - monday < timedelta(7)


def test_holidays_of_kyrgyzstan_in_russian() -> None:
    """Reasons stand in explanations, which are Russian."""
    calendar = SchoolCalendar.build(UFA, "KG", 5, (2023, 2023))
    reasons = [calendar.reasons[day_number(date(2023, 11, day))] for day in (6, 7)]

    assert ["Выходной (перенесено с 11.11.2023)", "Дни истории и памяти предков"] == reasons
