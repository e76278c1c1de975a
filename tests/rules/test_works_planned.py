"""Works that the plan names against works held."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: works_planned\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [
    event(1, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    event(2, "class.formed", BEFORE, class_="7А", grade=7),
    *(lesson(number, f"2024-10-0{number}") for number in range(1, 5)),
]
TOPICS = ["Реформы", "Контрольная работа № 1", "К/р по теме «Война»", "Анализ контрольной работы", "Практическая работа с картой"]


def plan(*topics: str, **data: str) -> Json:
    about = {"class": "7А", "subject": "История", "teacher": "t-01", "topics": list(topics), "period": "Q1"} | data
    return event(10, "plan.published", BEFORE, "t-01", **about)


def topic(number: int, text: str = "Реформы") -> Json:
    return event(100 + number, "topic.recorded", f"2024-10-0{number}T09:39:00+05:00", "t-01", lesson=f"L-{number}", text=text)


def work(number: int, kind: str = "контрольная") -> Json:
    return event(200 + number, "work.set", f"2024-10-0{number}T09:00:00+05:00", "t-01", work=f"W-{number}", lesson=f"L-{number}", kind=kind)


def counted(log_of, *events: Json, rule: str = RULE) -> list[tuple[object, ...]]:
    table = tried(log_of([*SCHOOL, *events]), rule).figures
    return list(table[["period", "person", "part", "whole"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("events", "held"),
    [
        ([], 0),
        ([topic(1), work(1), topic(2), work(2, "practical")], 2),
        ([topic(1, "Контрольная работа № 1")], 1),  # no work was set, the topic names it
        ([topic(1, "Контрольная работа № 1"), work(1)], 1),
        ([topic(1, "Анализ контрольной работы")], 0),
        ([topic(1), work(1, "dictation")], 1),
        ([work(1)], 1),  # nothing recorded but the work, no lesson held
    ],
)
def test_figures(log_of, events: list[Json], held: int) -> None:
    """Works that the plan's topics name, and those held: set for a lesson, or named by its topic."""
    attended = event(190, "attendance.taken", "2024-10-01T09:05:00+05:00", "t-01", lesson="L-1")

    assert [("Q1", "t-01", held, 3)] == counted(log_of, plan(*TOPICS), attended, *events)


def test_kinds(log_of) -> None:
    """The rule may speak of some kinds of work only."""
    assert [("Q1", "t-01", 0, 1)] == counted(log_of, plan(*TOPICS), topic(1), work(1), rule=RULE + "where: {works: [practical, lab]}\n")
    assert [("Q1", "t-01", 1, 2)] == counted(log_of, plan(*TOPICS), topic(1), work(1), rule=RULE + "where: {except_works: [practical]}\n")


@pytest.mark.parametrize(("least", "expected"), [("33", []), ("34", [("review", "insufficient", "t-01", "Q1")])])
def test_threshold(log_of, least: str, expected: list[object]) -> None:
    """Below the school's threshold a person decides."""
    log = log_of([*SCHOOL, plan(*TOPICS), topic(1), work(1)])

    assert expected == findings(log, RULE + f"least: {least}\n", "verdict", "status", "responsible", "period")
    assert [] == findings(log, RULE, "id")


def test_the_explanation_counts(log_of) -> None:
    (finding,) = tried(log_of([*SCHOOL, plan(*TOPICS), topic(1), work(1)]), RULE + "least: 100\n").findings

    assert "работ в плане 3, проведено 1; решает человек" in finding.explanation
    assert "e-010" in finding.evidence


def test_without_plans_nothing_is_known(log_of) -> None:
    """No plan in the log, or one without topics: undecidable; a plan that names no work is no matter."""
    for events, unknown in (([], {"tried": 1}), ([plan()], {"tried": 1}), ([plan("Реформы")], {})):
        audit = tried(log_of([*SCHOOL, *events, topic(1)]), RULE)
        assert ([], 0, unknown) == (audit.findings, len(audit.figures), audit.undecidable)
