"""The audit: one school's log under its own policy → findings, counts and what nobody can decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.candidates import Judged, candidates, case_files, period_of, weigh
from engine.fold import fold
from engine.judge.casefile import JudgeFault
from engine.judge.plain_judge import judge as judge_plainly
from engine.judge.program import Program
from engine.judge.workers import answers, judge_batch
from engine.judgement.conclusions import Fault
from engine.judgement.judging import judge_findings, period_name
from engine.measured import figures
from engine.scores import Scores, scores
from ingest.journal import NEVER, Journal
from rules.calendar import SchoolCalendar, day_number, holidays_version
from rules.setting import Setting

if TYPE_CHECKING:
    from datetime import date

    from engine.findings import Finding
    from engine.judge.casefile import CaseFile, Ruling
    from engine.judge.workers import Answer
    from engine.judgement.conclusions import Act, Conclusion, Judgement
    from ingest.eventlog import EventLog
    from policies.bundle import Policies, SchoolProfile
    from rules.cases import Cases

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How to audit: `as_of` (UTC; nothing later is looked at), `first`/`last` local dates of obligations to report (inclusive), the number
    of judge processes (0: in this process), and switches that exist to check the engine against itself.
    """

    as_of: np.datetime64
    first: date | None = None
    last: date | None = None
    workers: int = 1
    sieve: bool = True
    second_judge: bool = False
    progress: Progress = field(default=lambda _stage: None)


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    `events`: finding id → numbers of the events it rests on; `undecidable`: rule id → instances that the log cannot decide; `facts`: how
    many facts the judge saw; `judged`: every norm's cases with their states; `figures`: what norms measure (`engine.measured`).
    `every`: all findings, also those outside of the days to report; `cases`: finding id → numbers of its candidates; `conclusions`: on
    persons, by the bundle's judgement; `acts`: finding id → what people did about it; `faults`: case files without a verdict, and
    `held_out`: the persons concerned, of whom nothing may be said in points or money; `unknown`: (event id, reason) of acts without
    effect.
    """

    findings: list[Finding]
    events: dict[str, list[int]]
    scores: Scores
    undecidable: dict[str, int]
    judged: Sequence[Judged]
    facts: int
    calendar_version: str
    journal: Journal
    figures: pd.DataFrame
    every: Sequence[Finding] = ()
    cases: Mapping[str, Sequence[int]] = field(default_factory=dict)
    conclusions: Sequence[Conclusion] = ()
    acts: Mapping[str, Sequence[Act]] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    held_out: frozenset[str] = frozenset()
    unknown: Sequence[tuple[str, str]] = ()


def audit(log: EventLog, profile: SchoolProfile, policies: Policies, options: Options) -> Audit:
    """Give the findings on a school's log under every version of its policy in force on the obligations' dates.

    A case file without a verdict is no clean bill: it stands in `faults`, and its persons in `held_out`.
    """
    options.progress("journal")
    settings = settings_of(log, profile, policies, options)
    journal = settings[0].journal
    judged: list[Judged] = []
    options.progress("cases")
    for setting in settings:
        for norm in setting.norms.values():
            cases = setting.cases(norm)
            inside = cases.units["day"].between(setting.starts, setting.ends).to_numpy()
            if not inside.all():
                cases = _only(cases, inside)
            judged.append(weigh(cases, setting, sieve=options.sieve))
    options.progress("judge")
    frame = candidates(judged)
    stage = _judge(frame, judged, policies, options)
    options.progress("findings")
    found = fold(frame, stage.rulings, judged, profile.slug, policies)
    counted = scores(frame, stage.rulings, judged)
    options.progress("conclusions")
    judgement = judge_findings(
        [item.finding for item in found], settings[0], policies, counted.table, workers=options.workers, second_judge=options.second_judge
    )
    every = [_after(item.finding, judgement) for item in found]
    faults = (*stage.faults, *judgement.faults)
    return Audit(
        findings=[finding for finding in every if _reported(finding, options)],
        events={item.finding.id: item.events for item in found if _reported(item.finding, options)},
        scores=counted,
        undecidable=_undecidable(judged),
        judged=judged,
        facts=stage.facts,
        calendar_version=holidays_version(),
        journal=journal,
        figures=figures(judged),
        every=every,
        cases={item.finding.id: item.cases for item in found},
        conclusions=judgement.conclusions,
        acts=judgement.acts,
        faults=faults,
        held_out=frozenset({*stage.held_out, *(fault.person for fault in judgement.faults)} - {""}),
        unknown=judgement.unknown,
    )


def _after(finding: Finding, judgement: Judgement) -> Finding:
    """The finding as the second stage leaves it."""
    state, severity = judgement.states.get(finding.id), judgement.severities.get(finding.id)
    waiver = judgement.waivers.get(finding.id)
    if state is None and severity is None and waiver is None:
        return finding
    return replace(finding, state=state or finding.state, severity=severity or finding.severity, waiver=waiver)


def _calendar(journal: Journal, profile: SchoolProfile) -> SchoolCalendar:
    held = journal.lessons["day"].to_numpy()[journal.lessons["known"].to_numpy()]
    times = journal.log.events["time"].to_numpy()
    seen = np.concatenate([held, journal.local_day(times[[0, -1]])]) if len(times) else held
    years = seen.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    span = (int(years.min()), int(years.max())) if len(years) else (2020, 2030)
    regional = [(day_number(item.date), item.working, item.reason) for item in profile.regional_days]
    return SchoolCalendar.build(profile.zone_info, profile.country, profile.week, span, [*regional, *journal.staff_days])


def settings_of(log: EventLog, profile: SchoolProfile, policies: Policies, options: Options) -> list[Setting]:
    """Give the school's journal under each version of its policy, oldest first; they share one journal and one calendar."""
    journal = Journal(log, profile.zone_info, options.as_of)
    calendar = _calendar(journal, profile)
    found = []
    for starts, ends, bundle in policies.spans():
        last = NEVER if ends is None else day_number(ends)
        norms = {norm.id: norm for norm in bundle.rules}
        found.append(Setting(journal, calendar, bundle.vocabulary, bundle.readings, options.as_of, day_number(starts), last, norms))
    return found


def _only(cases: Cases, inside: np.ndarray) -> Cases:
    return replace(cases, units=cases.units[inside].reset_index(drop=True))


@dataclass(frozen=True)
class _Stage:
    """What the first judge answered; `held_out`: everybody with a candidate in a case file without a verdict."""

    rulings: list[Ruling] = field(default_factory=list)
    facts: int = 0
    faults: tuple[Fault, ...] = ()
    held_out: frozenset[str] = frozenset()


def _judge(frame: pd.DataFrame, judged: Sequence[Judged], policies: Policies, options: Options) -> _Stage:
    if not len(frame):
        return _Stage()
    absorbs: dict[str, set[str]] = {}
    for _, _, bundle in policies.spans():
        for norm in bundle.rules:
            absorbs.setdefault(norm.id, set()).update(norm.absorbs)
    program = Program.of(absorbs)
    setting = judged[0].setting
    periods = period_of(frame["day"].to_numpy(dtype=np.int64), setting)
    files = case_files(frame, judged, periods)
    if options.second_judge:
        given: list[Answer] = [judge_plainly(program, file) for file in files]
    else:
        given = answers(program, files, workers=options.workers, batch=judge_batch)
    rulings = [ruling for answer in given if not isinstance(answer, JudgeFault) for ruling in answer]
    failed = [(file, answer) for file, answer in zip(files, given, strict=True) if isinstance(answer, JudgeFault)]
    faults = tuple(Fault(file.person, period_name(setting, file.period), fault.reason) for file, fault in failed)
    people = {setting.journal.name("person", unit.person) or "" for file, _fault in failed for unit in file.units}
    return _Stage(rulings, sum(_facts(file) for file in files), faults, frozenset(people | {file.person for file, _fault in failed}))


def _facts(file: CaseFile) -> int:
    return len(file.units) + len(file.outages) + len(file.remarks)


def _reported(finding: Finding, options: Options) -> bool:
    first = options.first.isoformat() if options.first else ""
    last = options.last.isoformat() if options.last else "9999-12-31"
    return first <= finding.date <= last


def _undecidable(judged: Sequence[Judged]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for item in judged:
        if item.cases.undecidable:
            counts[item.cases.norm.id] = counts.get(item.cases.norm.id, 0) + item.cases.undecidable
    return dict(sorted(counts.items()))
