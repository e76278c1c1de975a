"""From findings and what people did about them to dossiers: one per person and study period, windows and terms counted before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.candidates import period_of, periods_of
from engine.judgement.dossier import Breach, Cover, Decided, Deed, Dossier, History, Warned
from engine.judgement.law import Law
from ingest.judgement import RULINGS, acts, decisions, remark_findings, waivers

if TYPE_CHECKING:
    import pandas as pd

    from engine.findings import Finding
    from rules.setting import Setting

DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
Key = tuple[str, int]
"""Person ("" nobody) and place of the study period (-1 before all)."""


@dataclass(frozen=True)
class Desk:
    """What is judged: the findings in order, the journal, and the laws by study period.

    `totals`: (person, place of the period) → obligations that have come due.
    """

    findings: Sequence[Finding]
    setting: Setting
    laws: Sequence[Law]
    law_of: Mapping[int, int]
    totals: Mapping[Key, int] = field(default_factory=dict)

    @cached_property
    def periods(self) -> pd.DataFrame:
        """The study periods (`engine.candidates.periods_of`)."""
        return periods_of(self.setting)

    @cached_property
    def names(self) -> list[str]:
        """The ids of the study periods, "" last: what lies outside of all (place -1)."""
        return [*(self.setting.journal.name("period", int(code)) or "" for code in self.periods["period"]), ""]

    @cached_property
    def days(self) -> np.ndarray:
        """The day number of every finding."""
        return np.array([date.fromisoformat(finding.date).toordinal() - _EPOCH_DAY for finding in self.findings], dtype=np.int64)

    @cached_property
    def keys(self) -> list[Key]:
        """Person and period of every finding."""
        places = period_of(self.days, self.setting).tolist()
        return [(finding.responsible or "", place) for finding, place in zip(self.findings, places, strict=True)]

    @cached_property
    def place(self) -> dict[str, int]:
        """Finding id → its place among the findings, which is its number in every dossier."""
        return {finding.id: n for n, finding in enumerate(self.findings)}

    @cached_property
    def acts(self) -> pd.DataFrame:
        """What people did about findings (`ingest.judgement.acts`)."""
        return acts(self.setting.journal)

    @cached_property
    def waivers(self) -> pd.DataFrame:
        """The waivers (`ingest.judgement.waivers`)."""
        return waivers(self.setting.journal)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """The decisions (`ingest.judgement.decisions`)."""
        return decisions(self.setting.journal)

    @property
    def as_of(self) -> int:
        """The moment of the audit in microseconds."""
        return int(self.setting.as_of.astype("datetime64[us]").astype(np.int64))


def histories(desk: Desk) -> list[History]:
    """Give every person's dossiers, by person, each person's in the order of study periods."""
    breaches, deeds, covers = _breaches(desk), _deeds(desk), _covers(desk)
    remarks, decided = _remarks(desk), _decisions(desk)
    keys = sorted({*breaches, *remarks, *decided, *desk.totals})
    starts = [*desk.periods["starts"].tolist(), 0]
    people: dict[str, list[Dossier]] = defaultdict(list)
    window = max((rule.count.within_days for law in desk.laws for rule in law.rules if rule.count), default=0)
    earlier: dict[str, list[Breach]] = defaultdict(list)
    for key in keys:
        person, place = key
        own = breaches.get(key, [])
        past = [replace(breach, past=True) for breach in earlier[person] if breach.day > starts[place] - window]
        people[person].append(
            Dossier(
                person,
                str(place),
                desk.law_of.get(place, 0),
                (*own, *past),
                tuple(deed for breach in own for deed in deeds.get(breach.n, ())),
                tuple(cover for breach in own for cover in covers.get(breach.n, ())),
                tuple(remarks.get(key, ())),
                tuple(decided.get(key, ())),
                desk.totals.get(key, 0),
            )
        )
        earlier[person].extend(own)
    return [History(person, tuple(dossiers)) for person, dossiers in people.items()]


def _breaches(desk: Desk) -> dict[Key, list[Breach]]:
    found: dict[Key, list[Breach]] = defaultdict(list)
    as_of, today = desk.as_of, int(desk.setting.calendar.day_of(np.array([desk.setting.as_of]))[0])
    for n, (finding, key, day) in enumerate(zip(desk.findings, desk.keys, desk.days.tolist(), strict=True)):
        done, due = instant(finding.done_at), instant(finding.due_at)
        late = ((done or as_of) - due) // DAY if due and finding.status in ("late", "missing") else 0
        found[key].append(
            Breach(
                n, False, day, done, finding.rule, finding.clause, finding.verdict, finding.status, finding.severity, finding.role,
                finding.class_ or "", finding.subject or "", finding.lesson or "", max(late, 0), max(today - day, 0),
            )
        )  # fmt: skip
    return found


def _deeds(desk: Desk) -> dict[int, list[Deed]]:
    found: dict[int, list[Deed]] = defaultdict(list)
    for event, at, finding, what, by in _rows(desk.acts, "event", "at", "finding", "what", "by"):
        if finding in desk.place:
            n = desk.place[finding]
            found[n].append(Deed(n, what, at, event, what in RULINGS and by == (desk.findings[n].responsible or None)))
    return found


def _covers(desk: Desk) -> dict[int, list[Cover]]:
    found: dict[int, list[Cover]] = defaultdict(list)
    names = ("event", "rule", "clause", "person", "class", "approver", "starts", "ends", "scope")
    for event, rule, clause, person, class_, approver, starts, ends, scope in _rows(desk.waivers, *names):
        wanted = (rule, clause, person, class_)
        if not dict(zip(("rule", "clause", "person", "class"), wanted, strict=True))[scope]:
            continue
        for n, finding in enumerate(desk.findings):
            about = (finding.rule, finding.clause, finding.responsible, finding.class_)
            if all(value in ("", has) for value, has in zip(wanted, about, strict=True)):
                found[n].append(Cover(n, event, starts, ends, approver == finding.responsible))
    return found


def _remarks(desk: Desk) -> dict[Key, list[Warned]]:
    """The remarks; one about a finding lies in the finding's dossier, another in that of the day it was made on."""
    table, journal = desk.setting.journal.remarks, desk.setting.journal
    found: dict[Key, list[Warned]] = defaultdict(list)
    places = period_of(journal.local_day(table["issued"].to_numpy()), desk.setting).tolist() if len(table) else []
    about = remark_findings(journal)
    ends = desk.setting.calendar.end_of(np.maximum(table["due"].to_numpy(), 0)).astype(np.int64).tolist() if len(table) else []
    rows = zip(_rows(table, "remark", "person", "lesson", "issued", "due", "resolved", "low"), places, ends, strict=True)
    for (remark, person, lesson, issued, due, resolved, low), place, end in rows:
        name = journal.name("person", person) or ""
        n = desk.place.get(about.get(remark, ""), -1)
        key = desk.keys[n] if n >= 0 and desk.keys[n][0] == name else (name, place)
        until = resolved or desk.as_of
        over = due >= 0 and (low if resolved else desk.as_of) >= end
        state = ("late" if over else "met") if resolved else ("unmet" if over else "open")
        overdue = (until - end) // DAY if over else 0
        about_own = n if n >= 0 and key == desk.keys[n] else -1
        found[key].append(Warned(remark, state, (until - issued) // DAY, overdue, about_own, journal.name("lesson", lesson) or ""))
    return found


def _decisions(desk: Desk) -> dict[Key, list[Decided]]:
    """The decisions, one for each finding they rest on, in its dossier; those that name none lie in that of their period or day."""
    found: dict[Key, list[Decided]] = defaultdict(list)
    table, journal = desk.decisions, desk.setting.journal
    places = period_of(journal.local_day(table["at"].to_numpy()), desk.setting).tolist() if len(table) else []
    named = {name: place for place, name in enumerate(desk.names[:-1])}
    width = max(map(len, table["findings"]), default=0) + 1
    rows = zip(_rows(table, "kind", "person", "period", "measure", "findings"), places, strict=True)
    for row, ((kind, person, period, measure, findings), place) in enumerate(rows):
        known = [desk.place[name] for name in findings if name in desk.place and desk.keys[desk.place[name]][0] == person]
        for at, n in enumerate(dict.fromkeys(known)):
            found[desk.keys[n]].append(Decided(row * width + at, kind, measure, n))
        if not known:
            found[person, named.get(period, place)].append(Decided(row * width, kind, measure, -1))
    return found


def decision_id(desk: Desk, number: int) -> str:
    """Give the id of the event behind a decision's number."""
    width = max(map(len, desk.decisions["findings"]), default=0) + 1
    return str(desk.decisions["id"].iloc[number // width])


def instant(text: str | None) -> int:
    """Give an ISO instant in microseconds UTC, 0 for None."""
    if text is None:
        return 0
    span = datetime.fromisoformat(text) - _EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def _rows(table: pd.DataFrame, *names: str) -> Iterable[tuple[Any, ...]]:
    """The rows of a table, instants in microseconds (0 none)."""
    columns: list[list[Any]] = []
    for name in names:
        values = table[name].to_numpy()
        if values.dtype.kind == "M":
            values = np.where(np.isnat(values), 0, values.astype("datetime64[us]").astype(np.int64))
        columns.append(values.tolist())
    return zip(*columns, strict=True)
