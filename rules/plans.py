"""Calendar-thematic plans as they were published, and the lines of lessons that they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rules.class_years import school_year_of
from rules.period_lines import subjects_as

if TYPE_CHECKING:
    from rules.norm import Scope
    from rules.setting import Setting

_CARRIED = ["class", "subject", "group", "teacher", "planned_teacher", "start", "end", "day", "grade", "ev_scheduled"]
_AHEAD = 6
"""Plans published from June on are for the school year that begins in September."""


def plans(setting: Setting) -> pd.DataFrame:
    """Give every published plan in the order of publishing: class, subject, subject_as, teacher, period (-1: of the year), year (in which
    the school year begins), hours (-1 unknown), topics (tuple of texts), event, done, low.
    """
    journal = setting.journal
    codes = {"class": "class", "subject": "subject", "teacher": "person", "period": "period"}
    table = journal.table("plan.published")
    found = journal.entries("plan.published", **codes)
    published = school_year_of(journal.local_day(found["done"].to_numpy()), _AHEAD)
    periods = journal.periods.set_index("period")["starts"]
    begins = periods.reindex(found["period"]).fillna(-1).to_numpy(dtype=np.int64)
    topics = pd.Series([tuple(items or ()) for items in table["topics"]], dtype=object, index=found.index)
    return found.assign(
        year=np.where(begins >= 0, school_year_of(begins), published),
        subject_as=subjects_as(setting)[found["subject"].to_numpy()],
        hours=table["hours"].fillna(-1).to_numpy(dtype=np.int64),
        topics=topics,
    )


def taught(scope: Scope, setting: Setting) -> pd.DataFrame:
    """Give the lessons held, in order, of which the scope speaks and that are marked subjects: lesson, class, subject, subject_as, group,
    teacher, planned_teacher, start, end, day, grade, year, ev_scheduled. All of them, also those before the policy was in force.
    """
    lessons = setting.journal.lessons
    chosen = setting.selects(scope, grades=lessons["grade"].to_numpy(), subjects=lessons["subject"].to_numpy())
    unmarked = setting.named_subjects(setting.vocabulary.unmarked_subjects)[lessons["subject"].to_numpy()]
    rows = np.flatnonzero(chosen & lessons["held"].to_numpy() & ~unmarked)
    held = lessons[_CARRIED].take(rows).assign(lesson=rows.astype(np.int32))
    held = held.assign(
        year=school_year_of(held["day"].to_numpy(dtype=np.int64)), subject_as=subjects_as(setting)[held["subject"].to_numpy()]
    )
    return held.sort_values("start", ignore_index=True)
