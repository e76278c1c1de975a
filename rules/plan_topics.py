"""Which plan is a lesson's own, and at which place each topic stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rules.plans import plans
from rules.topic_matching import plainly

if TYPE_CHECKING:
    from rules.setting import Setting

_LINE = ["class", "subject_as", "year"]
PLACELESS = -3
"""The place of a topic that stands only in a plan that was replaced, or in one of several plans of which nobody knows the right one."""


def with_plans(lessons: pd.DataFrame, setting: Setting) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give lessons with plan (a number, -1 none) and ev_plan, and the topics of these plans: plan, topic (plain), place (from 0).

    A lesson's plan is that of the teacher who was to hold it, else of the one who held it, else whatever plan its class has.
    """
    topics = _topics(setting)
    own = topics.assign(plan=topics.groupby([*_LINE, "teacher"]).ngroup())
    shared = topics.assign(plan=topics.groupby(_LINE).ngroup() + len(topics))
    several = shared.groupby("plan")["teacher"].transform("nunique") > 1
    shared["place"] = shared["place"].where(~several, PLACELESS)
    last = pd.concat([own, shared]).groupby("plan")["event"].max()
    plan = np.full(len(lessons), -1, dtype=np.int64)
    for table, keys in ((own, "planned_teacher"), (own, "teacher"), (shared, "")):
        on = [*_LINE, "teacher"] if keys else _LINE
        wanted = lessons[[*_LINE, keys]].rename(columns={keys: "teacher"}) if keys else lessons[_LINE]
        found = wanted.merge(table[[*on, "plan"]].drop_duplicates(), on=on, how="left")["plan"].fillna(-1).to_numpy(dtype=np.int64)
        plan = np.where(plan < 0, found, plan)
    planned = pd.concat([own, shared], ignore_index=True)[["plan", "topic", "place"]]
    used = planned[planned["plan"].isin(np.unique(plan))].reset_index(drop=True)
    return lessons.assign(plan=plan, ev_plan=last.reindex(plan).fillna(-1).to_numpy(dtype=np.int32)), used


def _topics(setting: Setting) -> pd.DataFrame:
    """Every topic of every plan: _LINE columns, teacher, event, topic, place (through the teacher's plans for all periods in order)."""
    published = plans(setting)
    starts = setting.journal.periods.set_index("period")["starts"]
    published = published.assign(begins=starts.reindex(published["period"]).fillna(-1).to_numpy(dtype=np.int64))
    key = [*_LINE, "teacher", "period"]
    topics = published[published["topics"].map(len) > 0].sort_values(["begins", "event"]).explode("topics", ignore_index=True)
    topics["topic"] = plainly(topics["topics"].astype(object).to_numpy())
    topics = topics[(topics["topic"] != "").to_numpy()]
    current = (topics["event"] == topics.groupby(key)["event"].transform("max")).to_numpy()
    place = topics[current].groupby([*_LINE, "teacher"]).cumcount()
    return topics.assign(place=place.reindex(topics.index).fillna(PLACELESS).astype(np.int64))[
        [*_LINE, "teacher", "event", "topic", "place"]
    ]
