"""The Journal: what a school's event log says happened, as typed tables, as known at one moment.

Ids are whole-number codes into the log's domains (-1 = none); `Journal.name` and `Journal.names` turn them back. Instants are naive
UTC `datetime64[us]`, local dates are day numbers (days since 1970-01-01, int64). Every row carries the numbers of the events it
rests on in columns that begin with `ev_`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.timetable import lessons_as_held

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ingest.eventlog import EventLog

Codes = npt.NDArray[np.int32]
Days = npt.NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)
MICROSECOND = np.timedelta64(1, "us")
NEVER = 2**31
"""A day number later than any date: the open end of an interval."""
RECORDED, CHANGED, DELETED = 0, 1, 2
_LESSON_ENTRIES = (
    "lesson.moved", "lesson.cancelled", "lesson.substituted", "work.set", "topic.recorded", "homework.recorded", "attendance.taken",
    "attendance.recorded", "attendance.changed", "mark.recorded", "mark.changed", "mark.deleted",
)  # fmt: skip


def codes_of(column: pd.Series) -> Codes:
    """Give the codes of a categorical column as int32, -1 where there is none."""
    return np.asarray(column.cat.codes, dtype=np.int32)


def day_numbers(column: pd.Series, none: int) -> Days:
    """Give a `datetime64[s]` date column as day numbers, `none` where there is no date."""
    days = column.to_numpy().astype("datetime64[D]").astype(np.int64)
    return np.where(column.isna().to_numpy(), none, days)


@dataclass(frozen=True)
class Journal:
    """A school's log read at `as_of` (UTC; None: everything), with `zone` for local dates.

    `timetable_until` gives the timetable as it was known at an earlier moment, with all else as of `as_of`.
    """

    log: EventLog
    zone: ZoneInfo
    as_of: np.datetime64 | None = None
    timetable_until: np.datetime64 | None = None
    _names: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict, repr=False, compare=False)

    # ---- reading the log -------------------------------------------------------------------------------------------------------

    @cached_property
    def known_events(self) -> int:
        """How many events are known at `as_of`; event numbers are in the order of time, so they are 0 … this - 1."""
        if self.as_of is None:
            return len(self.log.events)
        return int(np.searchsorted(self.log.events["time"].to_numpy(), self.as_of, side="right"))

    def with_timetable(self, until: np.datetime64) -> Journal:
        """Give this journal with the timetable as it was known at an earlier moment; what does not depend on it is not read again."""
        earlier = replace(self, timetable_until=until)
        for name in ("known_events", "classes", "enrolment", "grouping"):
            earlier.__dict__[name] = getattr(self, name)
        return earlier

    def table(self, event_type: str) -> pd.DataFrame:
        """Give the log's table of one event type up to `as_of`."""
        table = self.log.table(event_type)
        return table.iloc[: int(np.searchsorted(table["event"].to_numpy(), self.known_events))]

    def timetable(self, event_type: str) -> pd.DataFrame:
        """Give the table of one type of timetable event up to `timetable_until`."""
        table = self.table(event_type)
        if self.timetable_until is None:
            return table
        return table.iloc[: int(np.searchsorted(table["time"].to_numpy(), self.timetable_until, side="right"))]

    def has(self, *event_types: str) -> bool:
        """Tell whether the log has at least one event of any of these types up to `as_of`; "archive.*" means a whole family."""
        for event_type in event_types:
            if event_type.endswith("*"):
                if any(len(self.table(t)) for t in self.log.tables if t.startswith(event_type[:-1])):
                    return True
            elif len(self.table(event_type)):
                return True
        return False

    def size(self, domain: str) -> int:
        """Give the number of ids in a domain."""
        return len(self.log.dtype(domain).categories)

    def names(self, domain: str) -> npt.NDArray[np.object_]:
        """Give the ids of a domain in the order of their codes."""
        if domain not in self._names:
            self._names[domain] = np.asarray(self.log.dtype(domain).categories, dtype=object)
        return self._names[domain]

    def name(self, domain: str, code: int) -> str | None:
        """Give the id behind a code, None for -1."""
        return None if code < 0 else str(self.names(domain)[code])

    def local_day(self, instants: npt.NDArray[np.datetime64]) -> Days:
        """Give the local day number of each UTC instant."""
        local = pd.DatetimeIndex(instants).tz_localize("UTC").tz_convert(self.zone).tz_localize(None)
        return local.to_numpy().astype("datetime64[D]").astype(np.int64)

    def entries(self, event_type: str, **fields: str) -> pd.DataFrame:
        """Give the entries of one type: event, done, low, actor, and for each `column=domain` its codes.

        `done` is when the record was made, `low` the earliest instant at which it can have been made (equal unless bracketed).
        """
        table = self.table(event_type)
        time = table["time"].to_numpy()
        notbefore = table["notbefore"].to_numpy()
        entries = {
            "event": table["event"].to_numpy(),
            "done": time,
            "low": np.where(np.isnat(notbefore), time, notbefore + MICROSECOND),
            "actor": codes_of(table["actor"]),
        }
        return pd.DataFrame({**entries, **{column: codes_of(table[column]) for column in fields}}, copy=False)

    # ---- calendar and people ---------------------------------------------------------------------------------------------------

    @cached_property
    def periods(self) -> pd.DataFrame:
        """Study periods: period (code), kind (text), starts, ends (days, inclusive), grades (tuple or None), ev_period; last word wins."""
        table = self.table("period.set").drop_duplicates("period", keep="last")
        return pd.DataFrame(
            {
                "period": codes_of(table["period"]),
                "kind": table["kind"].astype(str).to_numpy(),
                "starts": day_numbers(table["starts"], 0),
                "ends": day_numbers(table["ends"], 0),
                "grades": pd.Series([_whole_numbers(grades) for grades in table["grades"]], dtype=object).to_numpy(),
                "ev_period": table["event"].to_numpy(),
            }
        ).sort_values(["starts", "ends", "period"], ignore_index=True)

    @cached_property
    def staff_days(self) -> list[tuple[int, bool, str]]:
        """The school's own orders on working days of the staff: (day, working, reason), in the order in which they were made."""
        table = self.table("day.set")
        scope = table["scope"].astype(object)
        # A day off of single classes leaves the staff at work.
        whole = ~table["classes"].map(bool) | (scope == "staff")
        of_staff = table[whole & (scope.isna() | scope.isin(["staff", "all"]))]
        days = day_numbers(of_staff["date"], 0)
        reasons = of_staff["reason"].astype(object).fillna("приказ школы")
        return list(zip(days.tolist(), of_staff["working"].astype(bool).tolist(), reasons.astype(str).tolist(), strict=True))

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Classes as formed: class, since (day), grade, homeroom (person), ev_class; sorted by class and since."""
        table = self.table("class.formed")
        formed = self.local_day(table["time"].to_numpy())
        years = table["school_year"].astype(object).fillna("").astype(str).str.extract(r"^(\d{4})")[0]
        opening = pd.to_datetime(years + "-09-01", errors="coerce").to_numpy().astype("datetime64[D]")
        since = np.where(np.isnat(opening), formed, np.minimum(formed, opening.astype(np.int64)))
        classes = pd.DataFrame(
            {
                "class": codes_of(table["class"]),
                "since": since,
                "grade": table["grade"].astype("Int64").fillna(0).to_numpy(dtype=np.int64),
                "homeroom": codes_of(table["homeroom_teacher"]),
                "ev_class": table["event"].to_numpy(),
            }
        )
        return classes.sort_values(["class", "since", "ev_class"], ignore_index=True)

    def class_row(self, classes: Codes, days: Days) -> npt.NDArray[np.int64]:
        """Give the row of `classes` in force for each class on each day (the first one before it was formed), -1 for an unknown class."""
        table = self.classes
        if not len(table):
            return np.full(len(classes), -1)
        if table["class"].is_unique:
            row_of = np.full(self.size("class") + 1, -1)
            row_of[table["class"].to_numpy()] = np.arange(len(table))
            return row_of[classes]
        width = np.int64(1 << 32)
        keys = table["class"].to_numpy().astype(np.int64) * width + table["since"].to_numpy() + (1 << 31)
        at = np.searchsorted(keys, classes.astype(np.int64) * width + days + (1 << 31), side="right") - 1
        first = np.searchsorted(table["class"].to_numpy(), classes, side="left")
        row = np.maximum(at, first)
        row = np.where(row < len(table), row, -1)
        return np.where((row >= 0) & (table["class"].to_numpy()[row] == classes) & (classes >= 0), row, -1)

    def grade(self, classes: Codes, days: Days) -> npt.NDArray[np.int64]:
        """Give the grade of each class on each day, 0 where it is unknown."""
        row = self.class_row(classes, days)
        return np.where(row < 0, 0, np.append(self.classes["grade"].to_numpy(), 0)[row])

    def homeroom(self, classes: Codes, days: Days) -> Codes:
        """Give the homeroom teacher of each class on each day, -1 where nobody is known."""
        row = self.class_row(classes, days)
        return np.where(row < 0, -1, np.append(self.classes["homeroom"].to_numpy(), -1)[row]).astype(np.int32)

    @cached_property
    def roles(self) -> pd.DataFrame:
        """Who holds which role: person, role (text), starts, ends (days, inclusive), ev_role."""
        registered = self.table("person.registered")
        lists = registered["roles"].map(lambda roles: roles or ())
        flat = pd.DataFrame({"person": codes_of(registered["person"]), "role": lists, "ev_role": registered["event"].to_numpy()})
        flat = flat.explode("role").dropna(subset="role")
        flat["starts"], flat["ends"] = 0, NEVER
        assigned = self.table("role.assigned")
        dated = pd.DataFrame(
            {
                "person": codes_of(assigned["person"]),
                "role": assigned["role"].astype(object),
                "ev_role": assigned["event"].to_numpy(),
                "starts": day_numbers(assigned["from"], 0),
                "ends": day_numbers(assigned["to"], NEVER),
            }
        )
        both = pd.concat([flat, dated], ignore_index=True)
        return both.astype({"role": str, "starts": np.int64, "ends": np.int64}).sort_values(["role", "person", "starts"], ignore_index=True)

    def holding(self, *roles: str) -> npt.NDArray[np.bool_]:
        """Tell for each person code whether the person was ever given one of these roles."""
        held = np.zeros(self.size("person"), dtype=bool)
        held[self.roles.loc[self.roles["role"].isin(roles), "person"].to_numpy()] = True
        return held

    def holders(self, role: str, days: Days) -> Codes:
        """Give for each day the one person who holds a role on it, -1 where nobody or more than one does."""
        table = self.roles[self.roles["role"] == role]
        unique, place = np.unique(days, return_inverse=True)
        held = np.full(len(unique), -1, dtype=np.int32)
        for at, day in enumerate(unique.tolist()):
            found = table.loc[(table["starts"] <= day) & (day <= table["ends"]), "person"].unique()
            if len(found) == 1:
                held[at] = found[0]
        return held[place]

    @cached_property
    def enrolment(self) -> pd.DataFrame:
        """Who was in which class: student, class, starts (day), ends (first day outside), ev_joined."""
        return self._memberships("student.joined", "student.left", ["student"], ["class"], "date").rename(columns={"event": "ev_joined"})

    @cached_property
    def grouping(self) -> pd.DataFrame:
        """Who was in which group of a split class: student, class, subject, group, starts, ends (first day outside), ev_group.

        Who leaves the class leaves its groups.
        """
        keys = ["student", "class", "subject"]
        groups = self._memberships("group.assigned", None, keys, ["group"], "from").rename(columns={"event": "ev_group"})
        spans = groups[["student", "class", "starts"]].reset_index(names="row").merge(self.enrolment, on=["student", "class"])
        left = spans[spans["ends"] > spans["starts_x"]].groupby("row")["ends"].min().reindex(groups.index)
        return groups.assign(ends=np.minimum(groups["ends"], left.fillna(NEVER).astype(np.int64)))

    def _memberships(self, joining: str, leaving: str | None, keys: list[str], values: list[str], date: str) -> pd.DataFrame:
        tables = [(self.table(joining), True)] + ([(self.table(leaving), False)] if leaving else [])
        frames = []
        for table, joins in tables:
            frame = pd.DataFrame({column: codes_of(table[column]) for column in [*keys, *values]})
            frame["starts"] = day_numbers(table[date], 0)
            frame["event"], frame["joins"] = table["event"].to_numpy(), joins
            frames.append(frame)
        # A student who leaves one class and joins another on the same day is in the new one: leaving sorts first.
        steps = pd.concat(frames, ignore_index=True).sort_values([*keys, "starts", "joins", "event"], ignore_index=True)
        following = steps.groupby(keys, sort=False)["starts"].shift(-1)
        steps["ends"] = following.fillna(NEVER).astype(np.int64)
        return steps.loc[steps["joins"] & (steps["ends"] > steps["starts"])].drop(columns="joins").reset_index(drop=True)

    @cached_property
    def absences(self) -> pd.DataFrame:
        """Registered absences of staff and students: person, starts, ends (days, inclusive), ev_absence."""
        table = self.table("absence.registered")
        return pd.DataFrame(
            {
                "person": codes_of(table["person"]),
                "starts": day_numbers(table["from"], 0),
                "ends": day_numbers(table["to"], NEVER),
                "ev_absence": table["event"].to_numpy(),
            }
        )

    def ordered(self, *kinds: str) -> pd.DataFrame:
        """Give the orders of these kinds: person, order, kind, signed (day), starts, ends (days, inclusive), actor, done, ev_order."""
        table = self.table("order.signed")
        table = table[table["kind"].astype(str).isin(kinds)]
        signed = day_numbers(table["date"], 0)
        starts = day_numbers(table["from"], -1)
        return pd.DataFrame(
            {
                "person": codes_of(table["person"]),
                "order": codes_of(table["order"]),
                "kind": table["kind"].astype(str).to_numpy(),
                "signed": signed,
                "starts": np.where(starts < 0, signed, starts),
                "ends": day_numbers(table["to"], NEVER),
                "actor": codes_of(table["actor"]),
                "done": table["time"].to_numpy(),
                "ev_order": table["event"].to_numpy(),
            }
        )

    # ---- timetable and entries -------------------------------------------------------------------------------------------------

    @cached_property
    def lessons(self) -> pd.DataFrame:
        """Lessons as held, one row per lesson code (unknown lessons have `known` False); see `ingest.timetable.lessons_as_held`."""
        return lessons_as_held(self)

    @cached_property
    def works(self) -> pd.DataFrame:
        """Works, one row per work code: known, lesson, kind (code in domain work_kind), students (tuple or None), ev_work."""
        table = self.table("work.set").drop_duplicates("work", keep="last")
        at = codes_of(table["work"])
        n = self.size("work")
        students = np.full(n, None, dtype=object)
        students[at] = table["students"].to_numpy(dtype=object)
        return pd.DataFrame(
            {
                "known": _placed(n, at, np.ones(len(at), dtype=bool), fill=False),
                "lesson": _placed(n, at, codes_of(table["lesson"]), fill=-1),
                "kind": _placed(n, at, codes_of(table["kind"]), fill=-1),
                "students": students,
                "ev_work": _placed(n, at, table["event"].to_numpy(), fill=-1),
            }
        )

    @cached_property
    def marks(self) -> pd.DataFrame:
        """The history of every mark: event, done, low, actor, lesson, student, work, value, old (codes), act (recorded/changed/deleted).

        A change or deletion that does not name its work is tied to the only work in which that student has a mark in that lesson.
        """
        fields = {"lesson": "lesson", "student": "person", "work": "work"}
        parts = []
        for act, event_type in ((RECORDED, "mark.recorded"), (CHANGED, "mark.changed"), (DELETED, "mark.deleted")):
            part = self.entries(event_type, **fields)
            table = self.table(event_type)
            part["value"] = codes_of(table["value"]) if "value" in table else np.int32(-1)
            part["old"] = codes_of(table["old"]) if "old" in table else np.int32(-1)
            part["act"] = np.int8(act)
            parts.append(part)
        marks = _in_order(parts)
        return _with_works(_only(marks, self.known_lesson(marks["lesson"].to_numpy())))

    @cached_property
    def attendance(self) -> pd.DataFrame:
        """The history of attendance codes: event, done, low, actor, lesson, student, code, act (recorded or changed)."""
        parts = []
        for act, event_type in ((RECORDED, "attendance.recorded"), (CHANGED, "attendance.changed")):
            part = self.entries(event_type, lesson="lesson", student="person", code="code")
            part["act"] = np.int8(act)
            parts.append(part)
        history = _in_order(parts)
        return _only(history, self.known_lesson(history["lesson"].to_numpy()))

    def known_lesson(self, lessons: Codes) -> npt.NDArray[np.bool_]:
        """Tell for each lesson code whether the timetable knows the lesson."""
        return np.append(self.lessons["known"].to_numpy(), False)[lessons]

    def unresolved(self) -> npt.NDArray[np.int32]:
        """Give the numbers of the entries that name a lesson the timetable does not know; they are kept, and judged by nothing."""
        found = []
        for event_type in _LESSON_ENTRIES:
            table = self.table(event_type)
            found.append(table["event"].to_numpy()[~self.known_lesson(codes_of(table["lesson"]))])
        return np.sort(np.concatenate(found))

    def texts(self, event_type: str) -> pd.DataFrame:
        """Give topics or homework (`topic.recorded`, `homework.recorded`): event, done, low, actor, lesson, text; known lessons only."""
        entries = self.entries(event_type, lesson="lesson", text="text")
        return _only(entries, self.known_lesson(entries["lesson"].to_numpy()))

    @cached_property
    def remarks(self) -> pd.DataFrame:
        """Remarks: remark, person (to), lesson, student, issued, due (day or -1), resolved (NaT when open), ev_issued, ev_resolved."""
        issued = self.table("remark.issued")
        solved = self.table("remark.resolved").drop_duplicates("remark", keep="first")
        at = codes_of(solved["remark"])
        n = self.size("remark")
        remark = codes_of(issued["remark"])
        low = self.entries("remark.resolved")
        frame = pd.DataFrame(
            {
                "remark": remark,
                "person": codes_of(issued["to"]),
                "lesson": codes_of(issued["lesson"]),
                "student": codes_of(issued["student"]),
                "issued": issued["time"].to_numpy(),
                "due": day_numbers(issued["due"], -1),
                "resolved": _placed(n, at, solved["time"].to_numpy(), fill=np.datetime64("NaT"))[remark],
                "low": _placed(n, at, low.loc[solved.reset_index().index, "low"].to_numpy(), fill=np.datetime64("NaT"))[remark],
                "ev_issued": issued["event"].to_numpy(),
                "ev_resolved": _placed(n, at, solved["event"].to_numpy(), fill=-1)[remark],
            }
        )
        return frame.drop_duplicates("remark", keep="first").reset_index(drop=True)

    @cached_property
    def outages(self) -> pd.DataFrame:
        """Registered outages: begins, ends (instants; NaT while it lasts), ev_began; an end closes what began before it in its scope."""
        began, ended = self.table("outage.began"), self.table("outage.ended")
        scopes = [began["scope"].astype(object).fillna("").astype(str), ended["scope"].astype(object).fillna("").astype(str)]
        ends = []
        for start, scope in zip(began["time"].to_numpy(), scopes[0], strict=True):
            later = ended["time"].to_numpy()[(ended["time"].to_numpy() >= start) & (scopes[1] == scope).to_numpy()]
            ends.append(later.min() if len(later) else np.datetime64("NaT"))
        return pd.DataFrame(
            {"begins": began["time"].to_numpy(), "ends": np.array(ends, dtype="datetime64[us]"), "ev_began": began["event"].to_numpy()}
        )


def _placed(n: int, at: Codes, values: npt.NDArray[Scalar], fill: object) -> npt.NDArray[Scalar]:
    placed = np.full(n, fill, dtype=values.dtype)
    placed[at] = values
    return placed


def _in_order(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of several tables in the order of events; each part already is."""
    filled = [part for part in parts if len(part)] or parts[:1]
    if len(filled) == 1:
        return filled[0]
    columns = {str(name): np.concatenate([part[name].to_numpy() for part in filled]) for name in filled[0].columns}
    # Stable sorting of runs that are sorted is a merge.
    order = np.argsort(columns["event"], kind="stable")
    return pd.DataFrame({name: values[order] for name, values in columns.items()}, copy=False)


def _only(table: pd.DataFrame, wanted: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The wanted rows, the table itself when that is all."""
    return table if wanted.all() else table[wanted].reset_index(drop=True)


def _whole_numbers(items: Iterable[str] | None) -> tuple[int, ...] | None:
    return None if items is None else tuple(int(item) for item in items)


def _with_works(marks: pd.DataFrame) -> pd.DataFrame:
    loose = (marks["act"] != RECORDED) & (marks["work"] < 0)
    if not loose.any():
        return marks
    near = marks["lesson"].isin(marks.loc[loose, "lesson"].unique()) & (marks["act"] == RECORDED)
    cells = marks.loc[near, ["lesson", "student", "work"]].drop_duplicates()
    counts = cells.groupby(["lesson", "student"])["work"].agg(["min", "max"]).reset_index()
    only = counts[counts["min"] == counts["max"]]
    joined = marks.loc[loose, ["lesson", "student"]].merge(only, on=["lesson", "student"], how="left")["max"]
    marks.loc[loose, "work"] = joined.fillna(-1).to_numpy(dtype=np.int32)
    return marks
