"""Family `control_results`: what a control found is passed on to those whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from rules.cases import Cases, acts, empty_act, silent, units
from rules.due import Due
from rules.duty_acts import ControlKind, Handing, controls
from rules.interval_acts import answering
from rules.norm import Answer, Norm, Role

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from rules.setting import Setting

_GRAIN = ("object", "class", "day")
_NAT = np.datetime64("NaT", "us")


class ControlResults(Norm):
    """After every control of these kinds its results are published, or handed over, by their term.

    Broken: a check on 10 October of which the teachers heard nothing by the 17th. Kept: a notice of the results two days later.
    """

    family: Literal["control_results"]
    role: Role = Field(description="Кто отвечает")
    controls: tuple[ControlKind, ...] = Field(min_length=1, description="После каких видов контроля")
    by: tuple[Role, ...] = Field(default=(), description="Чей это контроль и кто передаёт; пусто – тот, кто отвечает")
    published: bool = Field(default=False, description="Годится и опубликованный контроль (published)")
    unsaid: Literal["open", "unpublished"] = Field(
        default="open", description="Для published: если о публикации не сказано – вопрос открыт (open) или её не было (unpublished)"
    )
    handed: Handing = Field(default=Handing(), description="Отчёты, извещения, объявления, которыми передают")
    due: Due = Field(description="Срок со дня контроля")
    missing: Answer = Field(default="violation", description="Вывод, если результаты не переданы")

    @model_validator(mode="after")
    def _some_way(self) -> Self:
        if not self.published and not self.handed.event_types:
            raise ValueError("results are `published` or `handed`")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per control: done with its publication, or the first handing over that is not earlier."""
        by = self.by or (self.role,)
        made = controls(self.controls, by, setting)
        made = made[made["day"] >= setting.duties_from].reset_index(drop=True)
        terms = self.due.terms(made, setting)
        made = made.assign(limit=terms.limit, due=terms.due)
        says = self.published and bool((made["published"] >= 0).any())
        if not says and not setting.journal.has(*self.handed.event_types):
            return silent(self, _GRAIN, int((made["limit"] <= setting.as_of).sum()))
        frame = self._passed_on(made, self.handed.acts(by, setting))
        # A control that does not say whether it was published leaves it open, where the norm does not say otherwise.
        open_ = (self.published and self.unsaid == "open") & (frame["published"] < 0) & ~(frame["done"] < frame["limit"])
        undecidable = int((open_ & (frame["limit"] <= setting.as_of)).sum())
        frame = frame[~open_].reset_index(drop=True)
        event = frame["ev_record"].to_numpy(dtype=np.int32)
        frame = frame.assign(
            person=answering(self.role, frame["class"].to_numpy(dtype=np.int32), frame["day"].to_numpy(dtype=np.int64), setting),
            object=self.controls[0],
            act=acts(event, empty_act("notice", frame["ev_control"].to_numpy(dtype=np.int64))),
        )
        return Cases(self, units(frame), _GRAIN, missing=self.missing, undecidable=undecidable)

    def _passed_on(self, made: pd.DataFrame, handed: pd.DataFrame) -> pd.DataFrame:
        handed = handed.sort_values(["done", "event"], ignore_index=True)
        at = np.searchsorted(handed["done"].to_numpy(dtype="datetime64[us]"), made["done"].to_numpy(dtype="datetime64[us]"), side="left")
        event = np.append(handed["event"].to_numpy(dtype=np.int32), -1)[at]
        done, low = (np.append(handed[name].to_numpy(dtype="datetime64[us]"), _NAT)[at] for name in ("done", "low"))
        public: npt.NDArray[np.bool_] = self.published & (made["published"] == 1).to_numpy()
        return made.assign(
            ev_control=made["event"],
            ev_record=np.where(public, made["event"], event),
            done=np.where(public, made["done"], done),
            low=np.where(public, made["low"], low),
        )

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        return self.due.arithmetic(day, due, setting)
