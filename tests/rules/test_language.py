"""The language of topics and homework."""

from __future__ import annotations

import pytest

from tests.conftest import Json, event
from tests.rules.norms import findings, lesson, tried

RULE = "family: language\n"
BEFORE = "2024-08-26T10:00:00+05:00"
SCHOOL = [event(1, "class.formed", BEFORE, class_="7А", grade=7), lesson(1, "2024-10-02", subject="Английский язык")]


def topic(text: str, number: int = 10, **data: str) -> Json:
    return event(number, "topic.recorded", f"2024-10-02T09:{number}:00+05:00", "t-01", **({"lesson": "L-1", "text": text} | data))


def homework(text: str) -> Json:
    return event(20, "homework.recorded", "2024-10-02T09:41:00+05:00", "t-01", lesson="L-1", text=text)


RUSSIAN = [
    "Настоящее совершенное время (Present Perfect)", "Реформы Петра I", "XX век", "Времена «Present Perfect» и «Past Simple»",
    "Работа в PowerPoint", "pH раствора", "Работа со словарём Oxford Learner's Dictionary", "Чтение рассказа The Last Leaf",
    "упр. 5, Ex. 6 p. 12", "Решение уравнений ax + b = 0",
]  # fmt: skip
WORDLESS = ["§ 5", "№ 12", "p. 40 ex. 5", "WB p. 5", "S. 40, Üb. 5", "ex.5 p.12-13; SB p.5", "II", "12345", "Ex. 3a, 4b"]
FOREIGN = ["Present Perfect. Revision", "Family", "Learn the words p. 45", "Die Familie. S. 40", "Present Perfect «Revision»", "Zhurnal"]
DOUBTFUL = [
    "Present Perfect Continuous, повторение",  # 10 of 34
    "Present Perfect (настоящее время)",
    "Тема Text",  # exactly half
    "«Present Perfect»", "Unit 3", "Unit 3, ex. 5", "HTML. CSS", "Python", "y = kx + b", "DNA",
    "Көнүгүү 5", "Жаңы тема", "Ат атооч жана сын атооч", "Бул сабак",
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (RUSSIAN, []),
        (WORDLESS, []),
        (FOREIGN, [("violation", "mismatch", "t-01")]),
        (DOUBTFUL, [("review", "mismatch", "t-01")]),
    ],
)
def test_texts(log_of, texts: list[str], expected: list[object]) -> None:
    """Not one Cyrillic letter is a breach, a doubt is left to a person, and a Russian text with foreign names is Russian."""
    for kind in ("topic.recorded", "homework.recorded"):
        lessons = [lesson(n, "2024-10-02") for n, _text in enumerate(texts, 100)]
        records = [event(n, kind, "2024-10-02T09:41:00+05:00", "t-01", lesson=f"L-{n}", text=text) for n, text in enumerate(texts, 100)]
        found = findings(log_of([*SCHOOL, *lessons, *records]), RULE, "verdict", "status", "responsible", "lesson")
        assert [(*row, f"L-{n}") for n, _text in enumerate(texts, 100) for row in expected] == sorted(found)


def test_a_corrected_record_is_none(log_of) -> None:
    """Only the text that stands is read."""
    assert [] == findings(log_of([*SCHOOL, topic("Family"), topic("Семья", 11)]), RULE, "verdict")
    assert [(("l-001", "e-011"),)] == findings(log_of([*SCHOOL, topic("Семья"), topic("Family", 11)]), RULE, "evidence")


def test_parameters(log_of) -> None:
    """The school may leave out a kind of record or a subject, let language lessons quote, and name words of its own."""
    log = log_of([*SCHOOL, topic("Family"), homework("Past Simple, слова")])

    assert [("violation",), ("review",)] == sorted(findings(log, RULE, "verdict"), reverse=True)
    assert [("review",)] == findings(log, RULE + "records: [homework]\n", "verdict")
    assert [] == findings(log, RULE + "where: {except_subjects: [английский язык]}\n", "verdict")
    assert [("violation",)] == findings(log, RULE + "quoting: [английский язык]\n", "verdict")
    assert [("review",)] == findings(log, RULE + "quoting: [английский язык]\nterms: [Family]\n", "verdict")
    assert [("notice",), ("review",)] == sorted(findings(log, RULE + "verdict: notice\n", "verdict"))


def test_explanations(log_of) -> None:
    """They quote the text and count its letters."""
    said = {
        text: tried(log_of([*SCHOOL, topic(text)]), RULE).findings[0].explanation
        for text in ("Present Perfect. Revision", "Past Simple, слова", "Жаңы тема", "Ат атооч жана сын атооч", "Python")
    }

    assert "«Present Perfect. Revision»: нет ни одной буквы кириллицы (букв: 22)" in said["Present Perfect. Revision"]
    assert "кириллицы 5 из 15 букв, не больше половины; решает человек" in said["Past Simple, слова"]
    assert "есть буквы ң, которых нет в русском алфавите" in said["Жаңы тема"]
    assert "есть слова не из русского языка: «жана»" in said["Ат атооч жана сын атооч"]
    assert "название, цитата или формула" in said["Python"]


def test_cancelled_lessons_are_not_read(log_of) -> None:
    cancelled = event(30, "lesson.cancelled", "2024-10-01T08:00:00+05:00", lesson="L-1")

    assert [] == findings(log_of([*SCHOOL, topic("Family"), cancelled]), RULE, "verdict")
