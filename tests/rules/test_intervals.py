"""How often duties come back: the forms of `every`, their intervals, which act counts for which interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.wording import language
from policies.positions import PolicyError
from rules.calendar import date_of
from rules.interval_acts import fulfilled
from rules.interval_rows import intervals
from rules.intervals import Every
from rules.norm import Scope
from tests.conftest import event
from tests.rules.duties import BEFORE, SCHOOL, on
from tests.rules.norms import lesson, policies_of, setting_of


def spans(log, every: Every, per: str = "school", as_of: str = "2025-08-01T00:00:00+05:00") -> list[tuple[str, str, str]]:
    """Give the intervals as (owner, first, last)."""
    setting = setting_of(log, as_of)
    rows = intervals(every, Scope(), setting, per)
    domain = "class" if per == "class" else "person"
    return [
        (setting.journal.name(domain, owner) or "", str(date_of(first)), str(date_of(last)))
        for owner, first, last in rows[["owner", "first", "last"]].itertuples(index=False)
    ]


def test_weeks_and_months_are_those_with_lessons(log_of) -> None:
    """A week or month without a lesson, the autumn holidays for instance, is no interval."""
    log = log_of([*SCHOOL, *on("09-02", "09-06", "10-24", "11-06")])

    assert [("", "2024-09-02", "2024-09-08"), ("", "2024-10-21", "2024-10-27")] == spans(log, Every(week=True))[:2]
    # September began on the 1st, before the school year did.
    assert [("", "2024-10-01", "2024-10-31"), ("", "2024-11-01", "2024-11-30")] == spans(log, Every(month=True))
    assert [("", "2024-09-02", "2024-09-02"), ("", "2024-09-06", "2024-09-06")] == spans(log, Every(day="school"))[:2]


def test_an_interval_that_began_before_duties_count_is_not_judged(log_of) -> None:
    """The first quarter declared is the beginning: the week into which it falls on a Tuesday began before it."""
    log = log_of([SCHOOL[1], *SCHOOL[2:], *on("11-05", "11-07", "11-12")])

    assert [("", "2024-11-11", "2024-11-17")] == spans(log, Every(week=True))


def test_every_calendar_day_up_to_now(log_of) -> None:
    """Weekends and days without lessons are days, none later than `as_of` is."""
    found = spans(log_of([*SCHOOL, *on("09-02")]), Every(day="all"), as_of="2024-09-10T12:00:00+05:00")

    assert [f"2024-09-{day:02}" for day in range(2, 11)] == [first for _owner, first, _last in found]


def test_a_class_has_the_weeks_of_its_own_lessons(log_of) -> None:
    """The other class's week owes nothing."""
    log = log_of([*SCHOOL, *on("09-03"), *on("09-03", "09-10", class_="8Б")])

    assert [
        ("7А", "2024-09-02", "2024-09-08"),
        ("8Б", "2024-09-02", "2024-09-08"),
        ("8Б", "2024-09-09", "2024-09-15"),
    ] == spans(log, Every(week=True), "class")


def test_periods_are_the_grades_own(log_of) -> None:
    """With quarters and half-years declared, grade 10 has the half-years; a period in which a class has no lesson is none of its."""
    half = event(20, "period.set", BEFORE, period="H1", kind="half_year", starts="2024-09-02", ends="2024-12-28")
    senior = event(21, "class.formed", BEFORE, class_="10А", grade=10)
    log = log_of([*SCHOOL, half, senior, *on("09-03"), lesson(99, "2024-09-03", class_="10А")])

    assert [("10А", "2024-09-02", "2024-12-28"), ("7А", "2024-09-02", "2024-10-25")] == spans(
        log, Every(period=("quarter", "half_year")), "class"
    )


def test_a_teacher_who_left_in_the_middle_of_the_period_owes_nothing_for_it(log_of) -> None:
    """The teacher of the last lessons does, once, whatever the number of classes; a substitute does not."""
    lessons = [
        lesson(1, "2024-09-03", teacher="t-01"),
        lesson(2, "2024-10-03", teacher="t-02"),
        lesson(3, "2024-10-04", teacher="t-02", class_="8Б"),
    ]
    substituted = event(20, "lesson.substituted", "2024-10-04T08:00:00+05:00", lesson="L-3", teacher="t-03")

    assert [("t-02", "2024-09-02", "2024-10-25")] == spans(
        log_of([*SCHOOL, *lessons, substituted]), Every(period=("quarter",), grace_working_days=5), "teacher"
    )


def test_what_follows_two_periods_that_end_together_is_owed_once(log_of) -> None:
    """The fourth quarter and the year end on one day."""
    year = event(20, "period.set", BEFORE, period="Y", kind="year", starts="2024-09-02", ends="2024-12-28")
    log = log_of([*SCHOOL, year, *on("09-03", "11-12")])

    assert ["2024-10-25", "2024-12-28"] == [last for _o, _f, last in spans(log, Every(period=("quarter", "year"), grace_days=7))]
    assert 3 == len(spans(log, Every(period=("quarter", "year"))))


def test_once_is_once_a_school_year(log_of) -> None:
    """A year whose periods do not reach into the spring ends on 31 May."""
    assert [("", "2024-09-02", "2025-05-31")] == spans(log_of([*SCHOOL, *on("09-03")]), Every(once=True))


# ---- which act counts ------------------------------------------------------------------------------------------------------------

ROW = {"key": 0, "first": 100, "last": 106, "begins": 100, "closes": 104, "since": 100, "upto": 106, "limit": np.datetime64(107, "D")}
AFTER = ROW | {"since": 104, "upto": 113, "limit": np.datetime64(112, "D")}


def counted(row: dict[str, object], every: Every, *acts: tuple[object, ...]) -> tuple[int, bool]:
    """Give the number of the act that counts for the interval and whether it is undecided; acts are (day, from, to, sure, low day)."""
    filled = [(*act, -1, -1, True, None)[: len(act)] + (-1, -1, True, None)[len(act) - 1 :] for act in acts]
    table = pd.DataFrame(
        [(0, place, day, start, end, sure, day if low is None else low) for place, (day, start, end, sure, low) in enumerate(filled)],
        columns=["key", "event", "day", "from", "to", "sure", "low"],
    )
    table["done"] = table["day"].to_numpy().astype("datetime64[D]").astype("datetime64[us]") + np.timedelta64(12, "h")
    table["low"] = np.where(
        table["low"] == table["day"], table["done"], table["low"].to_numpy().astype("datetime64[D]").astype("datetime64[us]")
    )
    rows = pd.DataFrame([row]).astype({"limit": "datetime64[us]"})
    found = fulfilled(rows, table, every)
    return int(found["event"].iloc[0]), bool(found["undecided"].iloc[0])


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([(100,)], 0),  # the first day
        ([(106,)], 0),  # the last day, Sunday
        ([(99,)], -1),
        ([(107,)], -1),  # Monday, and it does not say about what
        ([(107, 100, 106)], 0),  # Monday, about the week
        ([(107, 100, 104)], 0),  # about its days with lessons
        ([(107, 100, 103)], -1),  # about a part of it
        ([(107, 107, 113)], -1),
        ([(107, 100)], 0),  # from Monday on, to the day of the act
        ([(99, 100, 106)], -1),  # ahead of time
        ([(103, 90, 96)], 0),  # made in the week, whatever it says
        ([(108, 100, 106), (107, 100, 106)], 1),  # the earlier of two
        ([(107, 100, 106), (106,)], 1),
        ([(108, -1, -1, True, 105)], 0),  # between two snapshots that lie on both sides: the judge decides
        ([(108, -1, -1, True, 107)], -1),
    ],
)
def test_acts_within_an_interval(acts: list[tuple[object, ...]], expected: int) -> None:
    """An act counts for the interval in which it was made; made later only if it says that it covers it."""
    assert (expected, False) == counted(ROW, Every(week=True), *acts)


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([(104,)], 0),  # on the last day with lessons
        ([(103,)], -1),
        ([(107,)], 0),
        ([(113,)], 0),  # late, before the next interval is over
        ([(114,)], -1),
        ([(114, 100, 106)], 0),  # later still, but about this interval
        ([(103, 100, 106)], 0),  # before the end, about the whole of it
        ([(103, 100, 103)], -1),
        ([(108, 107, 113)], -1),  # about the next one
        ([(108, 93, 99)], -1),  # about the one before
        ([(108, 103, 108)], 0),
        ([(112,), (109, 100, 106)], 1),
    ],
)
def test_acts_that_follow_an_interval(acts: list[tuple[object, ...]], expected: int) -> None:
    """An act made after the end and before the next one's counts, unless it says that it speaks of other days."""
    assert (expected, False) == counted(AFTER, Every(week=True, grace_working_days=3), *acts)


def test_an_act_that_leaves_open_whether_it_counts_accuses_nobody() -> None:
    """Without a sure act in time the interval is undecided; with one it is met."""
    assert (-1, True) == counted(ROW, Every(week=True), (103, -1, -1, False))
    assert (0, False) == counted(ROW, Every(week=True), (105,), (103, -1, -1, False))
    assert (0, True) == counted(ROW, Every(week=True), (107, 100, 106), (103, -1, -1, False))
    assert (-1, False) == counted(ROW, Every(week=True), (107, -1, -1, False))


@given(st.lists(st.integers(95, 112), max_size=6), st.integers(0, 5))
def test_a_further_act_never_breaks_an_interval(days: list[int], at: int) -> None:
    """Whoever acts once more is never worse off."""
    met = [counted(ROW, Every(week=True), *((day,) for day in some))[0] >= 0 for some in (days[:at] + days[at + 1 :], days)]

    assert met[1] or not met[0]


ACT = st.tuples(st.integers(98, 130), st.integers(-1, 125), st.integers(-1, 125), st.booleans())


def plainly(row: dict[str, object], follows: bool, acts: list[tuple[int, int, int, bool]]) -> tuple[int, bool]:
    """Give what `counted` gives, by going through the acts one by one."""
    first, last, begins, closes, since, upto = (int(str(row[name])) for name in ("first", "last", "begins", "closes", "since", "upto"))
    counting: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for place, (day, start, end, sure) in enumerate(acts):
        speaks, to = max(start, end) >= 0, end if end >= 0 else day
        covers = speaks and start <= begins and to >= closes and day >= first
        touches = not speaks or not follows or (start <= last and to >= first)
        if covers or (since <= day <= upto and touches):
            counting[sure].append((day, place))
    found = min(counting[True], default=(0, -1))
    in_time = found[1] >= 0 and np.datetime64(found[0], "D") < row["limit"]
    return found[1], not in_time and bool(counting[False])


@given(st.lists(ACT, max_size=6), st.booleans())
def test_tables_and_plain_counting_agree(acts: list[tuple[int, int, int, bool]], follows: bool) -> None:
    row, every = (AFTER, Every(week=True, grace_working_days=3)) if follows else (ROW, Every(week=True))

    assert plainly(row, follows, acts) == counted(row, every, *acts)


# ---- the language ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"week": True, "month": True},
        {"week": True, "grace_days": 1, "grace_working_days": 1},
        {"days": 14, "grace_days": 1},
        {"day": "all", "grace_days": 1},
        {"week": True, "lead_days": 1},
        {"week": True, "vacations": "stop"},
        {"days": 0},
    ],
)
def test_every_has_one_form(keys: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Every(**keys)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("every: {week: true, month: true}", "частота записывается ровно одним способом: day, week, month, period, days, once"),
        ("every: {month: true, grace_days: 1, grace_working_days: 1}", "отсрочка задаётся либо"),
        ("every: {days: 7, grace_days: 1}", "отсрочка (grace_…) бывает только"),
        ("every: {month: true, lead_days: 1}", "lead_days пишется только"),
    ],
)
def test_a_broken_frequency_is_said_in_russian(rule: str, words: str) -> None:
    with pytest.raises(PolicyError) as error:
        policies_of("family: backup\n" + rule)

    assert words in str(error.value)


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (Every(day="all"), "каждый день"),
        (Every(week=True), "каждую неделю"),
        (Every(days=14), "не реже раза в 14 дней"),
        (Every(days=21), "не реже раза в 21 день"),
        (Every(period=("quarter",), grace_working_days=5), "за каждый учебный период (четверть), не позднее 5 рабочих дней после конца"),
        (Every(month=True, grace_days=3), "каждый месяц, не позднее 3 дней после конца"),
        (Every(once=True), "хотя бы раз за учебный год"),
    ],
)
def test_frequencies_in_words(every: Every, words: str) -> None:
    with language("ru"):
        assert words == every.words()


def test_a_rule_may_rest_on_an_assumption_as_a_whole() -> None:
    """`assumed_because` says why; the loader carries it to where the assumed parameters stand, which makes findings notices."""
    (bundle,) = policies_of("family: backup\nevery: {days: 7}\nassumed_because: в тексте «регулярно», числа нет").versions

    assert ("в тексте «регулярно», числа нет",) == bundle.rules[0].assumed


def test_what_follows_a_period_is_never_ahead_of_its_beginning(log_of) -> None:
    """However many days of lead a rule allows, an act of the quarter before counts for that one."""
    every = Every(period=("quarter",), grace_working_days=5, lead_days=80)
    rows = intervals(every, Scope(), setting_of(log_of([*SCHOOL, *on("09-03", "11-12")])))

    assert ["2024-09-02", "2024-11-05"] == [str(date_of(day)) for day in rows["since"]]
