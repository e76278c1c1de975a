"""Family `archive_order`: a step of archiving comes only after another (the export after the check)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.answering import HOMEROOM, answerable, holds
from rules.archive import GRAIN
from rules.archive_acts import CELL, Act, Document, act_names, acts_done, banned, cell_acts, graded_acts
from rules.cases import Cases, units
from rules.class_years import year_label
from rules.due import short_instant
from rules.norm import Norm, Role

if TYPE_CHECKING:
    from rules.setting import Setting


class ArchiveOrder(Norm):
    """What is archived for a class was checked (or exported, or printed) before.

    Broken: exported on the evening before the check; exported, never checked. Kept: exported on the day of the check, after it; exported
    once more after it.
    """

    family: Literal["archive_order"]
    act: Act = Field(description="Какое действие: checked, exported, printed, bound, deposited")
    document: Document = Field(default="journal", description="С чем: journal – журнал, summary – сводная ведомость")
    after: Act = Field(description="После какого действия")
    after_document: Document | None = Field(default=None, description="С чем сделано действие after, если с другим документом")
    by: tuple[Role, ...] = Field(default=(), description="Кто мог сделать действие after (пусто – любой); иначе решает человек")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per class and school year in which the act was done: the first that was in order, else the first."""
        acts = graded_acts(acts_done(self.act, self.document, setting), self.where, setting)
        before = acts_done(self.after, self.after_document or self.document, setting)
        before = before.rename(columns={"event": "ev_before", "done": "was", "low": "was_low", "actor": "by"})
        pairs = acts.merge(before[[*CELL, "ev_before", "was", "was_low", "by"]], on=CELL, how="left")
        surely, maybe = pairs["was"] <= pairs["low"], pairs["was_low"] <= pairs["done"]
        own = self._entitled(pairs, setting)
        # 3: in order; 2: in order, but the step before was done by somebody else; 1: brackets overlap; 0: out of order.
        pairs["rank"] = np.select([surely & own, surely, maybe], [3, 2, 1], 0)
        frame = pairs.sort_values(["rank", "done", "was"], ascending=[False, True, True]).drop_duplicates(CELL).reset_index(drop=True)
        return Cases(self, units(self._judged(frame, setting)), GRAIN, ban=True, status="out_of_order")

    def _entitled(self, pairs: pd.DataFrame, setting: Setting) -> pd.Series:
        """Whether the step before was done by one of `by`, or nobody knows by whom."""
        actor = pairs["by"].fillna(-1).to_numpy(dtype=np.int32)
        entitled = (actor < 0) | (not self.by)
        days = setting.journal.local_day(pairs["was"].fillna(pairs["done"]).to_numpy(dtype="datetime64[us]"))
        for role in self.by:
            homeroom = pairs["homeroom"].to_numpy(dtype=np.int32)
            # Where a class's homeroom teacher is not known, anyone who holds the role may be it.
            held = holds(role, actor, days, setting)
            entitled |= np.where(homeroom >= 0, actor == homeroom, held) if role == HOMEROOM else held
        return pd.Series(entitled, index=pairs.index)

    def _judged(self, frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        rank = frame["rank"].to_numpy()
        day = setting.journal.local_day(frame["done"].to_numpy(dtype="datetime64[us]"))
        actors = frame["actor"].to_numpy(dtype=np.int32)
        person = answerable(self.role, day, setting, homerooms=frame["homeroom"].to_numpy(), actors=actors, ban=True)
        doubtful = (rank == 2) & (self.verdict != "ignore")
        return banned(frame, np.isin(rank, (0, 2)), rank == 1).assign(
            day=day,
            person=person,
            object=[year_label(year) for year in frame["year"]],
            act=cell_acts(frame, self.document),
            late=np.where(doubtful, "review", self.verdict),
            ev_record=frame["event"],
            fig_rank=rank,
            fig_done=frame["done"].to_numpy(dtype="datetime64[us]"),
            fig_was=frame["was"].to_numpy(dtype="datetime64[us]"),
        )

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian when the act was done, and when, if ever, the one that had to come before."""
        case = figures[0]
        names = act_names()
        done, was = (cast("np.datetime64", case[name]) for name in ("done", "was"))
        before = names[self.after]
        earlier = _("{act} в журнале не отмечена").format(act=before) if np.isnat(was) else f"{before} {short_instant(was, setting)}"
        text = _("{act} {done}, а {before}").format(act=names[self.act], done=short_instant(done, setting), before=earlier)
        match case["rank"]:
            case 2:
                return text + _("; её сделал не тот, кто назван в положении, — решает человек")
            case 1:
                return text + _("; что было раньше, по данным не решить")
            case _:
                return text
