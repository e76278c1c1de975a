"""From rulings to findings: rulings on the same object under the same norm become one finding that cites every clause it breaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.explanation import explain
from engine.findings import Finding, finding_id
from engine.standing import Standing, standing_rows
from rules.cases import CODES

if TYPE_CHECKING:
    import pandas as pd

    from engine.candidates import Judged
    from engine.judge.casefile import Ruling
    from policies.bundle import Policies
    from rules.norm import Norm
    from rules.setting import Setting

DOMAINS = {name: ("person" if name == "student" else name) for name in CODES}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Folded(NamedTuple):
    """A finding with the numbers of the events it rests on, and of its candidates and those that it speaks for."""

    finding: Finding
    events: list[int]
    cases: list[int]


def fold(frame: pd.DataFrame, rulings: Sequence[Ruling], judged: Sequence[Judged], school: str, policies: Policies) -> list[Folded]:
    """Give the findings, sorted.

    `frame` are the candidates (`engine.candidates.candidates`), whose index the rulings name.
    """
    if not rulings:
        return []
    versions = {bundle.version: f"{bundle.version}@sha256:{bundle.hash}" for _, _, bundle in policies.spans()}
    policy_of = {id(norm): versions[bundle.version] for _, _, bundle in policies.spans() for norm in bundle.rules}
    groups: dict[tuple[object, ...], list[Standing]] = defaultdict(list)
    for row in standing_rows(frame, rulings, CODES):
        grain = tuple(_grain_value(row, column) for column in judged[row.norm].cases.grain)
        groups[row.norm, grain, row.ruling.verdict, row.ruling.status == "early"].append(row)
    places = {int(n): (int(norm), int(row)) for n, norm, row in zip(frame.index, frame["norm"], frame["row"], strict=True)}
    findings = [
        _finding(rows, judged[rows[0].norm], places, judged, school, policy_of[id(judged[rows[0].norm].cases.norm)])
        for rows in groups.values()
    ]
    return sorted(findings, key=lambda found: found.finding.order())


def _grain_value(row: Standing, column: str) -> int | str | None:
    if column in row.codes:
        return row.codes[column]
    return {"act": row.act, "day": row.day, "object": row.object}[column]


def _finding(
    rows: list[Standing], item: Judged, places: dict[int, tuple[int, int]], judged: Sequence[Judged], school: str, policy: str
) -> Folded:
    norm, setting = item.cases.norm, item.setting
    first = rows[0]
    names = {column: setting.journal.name(domain, first.codes[column]) for column, domain in DOMAINS.items()}
    people = {setting.journal.name("person", row.codes["student"]) for row in rows}
    status = "missing" if any(row.ruling.status == "missing" for row in rows) else first.ruling.status
    due = min((row.ruling.due for row in rows if row.ruling.due > 0), default=0)
    done = 0 if status == "missing" else max(row.done for row in rows)
    absorbed = [places[n] for row in rows for n in row.ruling.absorbed]
    also = _also(norm, status, [judged[place].cases.norm for place in sorted({place for place, _row in absorbed})])
    events = sorted(_events([(row.norm, row.row) for row in rows] + absorbed, judged))
    verdict = first.ruling.verdict
    role = item.cases.units["role"].to_numpy()[first.row] if "role" in item.cases.units else norm.role
    finding = Finding(
        id=finding_id(school, norm.id, verdict, status if status == "early" else "", *_identity(first, item)),
        school=school,
        policy=policy,
        rule=norm.id,
        clause=norm.clause,
        also=also,
        verdict=verdict,
        status=status,
        responsible=names["person"],
        role=str(role),
        class_=names["class"],
        group=names["group"],
        subject=names["subject"],
        lesson=names["lesson"],
        work=names["work"],
        students=tuple(sorted(name for name in people if name is not None)),
        period=names["period"],
        date=str(np.datetime64(min(row.day for row in rows), "D")),
        object=next((row.object for row in rows if row.object is not None), None),
        due_at=iso(due, setting),
        done_at=iso(done, setting),
        severity=norm.severity,
        explanation=explain(norm, rows, _figures(rows, item), verdict, status, also, due, setting),
        evidence=tuple(setting.journal.log.ids(events)),
        reasons=tuple(dict.fromkeys(reason for row in rows for reason in row.ruling.reasons)),
    )
    return Folded(finding, events, sorted({n for row in rows for n in (row.n, *row.ruling.absorbed)}))


def _figures(rows: Sequence[Standing], item: Judged) -> list[dict[str, object]]:
    """The figures of each case by name, with the student it is about."""
    journal = item.setting.journal
    return [
        {"student": journal.name("person", row.codes["student"]), **{name: values[row.row] for name, values in item.figures.items()}}
        for row in rows
    ]


def _also(norm: Norm, status: str, losers: Iterable[Norm]) -> tuple[str, ...]:
    own = [*norm.also, *(norm.also_late if status == "late" else ())]
    theirs = [clause for loser in losers for clause in (loser.clause, *loser.also)]
    return tuple(clause for clause in dict.fromkeys([*own, *theirs]) if clause != norm.clause)


def _events(places: Iterable[tuple[int, int]], judged: Sequence[Judged]) -> set[int]:
    return {event for norm, row in places for column in judged[norm].evidence for event in (int(column[row]),) if event >= 0}


def _identity(row: Standing, item: Judged) -> list[str]:
    """What the finding is about, by names and event identities: event numbers and codes differ between runs."""
    journal = item.setting.journal
    parts = []
    for column in item.cases.grain:
        if column in DOMAINS:
            parts.append(journal.name(DOMAINS[column], row.codes[column]) or "")
        elif column == "act" and row.act >= 0:
            parts.extend([str(journal.log.events["source"].iloc[row.act]), str(journal.log.events["id"].iloc[row.act])])
        elif column == "day":
            parts.append(str(np.datetime64(row.day, "D")))
        else:
            parts.append(str(_grain_value(row, column)))
    return parts


def iso(instant: int, setting: Setting) -> str | None:
    """Give an instant (microseconds, UTC) as ISO text with the school's offset, None for 0."""
    if not instant:
        return None
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(setting.calendar.zone).isoformat()
