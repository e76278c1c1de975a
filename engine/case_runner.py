"""Runs a school's cases: the audit of a case must find what the case expects under the rules it is about, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.audit import Audit, Options, audit
from engine.sieve import MET
from ingest.eventlog import reject_lines
from ingest.reading import read_log
from ingest.wording import _
from ingest.writers import write_jsonl
from policies.bundle import Policies
from policies.case_notation import NotationError, instant

if TYPE_CHECKING:
    from engine.findings import Finding
    from policies.bundle import Bundle, SchoolProfile
    from policies.case_files import Case, Expected
    from rules.norm import Norm

_INSTANTS = ("due_at", "done_at")


@dataclass(frozen=True)
class Outcome:
    """What came of a case: its problems in words (none: it passes), the rules that it showed broken and those it showed kept."""

    case: Case
    problems: tuple[str, ...]
    broken: frozenset[str]
    kept: frozenset[str]


def run_case(case: Case, profile: SchoolProfile, policies: Policies) -> Outcome:
    """Give the outcome of a case under a school's policy."""
    unknown = sorted(case.rules - {norm.id for _s, _e, bundle in policies.spans() for norm in bundle.rules})
    if unknown:
        return Outcome(case, tuple(_("правила «{rule}» в положении нет").format(rule=rule) for rule in unknown), frozenset(), frozenset())
    if not case.rules:
        return Outcome(case, (_("случай ни о каком правиле: нужны findings или kept"),), frozenset(), frozenset())
    about = _clauses(case, policies)
    result, problems = _audited(case, profile, _concerned(case, about, policies))
    found = [f for f in result.findings if f.rule in case.rules or about & {f.clause, *f.also}]
    clauses = {norm.id: norm.clause for _s, _e, bundle in policies.spans() for norm in bundle.rules}
    missing, extra = _paired([_with_clauses(item, clauses) for item in case.expected], found, profile)
    problems += [_("не найдено: {expected}").format(expected=_words(item)) for item in missing]
    problems += [_("лишний вывод: {finding}").format(finding=_shown(finding)) for finding in extra]
    problems += [_("правило «{rule}» здесь не соблюдено: нечего было соблюдать").format(rule=rule) for rule in _idle(case, result)]
    return Outcome(case, tuple(problems), case.broken, frozenset(case.kept))


def _audited(case: Case, profile: SchoolProfile, policies: Policies) -> tuple[Audit, list[str]]:
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        path = Path(folder) / "events.jsonl"
        write_jsonl(case.events, path)
        log = read_log([path], profile.zone_info)
    problems = [_("событие не принято: {reason}").format(reason=line["reason"]) for line in reject_lines(log)]
    moment = datetime.fromisoformat(case.as_of).replace(tzinfo=profile.zone_info)
    as_of = np.datetime64(int(moment.timestamp() * 1_000_000), "us")
    # In this process and by the plain judge: the two judges are proved alike elsewhere, and a case should take no time.
    return audit(log, profile, policies, Options(as_of=as_of, workers=0, second_judge=True)), problems


def _concerned(case: Case, about: set[str], policies: Policies) -> Policies:
    """The policy with only the rules that can have a say in the case: its own, those that cite its clauses, and what these name."""
    return Policies([bundle.model_copy(update={"rules": _kin(case, about, bundle)}) for bundle in policies.versions])


def _kin(case: Case, about: set[str], bundle: Bundle) -> tuple[Norm, ...]:
    names: dict[str, set[str]] = {norm.id: {*norm.absorbs, *getattr(norm, "terms_of", ())} for norm in bundle.rules}
    chosen = {norm.id for norm in bundle.rules if norm.id in case.rules or about & {norm.clause, *norm.also, *norm.also_late}}
    grown: set[str] = set()
    while grown != chosen:
        grown = set(chosen)
        chosen |= {named for rule in grown for named in names[rule]} | {rule for rule, named in names.items() if named & grown}
    return tuple(norm for norm in bundle.rules if norm.id in chosen)


def _clauses(case: Case, policies: Policies) -> set[str]:
    """The clauses the case is about: a finding of another rule that cites one of them is about it too."""
    return {norm.clause for _s, _e, bundle in policies.spans() for norm in bundle.rules if norm.id in case.rules}


def _idle(case: Case, result: Audit) -> list[str]:
    """Rules said to be kept for which the audit saw no obligation met; a ban that is kept leaves no trace."""
    idle = []
    for rule in case.kept:
        items = [item for item in result.judged if item.cases.norm.id == rule]
        if not any(item.cases.ban or item.cases.figures is not None or (item.state == MET).any() for item in items):
            idle.append(rule)
    return idle


def _paired(expected: Sequence[Expected], found: Sequence[Finding], profile: SchoolProfile) -> tuple[list[Expected], list[Finding]]:
    """The expectations nobody met and the findings nobody expected, after the largest pairing."""
    partner: dict[int, int] = {}

    def place(wanted: int, tried: set[int]) -> bool:
        for at, finding in enumerate(found):
            if at not in tried and _matches(expected[wanted], finding, profile):
                tried.add(at)
                if at not in partner or place(partner[at], tried):
                    partner[at] = wanted
                    return True
        return False

    missing = [item for at, item in enumerate(expected) if not place(at, set())]
    return missing, [finding for at, finding in enumerate(found) if at not in partner]


def _with_clauses(item: Expected, clauses: Mapping[str, str]) -> Expected:
    """An expectation whose `also` names the clauses of the rules it named."""
    return item.model_copy(update={"also": tuple(clauses[rule] for rule in item.also)}) if item.also else item


def _matches(wanted: Expected, finding: Finding, profile: SchoolProfile) -> bool:
    for name in wanted.model_fields_set | {"verdict"}:
        value, got = getattr(wanted, name), getattr(finding, name)
        if name == "clause":
            same = value in (finding.clause, *finding.also)
        elif name == "also":
            same = set(value) <= set(finding.also)
        elif name == "students":
            same = sorted(value) == sorted(got)
        elif name in _INSTANTS and value is not None:
            same = got is not None and datetime.fromisoformat(got) == _moment(value, profile)
        else:
            same = value == got
        if not same:
            return False
    return True


def _moment(text: str, profile: SchoolProfile) -> datetime | None:
    try:
        return datetime.fromisoformat(instant(text)).replace(tzinfo=profile.zone_info)
    except NotationError:
        return None


def _words(item: Expected) -> str:
    return ", ".join(f"{name}={value}" for name, value in item.model_dump(by_alias=True, exclude_unset=True).items())


def _shown(finding: Finding) -> str:
    shown = (
        "rule",
        "verdict",
        "status",
        "responsible",
        "class",
        "lesson",
        "work",
        "students",
        "object",
        "period",
        "date",
        "due_at",
        "done_at",
    )
    return ", ".join(f"{name}={value}" for name, value in finding.as_json().items() if name in shown and value not in (None, []))
