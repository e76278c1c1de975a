"""Terms said in words, as a page shows them."""

from __future__ import annotations

from typing import Any

import pytest

from rules.due import FORMS, Due
from tests.rules.norms import policies_of

WORDS: list[tuple[dict[str, Any], str]] = [
    ({"same_day": True}, "до конца того же дня"),
    ({"working_days": 1}, "1 рабочий день"),
    ({"working_days": 3}, "3 рабочих дня"),
    ({"working_days": 10}, "10 рабочих дней"),
    ({"calendar_days": 21}, "21 календарный день"),
    ({"next_lesson": True}, "к следующему уроку"),
    ({"lessons": 2}, "до конца дня, в который пройдут ещё 2 урока"),
    ({"minutes_after_last_lesson": 60}, "60 минут после последнего урока, в тот же день"),
    ({"week_end": True}, "до конца недели (воскресенье, 24:00)"),
    ({"hours_after_period_end": 0}, "до конца последнего дня периода"),
    ({"hours_after_period_end": 24}, "24 часа после конца периода"),
    ({"period_end": True}, "до конца учебного периода"),
    ({"date": "06-30"}, "до 30 июня включительно"),
    ({"date": "09-01", "inclusive": False}, "до 1 сентября, не включая"),
]


@pytest.mark.parametrize(("due", "words"), WORDS)
def test_a_term_in_words(due: dict[str, Any], words: str) -> None:
    """Each form has its words, and the numbers agree."""
    assert words == Due(**due).words()


def test_every_form_has_words() -> None:
    """No way of writing a term is silent on the page."""
    assert set(FORMS) == {form for due, _words in WORDS for form in due} - {"inclusive"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("family: deadline\nrecord: topic\ndue: {same_day: true}", "до конца дня урока"),
        ("family: absence_reasons\ndue: {same_day: true}", "до конца дня урока"),
        ("family: remark_terms\ndue: {same_day: true}", "до конца того же дня"),
        ("family: edit_window\nrecord: marks\ndays: 14", "14 дней после дня урока"),
        ("family: forbidden\nentry: mark", ""),
    ],
)
def test_a_norm_says_its_term(rule: str, words: str) -> None:
    """What runs from a lesson says so; a ban has no term."""
    (norm,) = policies_of(rule).versions[0].rules

    assert words == norm.term_words()
