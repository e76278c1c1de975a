"""Rulings as events of the log: every audit replays them, as_of cuts them, and none of them is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine.audit as auditing
from engine.audit import Audit, Options, audit
from engine.judge.casefile import CaseFile, JudgeFault
from engine.judge.workers import answers
from engine.judgement import judging
from engine.judgement.conclusions import Fault, Reason
from engine.judgement.dossier import History
from ingest.eventlog import EventLog
from policies.bundle import Policies
from policies.loader import load_bundle, load_school
from service.auditing import parse_instant
from tests.conftest import SCHOOLS, event

Json = dict[str, Any]
LogOf = Callable[[Sequence[Json]], EventLog]
POLICY = """\
school: lyceum-68
regulation: {title: Положение, order: "1", dated: 2023-01-01}
in_force: {from: 2023-01-01}
extends: [common/vocabulary, common/judgement]
rules:
  - {id: topic.same-day, title: Тема в день урока, clause: "5.1", family: deadline, record: topic, due: {same_day: true}, severity: major}
"""
GRAVER = """\
judgement:
  - id: repeated-is-critical
    title: Повторённое становится критическим
    concludes: severity
    severity: critical
    when:
      finding: {rule: {is: topic.same-day}}
      count: {at_least: 2, within_days: 30, same: [rule]}
"""
PROFILE, _POLICIES = load_school(SCHOOLS, "lyceum-68")
AS_OF = "2024-03-20T00:00:00+05:00"


def audited(log: EventLog, tmp_path: Path, more: str = "", as_of: str = AS_OF, **options: Any) -> Audit:
    """The audit under a policy of one norm, with the common judgement and `more` of one's own."""
    path = tmp_path / "2023-01-01.yaml"
    path.write_text(POLICY + more, "utf-8")
    moment: np.datetime64 = parse_instant(as_of, PROFILE.zone_info)
    return audit(log, PROFILE, Policies([load_bundle(path)]), Options(**({"as_of": moment, "workers": 0} | options)))


def lesson(number: int, day: str, teacher: str = "t-01") -> list[Json]:
    """A lesson and its topic, written the next morning."""
    written = f"{day[:-2]}{int(day[-2:]) + 1:02}T09:00:00+05:00"
    about = {"lesson": f"L-{number}", "class_": "8А", "subject": "Алгебра", "teacher": teacher}
    return [
        event(
            10 * number, "lesson.scheduled", "2024-01-05T12:00:00+05:00", **about,
            starts_at=f"{day}T09:00:00+05:00", ends_at=f"{day}T09:40:00+05:00",
        ),
        event(10 * number + 1, "topic.recorded", written, teacher, lesson=f"L-{number}", text="Дроби"),
    ]  # fmt: skip


PERIODS = [
    event(1, "period.set", "2024-01-01T10:00:00+05:00", period="Q3", kind="quarter", starts="2024-01-09", ends="2024-02-29"),
    event(2, "period.set", "2024-01-01T10:00:00+05:00", period="Q4", kind="quarter", starts="2024-03-01", ends="2024-05-25"),
]
THREE = [*PERIODS, *lesson(1, "2024-02-05"), *lesson(2, "2024-02-12"), *lesson(3, "2024-03-04")]


@pytest.fixture
def ids(log_of: LogOf, tmp_path: Path) -> list[str]:
    """The ids of the three findings, by day."""
    return [finding.id for finding in audited(log_of(THREE), tmp_path).findings]


def ruling(number: int, finding: str, word: str, by: str = "d-01", day: str = "2024-03-10") -> Json:
    return event(900 + number, "ruling.made", f"{day}T12:00:00+05:00", by, finding=finding, ruling=word, by=by, reason="Справка")


def test_states_stand_at_the_end_of_findings_and_change_nothing_else(log_of: LogOf, tmp_path: Path, ids: list[str]) -> None:
    """A ruling changes the state of its finding; all fields of the contract stay as they were."""
    before = audited(log_of(THREE), tmp_path).findings
    after = audited(log_of([*THREE, ruling(1, ids[0], "excused")]), tmp_path)

    assert [finding.state for finding in after.findings] == ["excused", "open", "open"]
    assert [replace(finding, state="open") for finding in after.findings] == before
    assert list(after.findings[0].as_json())[-2:] == ["state", "waiver"]
    assert [(act.what, act.by, act.reason) for act in after.acts[ids[0]]] == [("excused", "d-01", "Справка")]


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([("notice.sent", {"to": "t-01", "about": "breach"})], "notified"),
        ([("remark.issued", {"remark": "R-1", "to": "t-01"})], "notified"),
        ([("notice.sent", {"to": "t-01", "about": "breach"}), ("explanation.given", {"by": "t-01", "text": "Болел"})], "explained"),
        ([("explanation.given", {"by": "t-01"}), ("dispute.opened", {"by": "t-01"})], "disputed"),
        ([("dispute.opened", {"by": "t-01"}), ("ruling.made", {"by": "d-01", "ruling": "withdrawn"})], "withdrawn"),
        (
            [
                ("remark.issued", {"remark": "R-1", "to": "t-01"}), ("ruling.made", {"by": "d-01", "ruling": "upheld"}),
                ("remark.resolved", {"remark": "R-1"}),
            ],
            "remedied",
        ),
    ],
)  # fmt: skip
def test_life_of_a_finding(log_of: LogOf, tmp_path: Path, ids: list[str], acts: list[tuple[str, Json]], state: str) -> None:
    """Notices, remarks, explanations, disputes and rulings that name a finding move it through its life."""
    events = [
        event(900 + n, kind, f"2024-03-1{n}T12:00:00+05:00", **(data if kind == "remark.resolved" else data | {"finding": ids[0]}))
        for n, (kind, data) in enumerate(acts)
    ]

    assert [f.state for f in audited(log_of([*THREE, *events]), tmp_path).findings] == [state, "open", "open"]


def test_nothing_ruled_later_than_as_of_counts(log_of: LogOf, tmp_path: Path, ids: list[str]) -> None:
    log = log_of([*THREE, ruling(1, ids[0], "upheld", day="2024-03-10"), ruling(2, ids[0], "excused", day="2024-03-12")])
    states = [
        audited(log, tmp_path, as_of=f"2024-03-{day}T00:00:00+05:00").findings[0].state for day in ("10", "11", "12", "13")
    ]  # fmt: skip

    assert states == ["open", "upheld", "upheld", "excused"]


def test_a_ruling_on_nothing_and_one_on_oneself_are_listed(log_of: LogOf, tmp_path: Path, ids: list[str]) -> None:
    """They change nothing, and their events are named with the reason."""
    found = audited(log_of([*THREE, ruling(1, "0123456789abcdef", "excused"), ruling(2, ids[0], "excused", by="t-01")]), tmp_path)

    assert {finding.state for finding in found.findings} == {"open"}
    assert [event for event, _reason in found.unknown] == ["e-901", "e-902"]


def waiver(scope: str, expires: str, approver: str = "d-01", **about: str) -> Json:
    return event(
        950, "waiver.granted", "2024-02-06T12:00:00+05:00", scope=scope, reason="Приказ 7", approver=approver, expires=expires, **about
    )


@pytest.mark.parametrize(
    ("granted", "covered"),
    [
        (waiver("rule", "2024-03-31", rule="topic.same-day"), [False, True, True]),
        (waiver("rule", "2024-02-12", rule="topic.same-day"), [False, True, False]),
        (waiver("clause", "2024-03-31", clause="5.1", from_="2024-02-01"), [True, True, True]),
        (waiver("person", "2024-03-31", person="t-01", rule="other"), [False, False, False]),
        (waiver("class", "2024-03-31", class_="8А"), [False, True, True]),
        (waiver("class", "2024-03-31", person="t-01"), [False, False, False]),
        (waiver("person", "2024-03-31", person="t-01", approver="t-01"), [False, False, False]),
    ],
    ids=["rule", "expired", "from", "narrowed", "class", "of nothing", "own"],
)
def test_waivers_cover_and_expire_by_themselves(log_of: LogOf, tmp_path: Path, granted: Json, covered: list[bool]) -> None:
    """A waiver covers the findings of its scope from the day of granting (or its first day) through the day it expires."""
    found = audited(log_of([*THREE, granted]), tmp_path)

    assert [finding.waiver == "e-950" for finding in found.findings] == covered
    assert {finding.state for finding in found.findings} == {"open"}


def test_repetition_across_a_quarter_and_its_chain(log_of: LogOf, tmp_path: Path, ids: list[str]) -> None:
    """Three within 30 days give a repetition in the quarter of the third, resting on all three; an excused one breaks it."""
    found = audited(log_of(THREE), tmp_path)
    (repeated,) = (conclusion for conclusion in found.conclusions if conclusion.concludes == "repetition")
    excused = audited(log_of([*THREE, ruling(1, ids[0], "excused")]), tmp_path)

    assert (repeated.person, repeated.period, repeated.about) == ("t-01", "Q4", (("rule", "topic.same-day"),))
    assert set(repeated.reasons) == {Reason("finding", name) for name in ids}
    assert repeated.findings == tuple(sorted(ids))
    assert [c.concludes for c in excused.conclusions if c.concludes != "eligible"] == []


def test_a_bundle_raises_the_severity_of_what_is_repeated(log_of: LogOf, tmp_path: Path, ids: list[str]) -> None:
    """The rule of the bundle makes the second breach within 30 days critical; upheld, it ends eligibility and makes a candidate."""
    found = audited(log_of([*THREE, ruling(1, ids[1], "upheld")]), tmp_path, GRAVER)
    by_rule = {conclusion.rule: conclusion for conclusion in found.conclusions if conclusion.period == "Q3"}

    assert [finding.severity for finding in found.findings] == ["major", "critical", "critical"]
    assert sorted(by_rule) == ["critical-upheld", "discipline.critical", "repeated-is-critical"]
    assert by_rule["repeated-is-critical"].about == (("finding", ids[1]),)
    assert [c.concludes for c in found.conclusions if c.period == "Q4"] == ["repetition", "severity", "eligible"]


@pytest.mark.parametrize("options", [{"workers": 1}, {"second_judge": True}])
def test_workers_and_the_second_judge_give_the_same(log_of: LogOf, tmp_path: Path, ids: list[str], options: Json) -> None:
    log = log_of([*THREE, ruling(1, ids[1], "upheld"), waiver("class", "2024-02-20", class_="8А")])
    first, second = audited(log, tmp_path, GRAVER), audited(log, tmp_path, GRAVER, **options)

    assert (second.findings, second.conclusions, second.acts) == (first.findings, first.conclusions, first.acts)


def test_what_is_reported_of_a_part_is_judged_as_a_whole(log_of: LogOf, tmp_path: Path, ids: list[str]) -> None:
    """--from cuts the findings shown, not those that conclusions rest on."""
    whole = audited(log_of(THREE), tmp_path)
    part = audited(log_of(THREE), tmp_path, first=np.datetime64("2024-03-01").item())

    assert [finding.id for finding in part.findings] == ids[2:]
    assert (part.conclusions, part.every) == (whole.conclusions, whole.every)


TWO = [*THREE, *lesson(4, "2024-02-05", "t-02")]


def faulty(files: Sequence[Any], person: str, **options: Any) -> list[Any]:
    given = answers(options.pop("law"), files, **options)
    return [JudgeFault("broken", person, file.period) if file.person == person else one for file, one in zip(files, given, strict=True)]


def test_a_fault_of_the_first_judge_holds_its_person_out(log_of: LogOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case file is reported, never clean; all others are judged as ever."""

    def broken(program: Any, files: Sequence[CaseFile], **options: Any) -> list[Any]:
        return faulty(files, "t-02", law=program, **options)

    whole = audited(log_of(TWO), tmp_path)
    monkeypatch.setattr(auditing, "answers", broken)
    found = audited(log_of(TWO), tmp_path)

    assert found.faults == (Fault("t-02", "Q3", "broken"),)
    assert found.held_out == {"t-02"}
    assert found.findings == [finding for finding in whole.findings if finding.responsible != "t-02"]


def test_a_fault_of_the_second_judge_holds_its_person_out(log_of: LogOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings stand, but nothing is concluded of the person, least of all that nothing speaks against a bonus."""

    def broken(laws: Any, files: Sequence[History], **options: Any) -> list[Any]:
        return faulty(files, "t-02", law=laws, **options)

    whole = audited(log_of(TWO), tmp_path)
    monkeypatch.setattr(judging, "answers", broken)
    found = audited(log_of(TWO), tmp_path)

    assert (found.held_out, [fault.reason for fault in found.faults]) == ({"t-02"}, ["broken"])
    assert found.findings == whole.findings
    assert {conclusion.person for conclusion in whole.conclusions} == {"t-01", "t-02"}
    assert {conclusion.person for conclusion in found.conclusions} == {"t-01"}


@pytest.mark.parametrize(
    ("resolved", "candidate"), [(None, True), ("2024-03-12T23:59:00+05:00", False), ("2024-03-13T00:00:00+05:00", False)]
)
def test_an_upheld_finding_whose_remark_is_not_met_makes_a_candidate(
    log_of: LogOf, tmp_path: Path, ids: list[str], resolved: str | None, candidate: bool
) -> None:
    """The remark is due through the 12th; a measure already decided on the same finding ends the candidacy."""
    remark = event(
        960, "remark.issued", "2024-03-08T12:00:00+05:00", "d-01", remark="R-1", to="t-01", due="2024-03-12", finding=ids[0]
    )  # fmt: skip
    events = [*THREE, remark, ruling(1, ids[0], "upheld")]
    events += [] if resolved is None else [event(961, "remark.resolved", resolved, "t-01", remark="R-1")]
    decided = event(
        962, "decision.made", "2024-03-15T12:00:00+05:00", "r-01", kind="discipline", person="t-01", by="r-01", measure="remark",
        findings=[ids[0]],
    )  # fmt: skip
    found, after = (audited(log_of(given), tmp_path) for given in (events, [*events, decided]))
    made = [conclusion for conclusion in found.conclusions if conclusion.concludes == "candidate"]

    assert [conclusion.rule for conclusion in made] == ["discipline.remark-unmet"] * candidate
    assert [set(conclusion.reasons) - {Reason("finding", ids[0]), Reason("remark", "R-1")} for conclusion in made] == [
        {Reason("absent", "решение (kind: discipline)")}
    ] * candidate
    assert [conclusion for conclusion in after.conclusions if conclusion.concludes == "candidate"] == []
