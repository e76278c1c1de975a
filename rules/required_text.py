"""Family `required_text`: the topic of certain lessons must say a certain thing (safety briefings)."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import codes_of
from ingest.wording import _
from rules.calendar import day_number
from rules.cases import Cases, acts, empty_act, units
from rules.due import short_instant
from rules.mark_records import works_in
from rules.norm import Answer, Norm
from rules.vocabulary import plain

if TYPE_CHECKING:
    from rules.setting import Setting

_LINE = ["class", "subject", "group"]
_SECTION = re.compile(r"\s*([^.:]+)[.:]")
"""The section with which a topic of a plan begins: «Баскетбол. Ведение мяча»."""
_SEEN_FROM_START_DAYS = 14
"""The log is taken to show a year (a half-year) from its beginning when some lesson of the school stands in its first two weeks; else only
lessons in the first study period that was declared in time are surely not preceded by others."""


class RequiredText(Norm):
    """The topic of a lesson must contain every one of these word stems, by the end of the lesson's day.

    Broken: the first chemistry lesson of the year without the introductory briefing. Kept: «Вводный инструктаж. Строение атома».
    """

    family: Literal["required_text"]
    lesson: Literal["first_of_year", "first_of_second_half", "with_work", "first_of_section", "after_incident"] = Field(
        description="Какой урок: первый в году, первый во втором полугодии, с работой (where.works), первый в разделе, после происшествия"
    )
    words: tuple[str, ...] = Field(min_length=1, description="Основы слов, которые все должны быть в теме")
    missing: Answer = Field(default="violation", description="Вывод, если текста нет")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per lesson that must say it: done when a topic that does was recorded."""
        lessons = self._lessons(setting)
        texts = setting.journal.texts("topic.recorded")
        first = texts[self._says(setting)[texts["text"].to_numpy()]].drop_duplicates("lesson", keep="first")
        frame = lessons.merge(first[["lesson", "event", "done", "low"]], on="lesson", how="left")
        event = frame["event"].fillna(-1).to_numpy(dtype=np.int32)
        limit = setting.calendar.end_of(frame["day"].to_numpy(dtype=np.int64))
        lesson = frame["lesson"].to_numpy()
        topic = self._any_topic(lesson, texts)
        # Where there is no topic at all, the empty cell is the topic's: one omission, not two.
        empty = np.where(topic < 0, empty_act("topic", lesson), empty_act("briefing", lesson))
        frame = frame.assign(
            person=frame["teacher"],
            limit=limit,
            due=limit,
            ev_lesson=frame["ev_scheduled"],
            ev_record=event,
            ev_topic=topic,
            act=acts(event, empty),
        )
        return Cases(self, units(frame), ("lesson",), missing=self.missing)

    def _says(self, setting: Setting) -> npt.NDArray[np.bool_]:
        stems = [plain(word) for word in self.words]
        return np.array([*(all(stem in plain(str(text)) for stem in stems) for text in setting.journal.names("text")), False], dtype=bool)

    def _any_topic(self, lessons: npt.NDArray[np.int32], texts: pd.DataFrame) -> npt.NDArray[np.int32]:
        first = texts.drop_duplicates("lesson", keep="first").set_index("lesson")["event"]
        return first.reindex(lessons).fillna(-1).to_numpy(dtype=np.int32)

    def _lessons(self, setting: Setting) -> pd.DataFrame:
        match self.lesson:
            case "with_work":
                works = works_in(self.where, setting)[["lesson"]].drop_duplicates()
                return works.merge(setting.lessons(self.where.model_copy(update={"works": ()})), on="lesson")
            case "first_of_section":
                return self._section_starts(setting)
            case "after_incident":
                return self._after_incidents(setting)
            case _:
                return self._first_lessons(setting)

    def _first_lessons(self, setting: Setting) -> pd.DataFrame:
        """First lesson of each class, subject and group in the school year, or in its second half, where the log shows the beginning."""
        lessons = setting.lessons(self.where).sort_values("start")
        years = _school_years(lessons["day"].to_numpy())
        parts = []
        for year in np.unique(years):
            opening, closing = day_number(date(int(year), 8, 15)), day_number(date(int(year) + 1, 8, 15))
            if self.lesson == "first_of_second_half":
                opening = _second_half(int(year), setting)
            held = setting.journal.lessons
            days = held.loc[held["held"].to_numpy() & (held["day"] >= opening).to_numpy() & (held["day"] < closing).to_numpy(), "day"]
            begins = max(opening, day_number(date(int(year), 9, 1))) if self.lesson == "first_of_year" else opening
            if not len(days):
                continue
            if days.min() > begins + _SEEN_FROM_START_DAYS:
                closing = _first_period_end(begins, setting)
            inside = lessons[(lessons["day"] >= opening) & (lessons["day"] < closing)]
            parts.append(inside.drop_duplicates(_LINE, keep="first"))
        return pd.concat(parts, ignore_index=True) if parts else lessons.iloc[:0]

    def _section_starts(self, setting: Setting) -> pd.DataFrame:
        """For each section named in a plan («Баскетбол. Ведение мяча»), the first lesson whose topic names it."""
        plans = setting.journal.table("plan.published")
        subjects = setting.subject_names
        lessons = setting.lessons(self.where)
        texts = setting.journal.texts("topic.recorded").drop_duplicates("lesson", keep="last")
        said = lessons.merge(texts[["lesson", "text"]], on="lesson").sort_values("start")
        names = setting.journal.names("text")
        # A year has hundreds of sections, and tens of lessons in which each may begin: lists are quicker than tables.
        lines: dict[tuple[int, str], list[tuple[str, int, int]]] = defaultdict(list)
        columns = (said[name].tolist() for name in ("class", "subject", "text", "group", "lesson"))
        for class_, subject, text, group, lesson in zip(*columns, strict=True):
            lines[class_, subjects[subject]].append((plain(str(names[text])), group, lesson))
        found: set[int] = set()
        for class_, subject, topics in zip(codes_of(plans["class"]), codes_of(plans["subject"]), plans["topics"], strict=True):
            for section in dict.fromkeys(plain(named[1]) for topic in topics or () if (named := _SECTION.match(str(topic)))):
                first: dict[int, int] = {}
                for text, group, lesson in lines.get((class_, subjects[subject]), ()):
                    if section in text:
                        first.setdefault(group, lesson)
                found.update(first.values())
        return lessons[lessons["lesson"].isin(found)].reset_index(drop=True)

    def _after_incidents(self, setting: Setting) -> pd.DataFrame:
        """The next lesson of the class and subject on a later date than an incident, unless a lesson of the same day says it already."""
        journal = setting.journal
        table = journal.table("incident.reported")
        table = table[table["kind"].astype(str) == "safety"]
        where = codes_of(table["lesson"])
        base = journal.lessons.take(np.maximum(where, 0))[where >= 0] if len(journal.lessons) else journal.lessons.iloc[:0]
        lessons = setting.lessons(self.where).sort_values("start")
        texts = journal.texts("topic.recorded")
        saying = texts.loc[self._says(setting)[texts["text"].to_numpy()], "lesson"].unique()
        found: list[int] = []
        for class_, subject, group, start, day in base[[*_LINE, "start", "day"]].itertuples(index=False):
            line = lessons[(lessons["class"] == class_) & (lessons["subject"] == subject) & (lessons["group"] == group)]
            if not line.loc[(line["start"] >= start) & (line["day"] == day), "lesson"].isin(saying).any():
                found.extend(line.loc[line["day"] > day, "lesson"].head(1))
        return lessons[lessons["lesson"].isin(found)].reset_index(drop=True)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the term and the words looked for, in Russian."""
        words = ", ".join(f"«{word}…»" for word in self.words)
        return _("в теме урока ищутся слова {words} — срок до {due}").format(words=words, due=short_instant(due, setting))


def _first_period_end(begins: int, setting: Setting) -> int:
    """The first day after the earliest study period that opens with a year (a half-year), `begins` itself where none was declared."""
    periods = setting.journal.periods
    near = (periods["kind"] != "year") & (abs(periods["starts"] - begins) <= _SEEN_FROM_START_DAYS)
    return int(periods.loc[near, "ends"].min()) + 1 if near.any() else begins


def _school_years(days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray((months - 7) // 12 + 1970)


def _second_half(year: int, setting: Setting) -> int:
    """The first day of the second half-year: the first declared quarter or half-year that starts in the new calendar year, or 1 January."""
    january = day_number(date(year + 1, 1, 1))
    periods = setting.journal.periods
    starts = periods.loc[
        periods["kind"].isin(("quarter", "half_year")) & (periods["starts"] >= january) & (periods["starts"] < january + 60), "starts"
    ]
    return int(starts.min()) if len(starts) else january
