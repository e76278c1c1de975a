"""Family `own_scope`: people write only on the pages they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, units
from rules.norm import Norm, Role
from rules.scopes import Codes, Mask, Scopes, entries_in_lessons
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

Entry = Literal["topic", "homework", "attendance", "mark", "period_mark"]
ENTRIES: tuple[Entry, ...] = ("topic", "homework", "attendance", "mark", "period_mark")
_EVENTS = {
    "topic": ("topic.recorded",),
    "homework": ("homework.recorded",),
    "attendance": ("attendance.taken", "attendance.recorded", "attendance.changed"),
    "mark": ("mark.recorded", "mark.changed", "mark.deleted"),
}
_PLACE = ["class", "subject", "group", "day", "grade"]


class OwnScope(Norm):
    """Entries are made by the lesson's teacher, teachers of that class and subject, the homeroom teacher of the class, the administration.

    Broken: a mark in 7А's history by a teacher who does not teach it there. Kept: by the substitute; by the other group's teacher, where a
    page is not a group's own.
    """

    family: Literal["own_scope"]
    entries: tuple[Entry, ...] = Field(default=ENTRIES, description="Какие записи: topic, homework, attendance, mark, period_mark")
    entitled: tuple[Role, ...] = Field(
        default=("administrator", "deputy_director", "director"), description="Чьи записи разрешены на всех страницах"
    )
    homeroom: bool = Field(default=True, description="Классный руководитель пишет на всех страницах своего класса")
    page: Literal["subject", "group"] = Field(
        default="subject", description="subject – страница предмета в классе; group – только уроки по группам, и страница у группы своя"
    )

    def cases(self, setting: Setting) -> Cases:
        """Give one row per entry by somebody who does not hold the page; entries of whom nobody knows who they are stay undecided."""
        scopes, people = Scopes(setting), setting.people
        frame = pd.concat([self._in_lessons(scopes, setting), self._period_marks(setting)], ignore_index=True)
        by_group = self.page == "group"
        chosen = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        frame = frame[chosen & ((frame["group"].to_numpy() >= 0) | (not by_group))].reset_index(drop=True)
        made = frame.assign(day=setting.journal.local_day(frame["done"].to_numpy()))
        holds = (scopes.of_group(frame) if by_group else scopes.of_line(frame)) | scopes.granted(made)
        holds |= people.holds(self.entitled, frame["actor"].to_numpy(), made["day"].to_numpy())
        if self.homeroom:
            holds |= scopes.of_homeroom(frame) | scopes.of_homeroom(made)
        known = people.known[frame["actor"].to_numpy()]
        frame = frame.assign(
            person=frame["actor"],
            act=frame["event"],
            role=people.role_shown(frame["actor"].to_numpy(), made["day"].to_numpy(), self.role),
            ev_record=frame["event"],
            fig_done=frame["done"],
            fig_who=np.append(setting.journal.names("person"), "")[frame["actor"].to_numpy()],
        )
        undecidable = int((~holds & ~known).sum())
        return Cases(self, units(frame[known & ~holds]), ("act",), ban=True, status="forbidden", undecidable=undecidable)

    def _in_lessons(self, scopes: Scopes, setting: Setting) -> pd.DataFrame:
        """Entries in lessons by others than the lesson's teachers, with the lesson's class, subject, group, day and grade."""
        lessons = setting.journal.lessons
        teachers = [lessons[name].to_numpy() for name in ("teacher", "planned_teacher")]

        def by_others(actors: Codes, places: Codes) -> Mask:
            other: Mask = actors >= 0
            for teacher in teachers:
                other &= actors != teacher[places]
            return other

        kinds = [event_type for entry in self.entries for event_type in _EVENTS.get(entry, ())]
        frame = entries_in_lessons(kinds, setting, by_others)
        frame = frame[~scopes.of_lesson(frame["actor"].to_numpy(), frame["lesson"].to_numpy())].reset_index(drop=True)
        there = lessons.take(frame["lesson"].to_numpy()).reset_index(drop=True)
        return frame.assign(**{name: there[name] for name in _PLACE}, ev_lesson=there["ev_scheduled"])

    def _period_marks(self, setting: Setting) -> pd.DataFrame:
        journal = setting.journal
        fields = {"class": "class", "subject": "subject", "student": "person", "period": "period"}
        kinds = ("period_mark.recorded", "period_mark.changed") if "period_mark" in self.entries else ()
        parts = [journal.entries(kind, **fields) for kind in kinds] or [journal.entries("period_mark.recorded", **fields).iloc[:0]]
        marks = pd.concat(parts, ignore_index=True)
        marks = marks[marks["actor"] >= 0].reset_index(drop=True)
        days = journal.local_day(marks["done"].to_numpy())
        return marks.assign(lesson=np.int32(-1), group=np.int32(-1), day=days, grade=journal.grade(marks["class"].to_numpy(), days))

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian who wrote on a page that the person does not hold."""
        told = [_("запись внёс {who} {done}").format(who=case["who"], done=when(case["done"], setting)) for case in figures]
        return some(told) + _(": этот урок, класс или предмет за ним не закреплён, доступ не давали")
