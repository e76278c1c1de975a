"""Family `works_planned`: the works that the plan names are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, empty_act, figures_table, silent, units
from rules.line_lessons import lessons_of
from rules.norm import Norm, Number
from rules.period_lines import lines_of
from rules.period_records import PERIOD_KINDS
from rules.plans import plans, plans_of
from rules.vocabulary import plain
from rules.work_words import kinds_in, naming

if TYPE_CHECKING:
    import re

    from rules.setting import Setting

_APART = 1 << 22
"""Keeps the acts of this family apart from those of others about plans."""
_GRAIN = ("class", "subject", "group", "period")


class WorksPlanned(Norm):
    """Control works, laboratory works and the like that stand in the plan's topics are held in the period.

    Broken: the plan of the quarter names two control works, one was held, and the school wants all. Kept: both were held; the plan names
    none. A lesson counts when a work of the kind was set for it, or when its topic names one.
    """

    family: Literal["works_planned"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; нарушением это не бывает")
    least: Number | None = Field(default=None, ge=0, le=100, description="Сколько процентов работ плана нужно; не задано – без вывода")
    periods: tuple[str, ...] = Field(default=(*PERIOD_KINDS, "year"), description="Какие учебные периоды")

    @property
    def judges(self) -> bool:
        """Whether a threshold is set."""
        return super().judges and self.least is not None

    def cases(self, setting: Setting) -> Cases:
        """Give the figures of every line whose plan names works, and one row per line that lacks some."""
        lines = lines_of(self.where, self.periods, setting).reset_index(drop=True)
        lines = lines[setting.calendar.end_of(lines["ends"].to_numpy(dtype=np.int64)) <= setting.as_of].reset_index(drop=True)
        if not setting.journal.has("plan.published"):
            return silent(self, _GRAIN, len(lines), ban=True)
        known = plans_of(lines, plans(setting))
        patterns = naming(kinds_in(self.where, setting.vocabulary), setting.vocabulary)
        counts: dict[str, int] = {}
        unplanned = int((known["topics"].map(len) == 0).sum())
        lines["planned"] = [sum(_named(topic, patterns, counts) for topic in topics) for topics in known["topics"]]
        lines["ev_plan"] = known["ev_plan"]
        lines = lines[lines["planned"] > 0].copy()
        lines["held"] = self._held(lines, patterns, setting).reindex(lines.index).fillna(0).astype(np.int64)
        table = figures_table(lines.assign(day=lines["starts"], part=lines["held"], whole=lines["planned"]))
        wanted, of_hundred = (self.least or 0).as_integer_ratio()
        short = lines[lines["held"] * 100 * of_hundred < lines["planned"] * wanted]
        person = short["person"].to_numpy(dtype=np.int32)
        if self.role != "teacher":
            person = setting.journal.holders(self.role, short["ends"].to_numpy(dtype=np.int64))
        place = short["class"].to_numpy(dtype=np.int64) * (setting.journal.size("subject") + 1) + short["subject"].to_numpy(dtype=np.int64)
        frame = short.assign(person=person, act=empty_act("plan", place, short["period"].to_numpy(dtype=np.int64) + _APART))
        frame = frame.assign(fig_held=frame["held"], fig_planned=frame["planned"])
        return Cases(self, units(frame), _GRAIN, ban=True, status="insufficient", figures=table, undecidable=unplanned)

    def _held(self, lines: pd.DataFrame, patterns: Mapping[str, re.Pattern[str]], setting: Setting) -> pd.Series:
        """How many works were held in each line's lessons: works set, or those that the topic names where none was set."""
        journal = setting.journal
        works = journal.works[journal.works["known"].to_numpy()]
        kinds = np.append(setting.work_kinds, "")[works["kind"].to_numpy()].astype(str)
        here = works.loc[np.isin(kinds, list(patterns)), "lesson"].to_numpy()
        found = np.bincount(here[here >= 0], minlength=journal.size("lesson"))
        texts = journal.texts("topic.recorded").drop_duplicates("lesson", keep="last")
        codes, place = np.unique(texts["text"].to_numpy(), return_inverse=True)
        counts: dict[str, int] = {}
        said = np.array([_named(str(journal.names("text")[code]), patterns, counts) for code in codes], dtype=np.int64)
        lesson = texts["lesson"].to_numpy()
        found[lesson] = np.maximum(found[lesson], said[place] if len(said) else 0)
        lessons = lessons_of(lines, setting)
        lessons = lessons[lessons["held"]]
        return lessons.assign(works=found[lessons["lesson"].to_numpy()]).groupby("row")["works"].sum()

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give works held beside works planned."""
        row = figures[0]
        return _("работ в плане {planned}, проведено {held}; решает человек").format(planned=row["planned"], held=row["held"])


def _named(topic: str, patterns: Mapping[str, re.Pattern[str]], known: dict[str, int]) -> int:
    """How many kinds of work a topic names; `known` keeps the answers."""
    if topic not in known:
        text = plain(topic)
        known[topic] = sum(bool(pattern.search(text)) for pattern in patterns.values())
    return known[topic]
