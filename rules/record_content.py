"""Family `record_content`: records say what they have to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _, ngettext
from rules.cases import Cases, units
from rules.homework_words import stating
from rules.lesson_records import is_homework
from rules.mark_cells import digits_of
from rules.mark_records import works_in
from rules.norm import Norm
from rules.vocabulary import plain
from rules.work_words import hinting

if TYPE_CHECKING:
    from rules.setting import Setting

_LONGEST = 80
_WIDE = np.int64(1 << 32)
_CELL = ["lesson", "student"]
_CARRIED = ("class", "subject", "group", "day", "teacher", "grade", "ev_scheduled", "held")


class RecordContent(Norm):
    """Homework says what to do, the topic of a lesson with a work names the work, several marks in a cell are for several kinds of work.

    Broken: homework «по теме»; a control work in a lesson whose topic does not mention it; «45» in a lesson without a work. Kept: «§ 5»,
    «Выучить правило»; «Контрольная работа № 2»; a mark for the answer and one for the test.

    A person decides: a short text may be clear in class, and not every kind of work is set in the journal.
    """

    family: Literal["record_content"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; нарушением это не бывает")
    check: Literal["homework", "work_topic", "several_marks"] = Field(
        description="homework – задание названо; work_topic – тема называет работу; several_marks – несколько отметок в одной клетке"
    )
    shortest: int = Field(default=10, ge=1, description="Для homework: сколько букв должно быть в задании с глаголом (без него – втрое)")
    double: tuple[str, ...] = Field(
        default=("dictation", "exposition", "essay"), description="Для several_marks: работы, за которые ставят две отметки"
    )

    def cases(self, setting: Setting) -> Cases:
        """Give one row per record that a person should look at."""
        match self.check:
            case "homework":
                frame, grain = self._homework(setting), ("lesson",)
            case "work_topic":
                frame, grain = self._work_topics(setting), ("lesson",)
            case _:
                frame, grain = self._several_marks(setting), ("act",)
        frame = frame.assign(act=frame["event"], ev_record=frame["event"], ev_lesson=frame["ev_scheduled"])
        return Cases(self, units(frame), grain, ban=True, status="mismatch" if self.check == "several_marks" else "missing")

    def _homework(self, setting: Setting) -> pd.DataFrame:
        """Lessons whose homework, as it stands, names neither a place in the book nor, at some length, what to do."""
        texts = setting.journal.texts("homework.recorded").drop_duplicates("lesson", keep="last")
        texts = texts[is_homework(setting)[texts["text"].to_numpy()]]
        codes, place = np.unique(texts["text"].to_numpy(), return_inverse=True)
        names = setting.journal.names("text")
        clear = stating([str(names[code]) for code in codes], self.shortest)
        frame = self._in_lessons(texts[~clear[place]], setting)
        return frame.assign(person=frame["teacher"], fig_text=names[frame["text"].to_numpy()] if len(frame) else None)

    def _work_topics(self, setting: Setting) -> pd.DataFrame:
        """Lessons with a work for everybody whose topic, as it stands, has no hint of the work's kind; those without a topic stay out."""
        works = works_in(self.where, setting)
        works = works[works["students"].isna() & (works["kind"] != "").to_numpy()]
        last = setting.journal.texts("topic.recorded").drop_duplicates("lesson", keep="last")
        frame = works.merge(last[["lesson", "event", "done", "low", "text"]], on="lesson")
        names = setting.journal.names("text")
        said = [plain(str(names[code])) for code in frame["text"].tolist()]
        hints = {kind: hinting(kind, setting.vocabulary) for kind in frame["kind"].unique()}
        silent = [bool(text) and not hints[kind].search(text) for kind, text in zip(frame["kind"], said, strict=True)]
        frame = frame[np.array(silent, dtype=bool)].reset_index(drop=True)
        if not len(frame):
            return frame.assign(person=frame["teacher"])
        kinds = setting.journal.names("work_kind")[setting.journal.works["kind"].to_numpy()[frame["work"].to_numpy()]]
        return frame.assign(person=frame["teacher"], fig_text=names[frame["text"].to_numpy()], fig_kind=kinds)

    def _several_marks(self, setting: Setting) -> pd.DataFrame:
        """Cells that hold more marks than kinds of work can account for; marks beside an absence code are another matter."""
        works = setting.journal.works
        kinds = np.append(setting.work_kinds, "")[np.append(works["kind"].to_numpy(), -1)].astype(str)
        kinds[~np.append(works["known"].to_numpy(), False)] = ""
        digits = digits_of(setting, 9)
        marks = setting.current_marks
        value = marks["value"].to_numpy()
        marks = marks.assign(count=digits.count[value], kind=kinds[marks["work"].to_numpy()])[~setting.mark_values.absent[value]]
        cell = pd.Series(marks["lesson"].to_numpy(dtype=np.int64) * _WIDE + marks["student"].to_numpy())
        marks = marks[(marks["count"].to_numpy() > 1) | cell.duplicated(keep=False).to_numpy()]
        marks = marks[marks["count"] > 0]
        double = {setting.vocabulary.work(name) or name for name in self.double}
        given = marks.groupby([*_CELL, "kind"], as_index=False)["count"].sum()
        given["named"] = given["kind"] != ""
        given["more"] = given["named"] & (given["count"] > np.where(given["kind"].isin(double), 2, 1))
        cells = given.groupby(_CELL).agg(more=("more", "any"), used=("named", "sum")).reset_index()
        plainly = given[~given["named"]].rename(columns={"count": "plain"})
        cells = cells.merge(plainly[[*_CELL, "plain"]], on=_CELL, how="left")
        # Without a work a mark is for the answer; the lesson's works without a mark of their own may account for others.
        free = np.maximum(self._kinds_of(kinds, setting)[cells["lesson"].to_numpy(dtype=np.int32)] - cells["used"].to_numpy(), 0)
        cells = cells[cells["more"].to_numpy(dtype=bool) | (cells["plain"].fillna(0).to_numpy() > 1 + free)]
        found = marks.merge(cells[_CELL], on=_CELL).sort_values("event")
        found = found.assign(fig_count=found.groupby(_CELL)["count"].transform("sum")).drop_duplicates(_CELL, keep="last")
        frame = self._in_lessons(found, setting)
        return frame.assign(person=np.where(frame["actor"] < 0, frame["teacher"], frame["actor"]))

    def _kinds_of(self, kinds: np.ndarray, setting: Setting) -> np.ndarray:
        """How many kinds of work were set for each lesson code."""
        works = setting.journal.works.assign(kind=kinds[:-1])
        works = works[(works["kind"] != "") & (works["lesson"] >= 0)].drop_duplicates(["lesson", "kind"])
        return np.bincount(works["lesson"].to_numpy(), minlength=setting.journal.size("lesson"))

    def _in_lessons(self, entries: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        lessons = setting.journal.lessons.take(entries["lesson"].to_numpy()).reset_index(drop=True)
        frame = entries.reset_index(drop=True).assign(**{name: lessons[name] for name in _CARRIED})
        chosen = setting.selects(self.where, grades=frame["grade"].to_numpy(), subjects=frame["subject"].to_numpy())
        kept: pd.DataFrame = frame[chosen & lessons["held"].to_numpy()]
        return kept.reset_index(drop=True)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the record and what it lacks."""
        row = figures[0]
        text = str(row.get("text", ""))
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        match self.check:
            case "homework":
                return _("в задании «{text}» нет ни номера, ни страницы, ни того, что сделать; решает человек").format(text=shown)
            case "work_topic":
                return _("на уроке была работа «{kind}», тема «{text}» её не называет; решает человек").format(kind=row["kind"], text=shown)
            case _:
                n = int(str(row["count"]))
                marks = ngettext(n, "отметка", "отметки", "отметок")
                return _("в клетке {n} {marks}, а столько видов работы на уроке в журнале не названо; решает человек").format(
                    n=n, marks=marks
                )
