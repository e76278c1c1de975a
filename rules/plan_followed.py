"""Family `plan_followed`: the topics recorded are those of the plan, in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, silent, units
from rules.norm import Norm
from rules.plan_topics import with_plans
from rules.plans import taught
from rules.topic_matching import alike, out_of_place, plainly
from rules.vocabulary import plain

if TYPE_CHECKING:
    from rules.setting import Setting

_LONGEST = 80
_NOWHERE, _WORDLESS = -1, -2
"""Places of topics that stand in no plan, and of those without a word to compare ."""


class PlanFollowed(Norm):
    """Topics in the journal correspond to the calendar-thematic plan.

    Broken: «Реформы Петра I» where the plan of the class has no such topic. Kept: «3. Реформы Петра Первого (2 ч.)», which shares most of
    its words with a planned one; a class whose plan is not in the log.

    A person decides: a topic may be worded in another way. Every plan published for the class in the school year counts; the teacher's
    own goes before another's.
    """

    family: Literal["plan_followed"]
    verdict: Literal["review", "notice", "ignore"] = Field(default="review", description="Вывод; нарушением расхождение не бывает")
    share: int = Field(default=60, ge=1, le=100, description="Сколько процентов слов темы должно совпасть с темой плана")
    shift: int | None = Field(
        default=None, ge=0, description="На сколько уроков тема может отойти от места в плане; не задано – любой порядок"
    )
    free: tuple[str, ...] = Field(default=(), description="Основы слов: тема с таким словом может не стоять в плане (инструктаж, резерв)")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per lesson whose topic stands nowhere in the plan, or out of its place."""
        lessons = self._with_topics(setting)
        if not setting.journal.has("plan.published"):
            return silent(self, ("lesson",), len(lessons), ban=True)
        lessons, planned = with_plans(lessons, setting)
        unplanned = int((lessons["plan"] < 0).sum())
        lessons = self._placed(lessons[lessons["plan"] >= 0].reset_index(drop=True), planned)
        free = self._free(lessons)
        nowhere = lessons[(lessons["place"] == _NOWHERE).to_numpy() & ~free].assign(fig_found="nowhere")
        parts = [nowhere] if self.shift is None else [nowhere, self._moved(lessons[~free], planned)]
        frame = pd.concat(parts, ignore_index=True)
        names = setting.journal.names("text")
        frame = frame.assign(
            person=frame["teacher"],
            act=frame["event"],
            ev_record=frame["event"],
            ev_lesson=frame["ev_scheduled"],
            fig_text=names[frame["text"].to_numpy()] if len(frame) else None,
            fig_place=frame["place"],
        )
        return Cases(self, units(frame), ("lesson",), ban=True, status="mismatch", undecidable=unplanned)

    def _with_topics(self, setting: Setting) -> pd.DataFrame:
        """Give the lessons under the policy with the last topic of each: columns of `taught`, event, done, low, text, topic (plain)."""
        lessons = taught(self.where, setting)
        lessons = lessons[(lessons["day"] >= setting.starts) & (lessons["day"] <= setting.ends)]
        last = setting.journal.texts("topic.recorded").drop_duplicates("lesson", keep="last")
        found = lessons.merge(last[["lesson", "event", "done", "low", "text"]], on="lesson")
        codes, place = np.unique(found["text"].to_numpy(), return_inverse=True)
        topics = plainly(setting.journal.names("text")[codes]) if len(codes) else np.array([], dtype=object)
        found["topic"] = topics[place]
        worded: pd.DataFrame = found[(found["topic"] != "").to_numpy()]
        return worded.reset_index(drop=True)

    def _placed(self, lessons: pd.DataFrame, planned: pd.DataFrame) -> pd.DataFrame:
        """Add place, where in its plan the topic first stands (_NOWHERE, _WORDLESS, or `PLACELESS`), and planned, the topic there."""
        known = planned.sort_values("place", key=lambda place: place.where(place >= 0, np.iinfo(np.int64).max))
        known = known.drop_duplicates(["plan", "topic"]).sort_values("plan", kind="stable", ignore_index=True)
        found = lessons.merge(known, on=["plan", "topic"], how="left")
        place = found["place"].fillna(_NOWHERE).to_numpy(dtype=np.int64)
        topics, named = known["topic"].to_numpy(dtype=object), found["topic"].to_numpy(dtype=object).copy()
        lost = np.flatnonzero(place == _NOWHERE)
        of_lost = found["plan"].to_numpy()[lost]
        for plan in np.unique(of_lost):
            rows = lost[of_lost == plan]
            own = slice(*np.searchsorted(known["plan"].to_numpy(), [plan, plan + 1]))
            near = alike(named[rows].tolist(), topics[own].tolist(), self.share)
            place[rows] = np.append(known["place"].to_numpy()[own], [_WORDLESS, _NOWHERE])[near]
            named[rows] = np.append(topics[own], ["", ""])[near]
        return found.assign(place=place, planned=named)

    def _free(self, lessons: pd.DataFrame) -> np.ndarray:
        words = [plain(word) for word in self.free]
        free = {topic: any(word in topic for word in words) for topic in lessons["topic"].unique()}
        return lessons["topic"].map(free).to_numpy(dtype=bool)

    def _moved(self, lessons: pd.DataFrame, planned: pd.DataFrame) -> pd.DataFrame:
        """Give the lessons out of place; where a plan serves the whole class and its groups alike, nobody knows the order."""
        shift = self.shift or 0
        placed = lessons[lessons["place"] >= 0].sort_values(["plan", "group", "start"])
        line = [placed["plan"], placed["group"]]
        reached = placed["place"].groupby(line).cummax().groupby(line).shift(1).fillna(-1)
        amiss = (placed["place"] < reached - shift) | (placed["place"] > reached + 1 + shift)
        groups = placed.groupby("plan")["group"]
        mixed = (groups.transform("min") < 0) & (groups.transform("max") >= 0)
        doubtful = placed[amiss.groupby(line).transform("any") & ~mixed]
        places = _places(planned[planned["plan"].isin(doubtful["plan"])])
        rows: list[int] = []
        for _line, part in doubtful.groupby(["plan", "group"]):
            options = [places[int(part["plan"].iloc[0]), topic] for topic in part["planned"].tolist()]
            rows.extend(part.index[out_of_place(options, shift)])
        return lessons.loc[rows].assign(fig_found="moved")

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give the topic and where the plan has it."""
        row = figures[0]
        text = str(row["text"])
        shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        if row["found"] == "nowhere":
            return _("темы «{text}» нет в плане этого класса и предмета; решает человек").format(text=shown)
        return _("тема «{text}» стоит в плане под номером {place}, а записана не по порядку; решает человек").format(
            text=shown, place=int(str(row["place"])) + 1
        )


def _places(planned: pd.DataFrame) -> dict[tuple[int, str], list[int]]:
    """By plan and topic: all places at which the topic stands."""
    found: dict[tuple[int, str], list[int]] = {}
    for plan, topic, place in zip(planned["plan"].tolist(), planned["topic"].tolist(), planned["place"].tolist(), strict=True):
        if place >= 0:
            found.setdefault((plan, topic), []).append(place)
    return found
