"""Family `archive_form`: what is archived has the form it must have – format, electronic signature, number of pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.answering import answerable
from rules.archive import GRAIN
from rules.archive_acts import CELL, Act, Copy, Document, act_names, acts_done, banned, cell_acts, graded_acts
from rules.cases import Cases, units
from rules.class_years import year_label
from rules.due import short_instant
from rules.norm import Norm

if TYPE_CHECKING:
    from rules.setting import Setting

_OPEN_FORMATS = ("pdf", "html", "htm", "csv", "xml", "txt")
_BAD, _UNKNOWN, _GOOD = 0, 1, 2


class ArchiveForm(Norm):
    """What is archived for a class is in an allowed format, signed or unsigned as it must be, of as many pages as were printed.

    Broken: exported only as .bak; the main copy without an electronic signature; 118 pages bound of 120 printed. Kept: .bak beside
    PDF; a form that the log does not tell.
    """

    family: Literal["archive_form"]
    act: Act = Field(default="exported", description="Какое действие: checked, exported, printed, bound, deposited")
    document: Document = Field(default="journal", description="С чем: journal – журнал, summary – сводная ведомость")
    formats: tuple[str, ...] = Field(default=(), description="Разрешённые форматы; open – все, что читаются без особых программ")
    copy_: Copy | None = Field(default=None, alias="copy", description="Только этот экземпляр: main – основной, working – рабочий")
    signed: bool | None = Field(default=None, description="С электронной подписью или без неё")
    pages_of: Act | None = Field(default=None, description="Страниц столько же, сколько названо при этом действии")

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if (bool(self.formats) + (self.signed is not None) + (self.pages_of is not None)) != 1:
            raise ValueError("a form is one of formats, signed, pages_of")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per class and school year in which the act was done: the first act in good form, else the first that is not."""
        acts = acts_done(self.act, self.document, setting)
        if self.copy_ is not None:
            acts = acts[(acts["copy"] == self.copy_).to_numpy()]
        acts = graded_acts(acts, self.where, setting)
        acts["form"] = self._form(acts, setting)
        best = acts.groupby(CELL)["form"].max().rename("best")
        # Bad ones show the breach; one of unknown form beside them may be the good one, and nobody can tell.
        acts["shown"] = (acts["form"] == _BAD) & (acts.join(best, on=CELL)["best"] < _GOOD)
        frame = (
            acts.sort_values(["shown", "done"], ascending=[False, True]).drop_duplicates(CELL).join(best, on=CELL).reset_index(drop=True)
        )
        frame = banned(frame, (frame["best"] == _BAD).to_numpy(), (frame["shown"] & (frame["best"] == _UNKNOWN)).to_numpy())
        return Cases(self, units(self._finished(frame, setting)), GRAIN, ban=True, status="mismatch")

    @property
    def _allowed(self) -> tuple[str, ...]:
        return tuple(name for given in self.formats for name in (_OPEN_FORMATS if given == "open" else (given.lower(),)))

    def _form(self, acts: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int64]:
        if self.formats:
            known, good = acts["format"] != "", acts["format"].isin(self._allowed)
        elif self.signed is not None:
            known, good = acts["signed"].notna(), acts["signed"].astype(object).eq(self.signed)
        else:
            other = acts_done(self.pages_of or self.act, self.document, setting)
            pages = other[other["pages"] >= 0].drop_duplicates(CELL, keep="last").set_index(CELL)["pages"].rename("wanted")
            wanted = acts.join(pages, on=CELL)["wanted"]
            known, good = (acts["pages"] >= 0) & wanted.notna(), acts["pages"] == wanted
        return np.select([~known.to_numpy(dtype=bool), good.to_numpy(dtype=bool)], [_UNKNOWN, _GOOD], _BAD)

    def _finished(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        day = setting.journal.local_day(frame["done"].to_numpy(dtype="datetime64[us]"))
        actors = frame["actor"].to_numpy(dtype=np.int32)
        return frame.assign(
            day=day,
            person=answerable(self.role, day, setting, homerooms=frame["homeroom"].to_numpy(), actors=actors, ban=True),
            object=[year_label(year) for year in frame["year"]],
            act=cell_acts(frame, self.document),
            ev_record=frame["event"],
            fig_format=frame["format"].to_numpy(dtype=object),
            fig_pages=frame["pages"],
            fig_sure=frame["best"] == _BAD,
            fig_done=frame["done"].to_numpy(dtype="datetime64[us]"),
        )

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what is wrong with the form."""
        case = figures[0]
        act, done = act_names()[self.act], short_instant(cast("np.datetime64", case["done"]), setting)
        if self.formats:
            text = _("{act} {done} — в формате {format}; подходят {formats}")
            text = text.format(act=act, done=done, format=case["format"], formats=", ".join(self._allowed))
        elif self.signed is not None:
            wrong = _("без электронной подписи, а она нужна") if self.signed else _("с электронной подписью, а её быть не должно")
            text = f"{act} {done} — {wrong}"
        else:
            other = act_names()[self.pages_of or self.act]
            text = _("{act} {done} — страниц {pages}, а {other} называет другое число").format(
                act=act, done=done, pages=case["pages"], other=other
            )
        return text if case["sure"] else text + _("; о другом таком действии этого не известно, оно могло быть верным")
