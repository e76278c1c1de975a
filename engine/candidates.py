"""From cases to case files: the open cases of all norms, one case file per person and period, as whole numbers for the judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.judge.casefile import CaseFile, Outage, Remark, Unit
from engine.sieve import kept, states
from rules.cases import CODES, INSTANTS

if TYPE_CHECKING:
    from rules.calendar import SchoolCalendar
    from rules.cases import Cases
    from rules.setting import Setting

FOREVER = 2**62
_SHARED = (*CODES, *INSTANTS, "day", "act", "object", "actor_known")


@dataclass(frozen=True)
class Judged:
    """One norm's cases with their states before the judge (see `engine.sieve`), and which of them the judge sees."""

    cases: Cases
    setting: Setting
    state: npt.NDArray[np.int8]
    sent: npt.NDArray[np.bool_]

    @cached_property
    def evidence(self) -> list[npt.NDArray[np.int64]]:
        """The evidence columns of the units as arrays of event numbers, -1 none."""
        return [self.cases.units[name].to_numpy(dtype=np.int64) for name in self.cases.evidence]

    @cached_property
    def figures(self) -> dict[str, npt.NDArray[np.generic]]:
        """The `fig_…` columns of the units by name, without the prefix."""
        names = [str(name) for name in self.cases.units.columns if str(name).startswith("fig_")]
        return {name.removeprefix("fig_"): self.cases.units[name].to_numpy() for name in names}


def weigh(cases: Cases, setting: Setting, *, sieve: bool) -> Judged:
    """Give the cases with their states; without the sieve every case goes to the judge."""
    state = states(cases, setting.as_of)
    sent = kept(cases, state) if sieve else np.ones(len(state), dtype=bool)
    return Judged(cases, setting, state, sent)


def candidates(judged: Sequence[Judged]) -> pd.DataFrame:
    """Give all cases that go to the judge: the columns of `Cases.units` (without evidence), norm (place in `judged`), row (in its units),
    rule, ban, edit, assumed, late, missing, early, status. Index: 0 … n-1, the judge's `n`.
    """
    # A hundred norms with a few candidates each: columns are joined as arrays, because making a table costs more than filling it.
    parts: dict[str, list[npt.NDArray[np.generic]]] = defaultdict(list)
    for place, item in enumerate(judged):
        rows = np.flatnonzero(item.sent)
        if len(rows):
            for name, values in _columns(place, item, rows):
                parts[name].append(values)
    if not parts:
        return pd.DataFrame(columns=[*_SHARED, "norm", "row", "rule"])
    joined = {name: np.concatenate(arrays) for name, arrays in parts.items()}
    # With its own type each column keeps its None; pandas would read objects as texts, and None as a missing one.
    return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in joined.items()})


def _columns(place: int, item: Judged, rows: npt.NDArray[np.intp]) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    units, cases, norm = item.cases.units, item.cases, item.cases.norm
    for name in _SHARED:
        yield name, units[name].to_numpy()[rows]
    yield "norm", np.full(len(rows), place)
    yield "row", rows
    for name, default in (
        ("rule", norm.id), ("ban", cases.ban), ("edit", cases.edit), ("assumed", bool(norm.assumed)), ("late", norm.verdict),
        ("missing", cases.missing), ("status", cases.status), ("early", cases.early),
    ):  # fmt: skip
        own = name in ("assumed", "late", "missing", "status") and name in units
        yield name, units[name].to_numpy()[rows] if own else np.full(len(rows), default, dtype=object if isinstance(default, str) else bool)


def _micros(instants: pd.Series) -> list[int]:
    values = instants.to_numpy(dtype="datetime64[us]")
    return [int(value) for value in np.where(np.isnat(values), 0, values.astype(np.int64))]


def _units(frame: pd.DataFrame) -> list[Unit]:
    """Give the judge's units; a limit that is not known yet (a next lesson that nobody scheduled) never comes."""
    limit = np.array(_micros(frame["limit"]))
    limit = np.where(~frame["ban"].to_numpy(dtype=bool) & (limit == 0), FOREVER, limit)
    columns = {
        "n": frame.index.tolist(),
        "rule": frame["rule"].tolist(),
        "ban": frame["ban"].tolist(),
        "act": frame["act"].tolist(),
        **{name: _micros(frame[name]) for name in ("opens", "former", "due", "done", "low")},
        "limit": limit.tolist(),
        **{name: frame[name].tolist() for name in ("late", "missing", "early", "status", "lesson", "student", "person")},
        **{name: frame[name].astype(bool).tolist() for name in ("actor_known", "edit", "assumed")},
    }
    names = list(columns)
    return [Unit(**dict(zip(names, values, strict=True))) for values in zip(*columns.values(), strict=True)]


def case_files(frame: pd.DataFrame, judged: Sequence[Judged], periods: npt.NDArray[np.int64]) -> list[CaseFile]:
    """Give one case file per person and period; cases of one act stay together, with the person of the first norm that names it.

    `periods` gives the place of each candidate's period (see `period_of`).
    """
    if not len(frame):
        return []
    setting = judged[0].setting
    home = frame.assign(period=periods).sort_values(["norm", "row"]).groupby("act")[["person", "period"]].transform("first").sort_index()
    outages = outages_of(setting)
    remarks = _remarks(setting)
    as_of = int(setting.as_of.astype("datetime64[us]").astype(np.int64))
    people = setting.journal.names("person")
    # The order within a file must not depend on event numbers of a particular run: by norm, then by act.
    ordered = frame.assign(home=home["person"], home_period=home["period"]).sort_values(
        ["home", "home_period", "norm", "act", "row"], kind="stable"
    )
    files = []
    # Units are made from whole columns: a table of its own for each case file would cost more than its judge.
    made = zip(_units(ordered), ordered["home"].tolist(), ordered["home_period"].tolist(), strict=True)
    for (person, period), part in groupby(made, key=lambda row: (row[1], row[2])):
        units = tuple(unit for unit, _person, _period in part)
        lessons = {unit.lesson for unit in units}
        persons = {unit.person for unit in units}
        own = tuple(r for r in remarks if r.person in persons and (r.lesson < 0 or r.lesson in lessons))
        name = str(people[person]) if person >= 0 else ""
        files.append(CaseFile(person=name, period=str(period), as_of=as_of, units=units, outages=outages, remarks=own))
    return files


def _remarks(setting: Setting) -> list[Remark]:
    table = setting.journal.remarks
    until = [value or FOREVER for value in _micros(table["resolved"])]
    columns: Iterable[tuple[int, int, int, int, int]] = zip(
        table["person"].tolist(), table["lesson"].tolist(), table["student"].tolist(), _micros(table["issued"]), until, strict=True
    )
    return [Remark(person=p, lesson=l, student=s, issued=i, until=u) for p, l, s, i, u in columns]


def outages_of(setting: Setting) -> tuple[Outage, ...]:
    """Give the outages with the instant to which each moves a term that it covers: 24:00 of the first working day that begins after it
    ended. One that is not over yet moves terms beyond any date; a moved term that the next outage covers is moved on by it.
    """
    table = setting.journal.outages.sort_values("begins")
    begins, ends = _micros(table["begins"]), [value or FOREVER for value in _micros(table["ends"])]
    moved = [FOREVER if end == FOREVER else _after(end, setting.calendar) for end in ends]
    for place in reversed(range(len(moved))):
        for other in range(place + 1, len(moved)):
            if begins[other] <= moved[place] <= ends[other]:
                moved[place] = moved[other]
    return tuple(Outage(begins=b, ends=e, moved=m) for b, e, m in zip(begins, ends, moved, strict=True))


def _after(end: int, calendar: SchoolCalendar) -> int:
    moment = np.array([np.datetime64(end, "us")])
    day = calendar.day_of(moment)
    # A working day that begins exactly when the outage ends begins after it only if it starts later.
    first = calendar.add_working_days(day, 1)
    return int(calendar.end_of(first)[0].astype(np.int64))


def period_of(days: npt.NDArray[np.int64], setting: Setting) -> npt.NDArray[np.int64]:
    """Give for each day the place of its study period in `periods_of`: the latest that has begun, -1 before the first."""
    starts = periods_of(setting)["starts"].to_numpy()
    return np.searchsorted(starts, days, side="right") - 1


def periods_of(setting: Setting) -> pd.DataFrame:
    """Give the study periods by which people are judged, sorted: quarters and the like, else years (`Journal.periods`)."""
    periods = setting.journal.periods
    parts = periods[periods["kind"] != "year"]
    chosen = parts if len(parts) else periods
    # Senior grades' half-years would cut the quarters of the others: the finer division serves all.
    finest = chosen[chosen["kind"] != "half_year"] if (chosen["kind"] != "half_year").any() else chosen
    return finest.drop_duplicates("starts").sort_values("starts", ignore_index=True)
