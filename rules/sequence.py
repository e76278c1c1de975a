"""The order of lessons: when the next lessons of a class and subject come, and when a student's school day ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from ingest.journal import Journal

_DAYS = np.int64(1 << 20)
_NAT = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class Sequence:
    """The lessons held, in order, per class, subject and group; whole-class lessons belong to every group of their subject."""

    journal: Journal

    @cached_property
    def _held(self) -> pd.DataFrame:
        lessons = self.journal.lessons
        held = lessons.loc[lessons["held"].to_numpy(), ["class", "subject", "group", "day", "start", "end"]]
        return held.assign(lesson=held.index.to_numpy(dtype=np.int32))

    @cached_property
    def _slots(self) -> pd.DataFrame:
        """First start per (class, subject, group, day), sorted; a group's days include the whole class's."""
        key = ["class", "subject", "group"]
        held = self._held
        groups = held.loc[held["group"] >= 0, key].drop_duplicates()
        shared = groups.merge(held.loc[held["group"] < 0, ["class", "subject", "day", "start"]], on=["class", "subject"])
        slots = pd.concat([held[[*key, "day", "start"]], shared[[*key, "day", "start"]]], ignore_index=True)
        slots["line"] = self._line(slots)
        first = slots.sort_values(["line", "day", "start"]).drop_duplicates(["line", "day"])
        return first.reset_index(drop=True)

    def _line(self, frame: pd.DataFrame) -> npt.NDArray[np.int64]:
        subjects, groups = self.journal.size("subject") + 2, self.journal.size("group") + 2
        line = (
            (frame["class"].to_numpy().astype(np.int64) * subjects + frame["subject"].to_numpy() + 1) * groups
            + frame["group"].to_numpy()
            + 1
        )
        return np.asarray(line, dtype=np.int64)

    def following(self, lessons: pd.DataFrame, n: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.datetime64]]:
        """Give day and start (UTC) of the n-th lesson on a later date of each lesson's class, subject and group; (-1, NaT) if unknown.

        `lessons` has class, subject, group, day.
        """
        slots = self._slots
        keys = slots["line"].to_numpy() * _DAYS + slots["day"].to_numpy()
        line = self._line(lessons)
        at = np.searchsorted(keys, line * _DAYS + lessons["day"].to_numpy(), side="right") + n - 1
        inside = at < len(slots)
        at = np.where(inside, at, 0)
        same = inside & (slots["line"].to_numpy()[at] == line) if len(slots) else np.zeros(len(lessons), dtype=bool)
        if not len(slots):
            return np.full(len(lessons), -1), np.full(len(lessons), _NAT)
        return np.where(same, slots["day"].to_numpy()[at], -1), np.where(same, slots["start"].to_numpy()[at], _NAT)

    def last_ends(self, outside: npt.NDArray[np.bool_]) -> npt.NDArray[np.datetime64]:
        """Give for each lesson code the end of the last lesson held that day by the students whom the lesson addresses (NaT if not held).

        A whole-class lesson addresses all; a group's lesson its members, whose other lessons are the whole class's and their own
        groups'. Where nobody knows who is in a group, the whole class's last lesson counts: the later, milder instant. `outside` tells
        for each lesson code whether it is a class hour or the like, which ends no school day but its own.
        """
        ends = self.journal.lessons["end"].to_numpy(dtype="datetime64[us]").copy()
        ends[~self.journal.lessons["held"].to_numpy()] = _NAT
        held = self._held
        held = held[~outside[held["lesson"].to_numpy()]]
        last = held.groupby(["class", "day"])["end"].transform("max")
        ends[held["lesson"].to_numpy()] = last.to_numpy()
        split = held[held["group"] >= 0]
        if len(split):
            own = self._split_last_ends(held, split)
            ends[own.index.to_numpy()] = own.to_numpy()
        return ends

    def _split_last_ends(self, held: pd.DataFrame, split: pd.DataFrame) -> pd.Series:
        members = split.merge(
            self.journal.grouping[["student", "class", "subject", "group", "starts", "ends"]], on=["class", "subject", "group"]
        )
        members = members[(members["starts"] <= members["day"]) & (members["day"] < members["ends"])]
        own = members.groupby(["student", "day"])["end"].max().rename("own")
        whole = held[held["group"] < 0].groupby(["class", "day"])["end"].max().rename("whole")
        each = members[["lesson", "class", "student", "day"]].join(own, on=["student", "day"]).join(whole, on=["class", "day"])
        return each.assign(last=each[["own", "whole"]].max(axis=1)).groupby("lesson")["last"].max()
