"""From rulings to findings: rulings on the same object under the same norm become one finding that cites every clause it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.explanation import explain
from engine.findings import Finding, finding_id

if TYPE_CHECKING:
    from datetime import datetime

    from engine.candidates import Judged
    from engine.judge.casefile import Ruling
    from policies.bundle import Policies
    from rules.norm import Norm
    from rules.setting import Setting

STANDING = ("violation", "notice", "review", "unproven")
_DOMAINS = {
    "class": "class",
    "subject": "subject",
    "group": "group",
    "lesson": "lesson",
    "work": "work",
    "period": "period",
    "student": "person",
}


def fold(
    frame: pd.DataFrame, rulings: Sequence[Ruling], judged: Sequence[Judged], school: str, policies: Policies
) -> list[tuple[Finding, list[int]]]:
    """Give the findings, sorted, each with the numbers of the events it rests on.

    `frame` are the candidates (`engine.candidates.candidates`), whose index the rulings name.
    """
    stands = [r for r in rulings if r.verdict in STANDING and r.absorbed_by is None]
    if not stands:
        return []
    versions = {bundle.version: f"{bundle.version}@sha256:{bundle.hash}" for _, _, bundle in policies.spans()}
    spans = {id(norm): versions[bundle.version] for _, _, bundle in policies.spans() for norm in bundle.rules}
    rows = frame.loc[[r.n for r in stands]].assign(
        verdict=[r.verdict for r in stands],
        found=[r.status for r in stands],
        moved=np.array([r.due for r in stands], dtype=np.int64),
        reasons=[r.reasons for r in stands],
        absorbed=[r.absorbed for r in stands],
    )
    rows["early_row"] = rows["found"] == "early"
    findings = []
    for place, part in rows.groupby("norm", sort=True):
        item = judged[int(place)]
        grain = list(item.cases.grain)
        for _, group in part.groupby([*grain, "verdict", "early_row"], sort=True, dropna=False):
            findings.append(_finding(group, frame, item, judged, school, spans[id(item.cases.norm)]))
    return sorted(findings, key=lambda found: found[0].order())


def _finding(
    group: pd.DataFrame, frame: pd.DataFrame, item: Judged, judged: Sequence[Judged], school: str, policy: str
) -> tuple[Finding, list[int]]:
    norm, setting = item.cases.norm, item.setting
    names = {column: _one_name(group, column, setting) for column in _DOMAINS if column != "student"}
    students = tuple(sorted({name for code in group["student"] if (name := setting.journal.name("person", int(code))) is not None}))
    missing = (group["found"] == "missing").any()
    status = "missing" if missing else str(group["found"].iloc[0])
    due = _earliest(group)
    done = None if missing else group["done"].max()
    absorbed = [n for ns in group["absorbed"] for n in ns]
    losers = sorted({int(frame.at[n, "norm"]) for n in absorbed})
    also = _also(norm, status, [judged[place].cases.norm for place in losers])
    events = sorted(_events(group, judged) | _events(frame.loc[absorbed], judged))
    evidence = tuple(setting.journal.log.ids(events))
    responsible = setting.journal.name("person", int(group["person"].iloc[0]))
    role = str(_override(group, item, "role") or norm.role)
    obj = next((str(value) for value in group["object"] if value is not None), None)
    day = int(group["day"].min())
    verdict = str(group["verdict"].iloc[0])
    finding = Finding(
        id=finding_id(school, norm.id, verdict, status if status == "early" else "", *_identity(group, item)),
        school=school,
        policy=policy,
        rule=norm.id,
        clause=norm.clause,
        also=also,
        verdict=verdict,
        status=status,
        responsible=responsible,
        role=role,
        class_=names["class"],
        group=names["group"],
        subject=names["subject"],
        lesson=names["lesson"],
        work=names["work"],
        students=students,
        period=names["period"],
        date=str(np.datetime64(day, "D")),
        object=obj,
        due_at=iso(due, setting),
        done_at=iso(done, setting),
        severity=norm.severity,
        explanation=explain(norm, group, verdict, status, also, due, setting),
        evidence=evidence,
        reasons=tuple(dict.fromkeys(reason for reasons in group["reasons"] for reason in reasons)),
    )
    return finding, events


def _one_name(group: pd.DataFrame, column: str, setting: Setting) -> str | None:
    code = int(group[column].iloc[0])
    return setting.journal.name(_DOMAINS[column], code)


def _override(group: pd.DataFrame, item: Judged, column: str) -> object:
    if column not in item.cases.units:
        return None
    return item.cases.units[column].iloc[int(group["row"].iloc[0])]


def _earliest(group: pd.DataFrame) -> pd.Timestamp | None:
    moved = group["moved"][group["moved"] > 0]
    return pd.Timestamp(int(moved.min()), unit="us") if len(moved) else None


def _also(norm: Norm, status: str, losers: Iterable[Norm]) -> tuple[str, ...]:
    own = [*norm.also, *(norm.also_late if status == "late" else ())]
    theirs = [clause for loser in losers for clause in (loser.clause, *loser.also)]
    return tuple(clause for clause in dict.fromkeys([*own, *theirs]) if clause != norm.clause)


def _events(rows: pd.DataFrame, judged: Sequence[Judged]) -> set[int]:
    events: set[int] = set()
    for place, part in rows.groupby("norm"):
        cases = judged[int(place)].cases
        found = cases.units.loc[part["row"].to_numpy(), cases.evidence].to_numpy(dtype=np.float64)
        events |= {int(event) for event in np.unique(found[~np.isnan(found)]) if event >= 0}
    return events


def _identity(group: pd.DataFrame, item: Judged) -> list[str]:
    """What the finding is about, by names and event identities: event numbers and codes differ between runs."""
    row = group.iloc[0]
    journal = item.setting.journal
    parts = []
    for column in item.cases.grain:
        if column in _DOMAINS:
            parts.append(journal.name(_DOMAINS[column], int(row[column])) or "")
        elif column == "act":
            event = journal.log.events.iloc[int(row["act"])]
            parts.extend([str(event["source"]), str(event["id"])])
        elif column == "day":
            parts.append(str(np.datetime64(int(row["day"]), "D")))
        else:
            parts.append(str(row[column]))
    return parts


def iso(instant: pd.Timestamp | None, setting: Setting) -> str | None:
    """Give a naive UTC instant as ISO text with the school's offset, None for none."""
    if instant is None or pd.isna(instant):
        return None
    moment: datetime = pd.Timestamp(instant).tz_localize("UTC").tz_convert(setting.calendar.zone).to_pydatetime()
    return moment.isoformat()
