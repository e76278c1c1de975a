"""Family `edit_window`: an entry may no longer be made or changed after its window has closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.journal import CHANGED, DELETED, RECORDED
from ingest.wording import _, ngettext
from rules.cases import Cases, units
from rules.deadline import Deadline
from rules.due import short_day, short_instant
from rules.mark_records import terms_of_marks
from rules.marks import acting_roles
from rules.norm import Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting

Act = Literal["recorded", "changed", "deleted"]
_ACTS = {"recorded": RECORDED, "changed": CHANGED, "deleted": DELETED}
_CARRIED = ("class", "subject", "group", "day", "teacher", "planned_teacher", "grade")
_OFFICE = ("administrator", "backup_administrator", "deputy_director", "director")


class EditWindow(Norm):
    """Marks or attendance may be entered and changed only while their window is open.

    Broken: a mark of 5 February changed on 20 February under a window of 14 days. Kept: changed on 19 February at 23:30; changed to
    resolve a remark.
    """

    family: Literal["edit_window"]
    record: Literal["marks", "attendance"] = Field(description="Что закрывается: marks или attendance")
    acts: tuple[Act, ...] = Field(default=("recorded", "changed", "deleted"), description="Какие действия закрываются")
    days: int | None = Field(default=None, ge=1, description="Окно открыто столько дней после дня урока, включая последний")
    terms_of: tuple[str, ...] = Field(default=(), description="Окно закрывается вместе со сроком первой записи по этим правилам")
    bound: tuple[Role, ...] = Field(default=("teacher", "homeroom_teacher"), description="Кого связывает запрет")

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        if (self.days is None) == (not self.terms_of):
            raise ValueError("a window is either `days` or `terms_of`")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per entry or change that one of the bound people (or somebody unknown) made in a known lesson."""
        history = setting.journal.marks if self.record == "marks" else setting.journal.attendance
        lessons = setting.journal.lessons
        day = lessons["day"].to_numpy()
        inside = (day >= setting.starts) & (day <= setting.ends) & lessons["held"].to_numpy()
        inside &= setting.selects(self.where, grades=lessons["grade"].to_numpy(), subjects=lessons["subject"].to_numpy())
        chosen = np.isin(history["act"].to_numpy(), [_ACTS[act] for act in self.acts]) & inside[history["lesson"].to_numpy()]
        if self.record == "marks" and "recorded" not in self.acts:
            chosen &= self._corrects(history, setting)
        # Half a million rows: each column is taken once, and lessons' columns are worked out per lesson.
        at = np.flatnonzero(chosen)
        lesson = history["lesson"].to_numpy()[at]
        columns = {str(name): history[name].to_numpy()[at] for name in history.columns if name not in ("value", "old", "code")}
        columns |= {name: lessons[name].to_numpy()[lesson] for name in _CARRIED}
        frame = pd.DataFrame({**columns, "ev_lesson": lessons["ev_scheduled"].to_numpy()[lesson]}, copy=False)
        frame["limit"] = self._closing(frame, setting)
        who, known = self._bound(frame, setting)
        frame = frame.assign(
            person=np.where(frame["actor"] < 0, frame["teacher"], frame["actor"]),
            # As a list of objects; pandas would turn half a million words into its own texts and back.
            role=pd.Series(acting_roles(frame, setting), dtype=object),
            actor_known=known,
            ev_record=frame["event"],
            act=frame["event"],
        )
        kept = who & ~np.isnat(frame["limit"].to_numpy())
        frame = frame if kept.all() else frame[kept].reset_index(drop=True)
        return Cases(self, units(frame), ("act",), ban=True, edit=True, status="forbidden")

    def _corrects(self, history: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Tell which changes replace a mark; a mark put beside an absence code («Н» becomes «Н4») replaces none."""
        old = history["old"].to_numpy()
        code_only = setting.mark_values.absent[old] & ~setting.mark_values.mark[old]
        return np.asarray(~((history["act"].to_numpy() == CHANGED) & code_only), dtype=bool)

    def _closing(self, frame: pd.DataFrame, setting: Setting) -> npt.NDArray[np.datetime64]:
        if self.days is not None:
            lessons = setting.journal.lessons
            closing = setting.calendar.end_of(lessons["day"].to_numpy() + self.days)
            return np.asarray(closing[frame["lesson"].to_numpy()])
        closing = np.full(len(frame), np.datetime64("NaT", "us"))
        works = setting.journal.works
        known = np.append(works["known"].to_numpy(), False)[frame["work"].to_numpy()]
        kinds = np.where(known, np.append(setting.work_kinds, "")[np.append(works["kind"].to_numpy(), -1)[frame["work"].to_numpy()]], "")
        for rule in self.terms_of:
            norm = setting.norms[rule]
            if not isinstance(norm, Deadline):
                raise TypeError(f"{self.id}: terms_of names {rule}, which has no term")
            of_works = norm.record == "work_marks"
            chosen = (known == of_works) & setting.selects(
                norm.where,
                grades=frame["grade"].to_numpy(),
                subjects=frame["subject"].to_numpy(),
                kinds=kinds.astype(object) if of_works else None,
            )
            at = np.flatnonzero(chosen & np.isnat(closing))
            closing[at] = terms_of_marks(frame["lesson"].to_numpy()[at], norm.due, setting)
        return closing

    def _bound(self, frame: pd.DataFrame, setting: Setting) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Who the ban binds (also those of whom nobody knows who they are), and of whom that is known."""
        journal = setting.journal
        actor = frame["actor"].to_numpy()
        lessons = journal.lessons
        homeroom = journal.homeroom(lessons["class"].to_numpy(), lessons["day"].to_numpy())[frame["lesson"].to_numpy()]
        own = (actor == frame["teacher"].to_numpy()) & ("teacher" in self.bound)
        own |= (actor == frame["planned_teacher"].to_numpy()) & ("teacher" in self.bound)
        own |= (actor == homeroom) & ("homeroom_teacher" in self.bound)
        bound = np.append(journal.holding(*self.bound) & ~journal.holding(*_OFFICE), False)
        nameless = np.ones(journal.size("person") + 1, dtype=bool)
        nameless[journal.roles["person"].to_numpy()] = False
        known = own | ~nameless[actor]
        return (own | bound[actor] | ~known), known

    def term_words(self) -> str:
        """Give in Russian words how long the window is open."""
        if self.days is None:
            return _("пока не истёк срок первой записи")
        return _("{n} {days} после дня урока").format(n=self.days, days=ngettext(self.days, "день", "дня", "дней"))

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the window in Russian."""
        if self.days is not None:
            n = self.days
            return _("{day} + {n} {days} — запись открыта до {due}").format(
                day=short_day(day), n=n, days=ngettext(n, "день", "дня", "дней"), due=short_instant(due, setting)
            )
        return _("срок первой записи истёк {due}, после него исправлять нельзя").format(due=short_instant(due, setting))
