"""A school's words and its readings of how time is counted, as the rule families need them.

The policy loader reads both from the bundle (`vocabulary:` and `readings:`); families only ask.
"""

from __future__ import annotations

import re
from functools import cached_property

from pydantic import Field

from rules.norm import Strict

WORK_KINDS = (
    "control", "dictation", "exposition", "essay", "lab", "practical", "test", "independent", "check", "creative", "homework",
)  # fmt: skip


def plain(text: str) -> str:
    """Give `text` as names are compared: lower case, ё as е, single spaces, no space around brackets and dashes."""
    return re.sub(r"\s*([()/–-])\s*", r"\1", re.sub(r"\s+", " ", text.strip().lower().replace("ё", "е")))


class Vocabulary(Strict):
    """The school's names for subjects, kinds of work and codes."""

    subjects: dict[str, tuple[str, ...]] = Field(default={}, description="Предмет: другие его названия")
    works: dict[str, tuple[str, ...]] = Field(default={}, description="Вид работы (control, dictation, …): другие его названия")
    absence_codes: tuple[str, ...] = Field(default=("Н", "ОТ", "УП", "НП", "Б"), description="Коды, которые значат «отсутствовал»")
    reason_codes: tuple[str, ...] = Field(default=("УП", "НП", "Б"), description="Коды, которые называют причину отсутствия")
    unmarked_subjects: tuple[str, ...] = Field(default=(), description="Занятия без отметок (классный час и подобные)")
    no_homework: tuple[str, ...] = Field(
        default=("не задано", "без задания", "нет", "-", "–", "—"), description="Тексты, которые значат «задания нет»"
    )

    @cached_property
    def _subject_names(self) -> dict[str, str]:
        return {plain(name): plain(canonical) for canonical, names in self.subjects.items() for name in (canonical, *names)}

    @cached_property
    def _work_names(self) -> dict[str, str]:
        return {plain(name): kind for kind, names in self.works.items() for name in (kind, *names)} | {kind: kind for kind in WORK_KINDS}

    def subject(self, name: str) -> str:
        """Give the canonical (plain) name of a subject: its own where the bundle names no alias."""
        return self._subject_names.get(plain(name), plain(name))

    def work(self, name: str) -> str | None:
        """Give the kind of a work by any of its names, None when nobody knows it."""
        return self._work_names.get(plain(name))

    def absent(self, code: str) -> bool:
        """Tell whether an attendance code means that the student was not there."""
        return code.strip().upper() in self.absence_codes

    def reasoned(self, code: str) -> bool:
        """Tell whether an attendance code names the reason of an absence."""
        return code.strip().upper() in self.reason_codes


class Readings(Strict):
    """How the bundle counts time where a regulation is silent; the defaults are those of the contract, section 2."""

    roll_calendar_terms: bool = Field(
        default=True, description="Срок в календарных днях, выпавший на выходной, переходит на следующий рабочий день"
    )
    roll_period_results: bool = Field(default=False, description="Срок «сутки после периода» переходит с выходного на рабочий день")
    hours_inclusive: bool = Field(default=True, description="Запись ровно в последнюю минуту срока в часах — ещё в срок")
