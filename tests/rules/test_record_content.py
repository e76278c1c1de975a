"""What homework, topics of works and cells with several marks say."""

from __future__ import annotations

import pytest

from rules.homework_words import stating
from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: record_content\ncheck: {}\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [event(1, "class.formed", BEFORE, class_="7А", grade=7), lesson(1, "2024-10-02"), lesson(2, "2024-10-03")]
FIELDS = ("verdict", "status", "responsible", "lesson")


def text(kind: str, said: str, number: int = 10, at: str = "1") -> Json:
    return event(number, f"{kind}.recorded", f"2024-10-02T09:{number}:00+05:00", "t-01", lesson=f"L-{at}", text=said)


def work(name: str = "W-1", kind: str = "контрольная работа", **data: object) -> Json:
    return event(30 + int(name[-1]), "work.set", "2024-10-01T09:00:00+05:00", "t-01", work=name, lesson="L-1", kind=kind, **data)


def mark(value: str, number: int = 50, **data: str) -> Json:
    return event(number, "mark.recorded", f"2024-10-02T10:{number}:00+05:00", "t-01", lesson="L-1", student="s-01", value=value, **data)


def found(log_of, check: str, *events: Json, more: str = "") -> list[tuple[object, ...]]:
    return findings(log_of([*SCHOOL, *events]), RULE.format(check) + more, *FIELDS)


@pytest.mark.parametrize(
    ("said", "clear"),
    [
        ("§ 5", True),
        ("с. 40", True),
        ("упражнение по карточке", True),
        ("Выучить правило", True),
        ("стих наизусть", True),
        ("подготовиться к опросу", True),
        ("повторить", False),  # what?
        ("по теме", False),
        ("учебник", False),
        ("см. чат", False),
        ("Реформы Петра, причины и последствия", True),  # long enough without a verb
        ("p. 40 ex. 5", True),
        ("глава IV", True),
        ("https://example.org", True),
    ],
)
def test_homework_texts(said: str, clear: bool) -> None:
    """A number, the name of a task, a verb with enough letters, or a long text states the content."""
    assert [clear] == list(stating([said], 10))


def test_homework(log_of) -> None:
    """The homework that stands is read; «не задано» sets none, and another lesson's is another finding."""
    broken = ("review", "missing", "t-01", "L-1")

    assert [broken] == found(log_of, "homework", text("homework", "по теме"))
    assert [] == found(log_of, "homework", text("homework", "по теме"), text("homework", "§ 5", 11))
    assert [] == found(log_of, "homework", text("homework", "не задано"))
    assert [] == found(log_of, "homework", text("homework", "по теме"), more="where: {grades: [8]}\n")
    assert [] == found(log_of, "homework", text("homework", "повторить"), more="shortest: 5\n")
    assert [("notice", *broken[1:])] == found(log_of, "homework", text("homework", "по теме"), more="verdict: notice\n")


@pytest.mark.parametrize(
    ("said", "kind", "expected"),
    [
        ("Контрольная работа № 2", "контрольная работа", []),
        ("К/р", "контрольная работа", []),
        ("Проверка знаний", "контрольная работа", [("review", "missing", "t-01", "L-1")]),
        ("Написание контрольной работы", "control", []),
        ("Лабораторный практикум", "lab", []),
        ("Работа с картой", "practical", [("review", "missing", "t-01", "L-1")]),
        ("Диктант", "контрольный диктант", []),
        ("Проверка знаний", "неведомая", []),  # a kind that nobody knows
    ],
)
def test_topics_of_works(log_of, said: str, kind: str, expected: list[object]) -> None:
    """The topic of a lesson with a work hints at the work's kind, in any case."""
    assert expected == found(log_of, "work_topic", work(kind=kind), text("topic", said))


def test_topics_of_works_for_some(log_of) -> None:
    """A work written afterwards by one student is no matter of the topic; nor is a lesson without a topic, or another kind of work."""
    said = text("topic", "Проверка знаний")

    assert [] == found(log_of, "work_topic", work(students=["s-01"]), said)
    assert [] == found(log_of, "work_topic", work())
    assert [] == found(log_of, "work_topic", work(), said, more="where: {works: [lab]}\n")


BROKEN = [("review", "mismatch", "t-01", "L-1")]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([mark("4")], []),
        ([mark("45")], BROKEN),
        ([mark("4"), mark("5", 51)], BROKEN),
        ([work(), mark("4"), mark("5", 51, work="W-1")], []),  # answer and work
        ([work(), mark("45")], []),  # the work may be one of the two
        ([work(), mark("4", work="W-1"), mark("5", 51, work="W-1")], BROKEN),  # two for one work
        ([work(kind="диктант"), mark("4", work="W-1"), mark("5", 51, work="W-1")], []),  # two are usual there
        ([work(), work("W-2"), mark("4", work="W-1"), mark("5", 51, work="W-2")], BROKEN),  # two of one kind
        ([work(), work("W-2", "тест"), mark("4", work="W-1"), mark("5", 51, work="W-2"), mark("3", 52)], []),
        ([work(), mark("4", work="W-1"), mark("45", 51)], BROKEN),
        ([mark("Н45")], []),  # beside an absence code
        ([mark("4"), event(60, "mark.changed", "2024-10-02T12:00:00+05:00", "t-01", lesson="L-1", student="s-01", value="5", old="4")], []),
    ],
)  # fmt: skip
def test_several_marks_in_a_cell(log_of, events: list[Json], expected: list[object]) -> None:
    """Each mark needs a kind of work of its own, as far as the journal names them."""
    assert expected == found(log_of, "several_marks", *events)


def test_explanations(log_of) -> None:
    """They quote the record and say what is missing; the deciding event is evidence."""
    homework = tried(log_of([*SCHOOL, text("homework", "по теме")]), RULE.format("homework")).findings[0]
    topic = tried(log_of([*SCHOOL, work(), text("topic", "Проверка знаний")]), RULE.format("work_topic")).findings[0]
    marks = tried(log_of([*SCHOOL, mark("4"), mark("5", 51)]), RULE.format("several_marks")).findings[0]

    assert "в задании «по теме» нет ни номера, ни страницы, ни того, что сделать" in homework.explanation
    assert "на уроке была работа «контрольная работа», тема «Проверка знаний» её не называет" in topic.explanation
    assert "в клетке 2 отметки, а столько видов работы на уроке в журнале не названо" in marks.explanation
    assert ({"e-010", "l-001"}, {"e-010", "e-031", "l-001"}, {"e-051", "l-001"}) == tuple(
        set(item.evidence) for item in (homework, topic, marks)
    )
    assert (("s-01",), "W-1") == (marks.students, topic.work)
