"""Family `notice`: what happened is told to whom it concerns, by a term from the day on which it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules import notice_causes
from rules.cases import Cases, acts, empty_act, silent, units
from rules.due import Due, short_instant
from rules.norm import Answer, Norm, Number, Role
from rules.told import To, first_told, told

if TYPE_CHECKING:
    from rules.setting import Setting


class Notice(Norm):
    """What happened is told to whom it concerns: a failing student or a truant to the parents, a remark to whom it was made.

    Broken: the mark 2 for a quarter entered on 25 October, the parents told on 5 November under a term of 7 days. Kept: told on
    1 November; told in September that the student is failing. A message between the same people counts, for nobody sees what it says.
    """

    family: Literal["notice"]
    role: Role = Field(default="homeroom_teacher", description="Кто отвечает")
    event: Literal["failing", "truancy", "remark"] = Field(
        description="О чём: failing – ученик не успевает, truancy – пропуск без уважительной причины, remark – замечание"
    )
    to: To = Field(description="Кому: родителям, классному руководителю, заместителю директора, получателю замечания")
    about: tuple[str, ...] = Field(min_length=1, description="Какие извещения засчитываются (about у notice.sent)")
    due: Due = Field(description="Срок со дня события")
    missing: Answer = Field(default="violation", description="Вывод, если извещения нет")
    by: Literal["anyone", "responsible"] = Field(default="anyone", description="Чьё извещение засчитывается")
    messages: bool = Field(default=True, description="Засчитывать сообщение отвечающего адресату: о чём оно, журнал не знает")
    marks: tuple[str, ...] = Field(default=("2",), description="Для failing: отметки за период, с которыми ученик не успевает")
    mean_below: Number | None = Field(default=None, description="Для failing: или среднее отметок за период меньше этого числа")
    least_marks: int = Field(default=3, ge=1, description="Для mean_below: при скольких отметках среднее принимается во внимание")
    codes: tuple[str, ...] = Field(default=("НП",), description="Для truancy: коды пропуска")
    own: bool = Field(default=False, description="Для remark: только замечания классного руководителя на уроках своего класса")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per student and period (or week), or per remark: done with the first notice that counts."""
        causes = self._causes(setting)
        if self.to == "homeroom_teacher":
            # Nobody has to tell oneself.
            causes = causes[causes["person"].to_numpy() != causes["recipient"].to_numpy()].reset_index(drop=True)
        terms = self.due.terms(causes, setting)
        table, shown = told(self.about, self.to, setting, messages=self.messages)
        if not shown:
            return silent(self, self._grain, int((terms.limit <= setting.as_of).sum()))
        first = first_told(causes, table, self.to, setting, responsible=self.by == "responsible")
        event = first["event"].to_numpy()
        frame = causes.drop(columns=["since", "recipient"]).rename(columns={"about": "fig_about"})
        frame = frame.assign(
            limit=terms.limit,
            due=terms.due,
            done=first["done"].to_numpy(),
            low=first["low"].to_numpy(),
            ev_told=event,
            fig_told=event >= 0,
            act=acts(event, empty_act("notice", causes["ev_cause"].to_numpy(dtype=np.int64))),
        )
        return Cases(self, units(frame), self._grain, missing=self.missing)

    @property
    def _by_subject(self) -> bool:
        return self.role == "teacher"

    @property
    def _grain(self) -> tuple[str, ...]:
        line = ("class", "subject", "group") if self._by_subject else ("class",)
        match self.event:
            case "failing":
                return (*line, "student", "period")
            case "truancy":
                return (*line, "student", "day")
            case _:
                return ("object",)

    def _causes(self, setting: Setting) -> pd.DataFrame:
        match self.event:
            case "failing":
                return notice_causes.failing(
                    self.where, self.marks, self.mean_below, self.least_marks, setting, by_subject=self._by_subject
                )
            case "truancy":
                return notice_causes.truants(self.where, self.codes, setting, by_subject=self._by_subject)
            case _:
                return notice_causes.remarks(self.where, self.role, setting, own=self.own)

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        return self.due.arithmetic(day, due, setting)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what nobody was told; a late notice needs no own sentence."""
        if any(case["told"] for case in figures):
            return ""
        about = str(figures[0]["about"])
        text = _("на {as_of} извещения в журнале нет").format(as_of=short_instant(setting.as_of, setting))
        return f"{about}; {text}" if about else text
