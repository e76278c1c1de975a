"""Records that every lesson asks for: topic, homework, roll call. Each function gives one row per obligation, without its term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rules.cases import acts, empty_act
from rules.vocabulary import plain

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

LESSON = ["lesson", "class", "subject", "group", "day", "start"]


def topics(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give each lesson with its first topic: LESSON columns, person, done, low, act, ev_lesson, ev_record."""
    texts = setting.journal.texts("topic.recorded")
    return _with_first(setting.lessons(scope), texts[_filled(texts, setting)], "topic")


def homework(scope: Scope, setting: Setting, *, demanded: bool) -> pd.DataFrame:
    """Give each lesson with its first homework; where homework is not `demanded` for every lesson, only lessons that have some.

    A record that says that nothing is set fulfils a demand, and is no homework where none is demanded. Class hours demand none.
    """
    texts = setting.journal.texts("homework.recorded")
    texts = texts[_filled(texts, setting)]
    if not demanded:
        texts = texts[is_homework(setting)[texts["text"].to_numpy()]]
    rows = _with_first(setting.lessons(scope), texts, "homework")
    unmarked = setting.named_subjects(setting.vocabulary.unmarked_subjects)
    wanted = ~unmarked[rows["subject"].to_numpy()] if demanded else np.zeros(len(rows), dtype=bool)
    return rows[wanted | (rows["ev_record"] >= 0).to_numpy()].reset_index(drop=True)


def is_homework(setting: Setting) -> np.ndarray:
    """Tell for each text code whether it sets homework, that is does not say that there is none."""
    none = {plain(text).rstrip(".") for text in setting.vocabulary.no_homework} | {""}
    return np.array([*(plain(str(text)).rstrip(".") not in none for text in setting.journal.names("text")), False], dtype=bool)


def _filled(texts: pd.DataFrame, setting: Setting) -> np.ndarray:
    filled = np.array([*(bool(str(text).strip()) for text in setting.journal.names("text")), False], dtype=bool)
    return np.asarray(filled[texts["text"].to_numpy()])


def attendance(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give each lesson with its roll call (or its first absence), and each absence that the lesson's teacher entered, with `student`.

    An absence entered by somebody else (the homeroom teacher) after the roll is a correction, not the teacher's delay.
    """
    lessons = setting.lessons(scope)
    rolls = setting.journal.entries("attendance.taken", lesson="lesson")
    history = setting.journal.attendance
    first = history.drop_duplicates(["lesson", "student"], keep="first")
    columns = ["event", "done", "low", "actor", "lesson"]
    taken = pd.concat([rolls[columns], first[columns]], ignore_index=True).sort_values("event")
    per_lesson = _with_first(lessons, taken, "attendance").assign(student=np.int32(-1))
    absent = lessons.merge(first[[*columns, "student"]], on="lesson")
    own = (absent["actor"] == absent["teacher"]) | (absent["actor"] == absent["planned_teacher"]) | (absent["actor"] < 0)
    absent = absent[own].rename(columns={"event": "ev_record", "ev_scheduled": "ev_lesson", "teacher": "person"})
    per_student = absent.assign(act=absent["ev_record"].astype(np.int64))
    return pd.concat([per_lesson, per_student[per_lesson.columns.intersection(per_student.columns)]], ignore_index=True)


def _with_first(lessons: pd.DataFrame, entries: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Give lessons with their first entry: done and low are NaT and ev_record is -1 where there is none."""
    n = int(max(lessons["lesson"].max() if len(lessons) else -1, entries["lesson"].max() if len(entries) else -1)) + 1
    first = entries.drop_duplicates("lesson", keep="first")
    at = first["lesson"].to_numpy()
    event = np.full(n, -1, dtype=np.int32)
    done = np.full(n, np.datetime64("NaT", "us"))
    low = done.copy()
    event[at], done[at], low[at] = first["event"].to_numpy(), first["done"].to_numpy(), first["low"].to_numpy()
    lesson = lessons["lesson"].to_numpy()
    rows = lessons[[*LESSON]].copy()
    rows["person"] = lessons["teacher"].to_numpy()
    rows["done"], rows["low"] = done[lesson], low[lesson]
    rows["ev_lesson"], rows["ev_record"] = lessons["ev_scheduled"].to_numpy(), event[lesson]
    rows["act"] = acts(event[lesson], empty_act(kind, lesson))
    return rows
