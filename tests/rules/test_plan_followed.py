"""Recorded topics against the topics of the plan."""

from __future__ import annotations

import pytest

from rules.topic_matching import out_of_place, plainly
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: plan_followed\n"
BEFORE = "2024-08-26T10:00:00+05:00"
TOPICS = [
    "Детство Петра I",
    "Реформы Петра I",
    "Северная война",
    "Полтавская битва",
    "Решение задач",
    "Дворцовые перевороты",
    "Решение задач",
]
SCHOOL = [
    event(1, "class.formed", BEFORE, class_="7А", grade=7),
    *(lesson(number, f"2024-10-{number:02}") for number in range(1, 9)),
]


def plan(*topics: str, number: int = 10, at: str = BEFORE, **data: object) -> Json:
    about = {"class": "7А", "subject": "История", "teacher": "t-01", "topics": list(topics)} | data
    return event(number, "plan.published", at, "t-01", **about)


def topic(text: str, number: int = 1, **data: str) -> Json:
    return event(100 + number, "topic.recorded", f"2024-10-0{number}T09:39:00+05:00", "t-01", lesson=f"L-{number}", text=text, **data)


def found(log_of, *events: Json, rule: str = RULE) -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, *events]), rule, "verdict", "status", "responsible", "lesson")


BROKEN = [("review", "mismatch", "t-01", "L-1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Реформы Петра I", []),
        ("2. Реформы Петра I (2 ч.)", []),
        ("Урок 2: РЕФОРМЫ  Пётра I!", []),
        ("Петр I и его реформы", []),  # two of three words
        ("Вводный инструктаж. Полтавская битва", []),
        ("Война", []),  # a part of a planned topic
        ("Крестьянская война", BROKEN),  # one word of two
        ("Химические реакции", BROKEN),
        ("§ 5", []),  # no words to compare
    ],
)
def test_topics_are_compared_by_their_words(log_of, text: str, expected: list[object]) -> None:
    """Case, numbers, punctuation and hours do not matter; another wording is left to a person."""
    assert expected == found(log_of, plan(*TOPICS), topic(text))


def test_only_the_last_topic_counts(log_of) -> None:
    wrong = event(90, "topic.recorded", "2024-10-01T09:30:00+05:00", "t-01", lesson="L-1", text="Химические реакции")

    assert [] == found(log_of, plan(*TOPICS), wrong, topic("Северная война"))


def test_whose_plan(log_of) -> None:
    """The teacher's own plan counts, for a substitute that of the teacher who was to hold the lesson, else any plan of the class."""
    other = plan("Химические реакции", number=11, teacher="t-02")
    substituted = event(20, "lesson.substituted", "2024-09-30T10:00:00+05:00", lesson="L-1", teacher="t-02")
    text = topic("Химические реакции")

    assert BROKEN == found(log_of, plan(*TOPICS), other, text)
    assert [("review", "mismatch", "t-02", "L-1")] == found(log_of, plan(*TOPICS), substituted, text)
    assert [("review", "mismatch", "t-02", "L-1")] == found(log_of, plan(*TOPICS), other, substituted, text)
    assert [] == found(log_of, plan(*TOPICS), other, substituted, topic("Северная война"))
    assert [] == found(log_of, other, text)


def test_replaced_plans_still_count(log_of) -> None:
    """A topic of September was right by the plan of September."""
    newer = plan("Химические реакции", number=11, at="2024-10-20T10:00:00+05:00")

    assert [] == found(log_of, plan(*TOPICS), newer, topic("Северная война"))
    assert [] == found(log_of, plan(*TOPICS), newer, topic("Химические реакции"))


def test_without_a_plan_nothing_is_known(log_of) -> None:
    """No plan at all, no topics in it, or a plan of another year: undecidable."""
    text = topic("Химические реакции")
    for events in ([], [plan()], [plan(*TOPICS, at="2023-09-01T10:00:00+05:00")], [plan(*TOPICS, **{"class": "7Б"})]):
        audit = tried(log_of([*SCHOOL, *events, text]), RULE)
        assert ([], {"tried": 1}) == (audit.findings, audit.undecidable)


def test_free_topics(log_of) -> None:
    """The school names words of topics that no plan lists."""
    text = topic("Анализ контрольной работы")

    assert BROKEN == found(log_of, plan(*TOPICS), text)
    assert [] == found(log_of, plan(*TOPICS), text, rule=RULE + "free: [контрольн]\n")


def test_order(log_of) -> None:
    """Where the school minds the order, a topic further away than allowed is a finding; repeated topics stand at the nearest place."""
    swapped = [topic(text, number) for number, text in enumerate([TOPICS[0], TOPICS[5], *TOPICS[1:5], TOPICS[6]], 1)]
    straight = [topic(text, number) for number, text in enumerate(TOPICS, 1)]

    assert [] == found(log_of, plan(*TOPICS), *swapped)
    assert [("review", "mismatch", "t-01", "L-2")] == found(log_of, plan(*TOPICS), *swapped, rule=RULE + "shift: 2\n")
    assert [] == found(log_of, plan(*TOPICS), *swapped, rule=RULE + "shift: 4\n")
    assert [] == found(log_of, plan(*TOPICS), *straight, rule=RULE + "shift: 0\n")


def test_plans_of_periods_follow_each_other(log_of) -> None:
    """The plan of the second quarter goes on where that of the first ends."""
    quarters = [
        event(30 + n, "period.set", BEFORE, period=f"Q{n}", kind="quarter", starts=starts, ends=ends)
        for n, (starts, ends) in enumerate([("2024-09-02", "2024-10-04"), ("2024-10-05", "2024-12-28")], 1)
    ]
    plans = [plan(*TOPICS[3:], number=11, period="Q2"), plan(*TOPICS[:3], number=12, period="Q1")]
    straight = [topic(text, number) for number, text in enumerate(TOPICS, 1)]

    assert [] == found(log_of, *quarters, *plans, *straight, rule=RULE + "shift: 0\n")


def test_explanations(log_of) -> None:
    """They say what the plan lacks, or where it has the topic; plan, topic and lesson are evidence."""
    (nowhere,) = tried(log_of([*SCHOOL, plan(*TOPICS), topic("Химические реакции")]), RULE).findings
    (moved,) = tried(log_of([*SCHOOL, plan(*TOPICS), topic(TOPICS[5])]), RULE + "shift: 1\n").findings

    assert "темы «Химические реакции» нет в плане этого класса и предмета" in nowhere.explanation
    assert "тема «Дворцовые перевороты» стоит в плане под номером 6" in moved.explanation
    assert {"e-010", "e-101", "l-001"} == set(nowhere.evidence)


@pytest.mark.parametrize(
    ("places", "shift", "expected"),
    [
        ([[0], [1], [2]], 0, []),
        ([[0], [0], [1]], 0, []),  # two lessons on one topic
        ([[0], [3], [1], [2], [4]], 0, [1]),  # one topic early
        ([[0], [1], [0]], 1, []),
        ([[0], [3], [4], [5], [1], [2]], 1, [1, 4]),  # a section moved as a whole, and the one it passed
        ([[0], [], [1, 6], [2], [1, 6]], 0, [4]),
        ([], 0, []),
    ],
)
def test_out_of_place(places: list[list[int]], shift: int, expected: list[int]) -> None:
    """One finding per topic or section that moved."""
    assert expected == out_of_place(places, shift)


def test_plain_topics() -> None:
    """What stands before and behind a topic is taken off, not what belongs to it."""
    texts = [
        "1.2. Ёлка",
        "Урок 5-6. Дроби (2 часа)",
        "Тема 4: Дроби – 2 ч",
        "12) Дроби",
        "Контрольная работа № 3",
        "1812 год",
        "…",
    ]

    assert ["елка", "дроби", "дроби", "дроби", "контрольная работа 3", "1812 год", ""] == list(plainly(texts))
