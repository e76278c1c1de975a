"""An amended regulation: every obligation is judged by the version that was in force on its date, and the finding names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from engine.audit import Options, audit
from engine.findings import Finding
from ingest.eventlog import EventLog
from policies.loader import load_school
from service.auditing import parse_instant
from tests.conftest import UFA, Json, event
from tests.rules.norms import lesson

Log = Callable[[Sequence[Json]], EventLog]

SCHOOL = "school: test\nname: Школа\nzone: Asia/Yekaterinburg\ncountry: RU\nweek: 5\n"
CLAUSES = """\
"1": {norm: Тема записана, kind: duty, who: [teacher], decided_by: [topic]}
"2": {norm: Задание внесено, kind: duty, who: [teacher], decided_by: [homework]}
"3": {norm: Отметки за период стоят, kind: duty, who: [teacher], decided_by: [period-marks]}
"4":
  {norm: Помощь дана, kind: duty, who: [director], attested: {by: director, every: month, evidence: журнал}, until: 2024-10-31}
"""
TOPIC = "  - {{id: topic, title: Тема, clause: '1', family: deadline, record: topic, due: {due}, severity: {severity}}}\n"
HOMEWORK = (
    "  - {id: homework, title: Задание, clause: '2', family: deadline, record: homework, due: {same_day: true}, missing: violation,"
    " severity: minor}\n"
)
PERIOD_MARKS = (
    "  - {{id: period-marks, title: Отметки за период, clause: '3', family: deadline, record: period_marks,"
    " due: {{hours_after_period_end: {hours}}}, severity: major}}\n"
)


def version(day: str, *rules: str) -> str:
    """Give a bundle in force from a day on."""
    head = f"school: test\nregulation: {{title: Положение, order: '1', dated: {day}}}\nin_force: {{from: {day}}}\n"
    return head + ("rules:\n" + "".join(rules) if rules else "rules: []\n")


@pytest.fixture
def found(tmp_path: Path, log_of: Log) -> Callable[..., list[Finding]]:
    """Give a function that audits events under versions of a policy, as of 1 July 2025."""

    def run(events: Sequence[Json], *versions: str) -> list[Finding]:
        folder = tmp_path / "schools" / "test"
        (folder / "policy").mkdir(parents=True, exist_ok=True)
        (folder / "school.yaml").write_text(SCHOOL, "utf-8")
        (folder / "clauses.yaml").write_text(CLAUSES, "utf-8")
        for text in versions:
            day = text.partition("in_force: {from: ")[2].partition("}")[0]
            (folder / "policy" / f"{day}.yaml").write_text(text, "utf-8")
        profile, policies = load_school(tmp_path / "schools", "test")
        moment = parse_instant("2025-07-01T00:00:00+05:00", UFA)
        return audit(log_of(events), profile, policies, Options(as_of=moment, workers=0)).findings

    return run


def topic(number: int, time: str) -> Json:
    """Give the topic of lesson `number`."""
    return event(number, "topic.recorded", time, "t-01", lesson=f"L-{number}", text="Тема")


OLD = version("2024-01-01", TOPIC.format(due="{same_day: true}", severity="major"))
NEW = version("2024-11-01", TOPIC.format(due="{working_days: 2}", severity="minor"))


def test_each_obligation_by_the_version_of_its_day(found: Callable[..., list[Finding]]) -> None:
    """The term becomes longer on 1 November: 31 October is late by the old one, 1 November in time by the new one, 6 November late."""
    events = [
        lesson(1, "2024-10-31"), lesson(2, "2024-11-01"), lesson(3, "2024-11-06"),
        topic(1, "2024-11-01T08:00:00+05:00"), topic(2, "2024-11-05T23:00:00+05:00"), topic(3, "2024-11-09T08:00:00+05:00"),
    ]  # fmt: skip
    findings = found(events, OLD, NEW)

    assert [(f.lesson, f.severity, f.policy.partition("@")[0], f.due_at) for f in findings] == [
        ("L-1", "major", "2024-01-01", "2024-11-01T00:00:00+05:00"),
        ("L-3", "minor", "2024-11-01", "2024-11-09T00:00:00+05:00"),
    ]


def test_the_hash_is_that_of_the_version(found: Callable[..., list[Finding]]) -> None:
    """The two findings name two contents."""
    findings = found([lesson(1, "2024-10-31"), lesson(2, "2024-11-06")], OLD, NEW)

    assert 2 == len({f.policy.partition("sha256:")[2] for f in findings})


def test_an_obligation_stays_under_the_version_in_which_it_began(found: Callable[..., list[Finding]]) -> None:
    """A term of five working days that begins before the amendment ends by the old count, though the new one gives one day."""
    old = version("2024-01-01", TOPIC.format(due="{working_days: 5}", severity="major"))
    new = version("2024-11-01", TOPIC.format(due="{working_days: 1}", severity="major"))
    events = [lesson(1, "2024-10-31"), topic(1, "2024-11-08T10:00:00+05:00")]

    # 1, 2 (a working Saturday), 5, 6, 7 November; 4 November is a holiday, 3 a Sunday.
    assert ["2024-11-08T00:00:00+05:00"] == [f.due_at for f in found(events, old, new)]


def test_a_remark_is_met_by_the_term_of_the_day_it_was_made(found: Callable[..., list[Finding]]) -> None:
    """Five working days for a remark of 31 October, one for a remark of 6 November; each is judged once."""
    remarks = "  - {{id: remarks, title: Замечание, clause: '1', family: remark_terms, due: {{working_days: {days}}}, severity: major}}\n"
    old, new = version("2024-01-01", remarks.format(days=5)), version("2024-11-01", remarks.format(days=1))
    events = [
        event(1, "remark.issued", "2024-10-31T10:00:00+05:00", remark="r-1", to="t-01"),
        event(2, "remark.resolved", "2024-11-07T10:00:00+05:00", remark="r-1"),
        event(3, "remark.issued", "2024-11-06T10:00:00+05:00", remark="r-2", to="t-01"),
        event(4, "remark.resolved", "2024-11-08T10:00:00+05:00", remark="r-2"),
    ]
    findings = found(events, old, new)

    assert [("r-2", "2024-11-08T00:00:00+05:00", "2024-11-01")] == [(f.object, f.due_at, f.policy.partition("@")[0]) for f in findings]


def test_a_repealed_rule_ends_the_day_before(found: Callable[..., list[Finding]]) -> None:
    """Homework is demanded until 31 October; afterwards nobody owes it."""
    old = version("2024-01-01", HOMEWORK)
    findings = found([lesson(1, "2024-10-31"), lesson(2, "2024-11-01")], old, version("2024-11-01"))

    assert ["L-1"] == [f.lesson for f in findings]


def test_a_new_rule_looks_forward_only(found: Callable[..., list[Finding]]) -> None:
    """Homework is demanded from 1 November on; what was not written before is no breach."""
    findings = found([lesson(1, "2024-10-31"), lesson(2, "2024-11-01")], version("2024-01-01"), version("2024-11-01", HOMEWORK))

    assert [("L-2", "2024-11-01")] == [(f.lesson, f.policy.partition("@")[0]) for f in findings]


def test_a_day_before_any_version_is_not_judged(found: Callable[..., list[Finding]]) -> None:
    """A regulation does not look back."""
    assert [] == found([lesson(1, "2024-10-31")], NEW)


def test_a_period_that_straddles_belongs_to_its_last_day(found: Callable[..., list[Finding]]) -> None:
    """The marks of a quarter that ends under the new version are due by it; a quarter that ended before, by the old one."""
    old = version("2024-01-01", PERIOD_MARKS.format(hours=0))
    new = version("2024-11-01", PERIOD_MARKS.format(hours=24))
    set_up = "2024-08-26T10:00:00+05:00"
    events = [
        event(1, "period.set", set_up, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
        event(2, "period.set", set_up, period="Q2", kind="quarter", starts="2024-10-28", ends="2024-12-27"),
        event(3, "class.formed", set_up, class_="7А", grade=7),
        event(4, "student.joined", set_up, student="s-01", class_="7А", date="2024-09-02"),
        *(lesson(number, day) for number, day in enumerate(("2024-09-10", "2024-10-30", "2024-12-20"), 1)),
        *(
            event(5 + n, "period_mark.recorded", f"{day}T12:00:00+05:00", "t-01", class_="7А", subject="История", student="s-01",
                  period=f"Q{n}", value="5")
            for n, day in ((1, "2024-10-26"), (2, "2024-12-29"))
        ),
    ]  # fmt: skip
    findings = found(events, old, new)

    assert [(f.period, f.due_at, f.policy.partition("@")[0]) for f in findings] == [
        ("Q1", "2024-10-26T00:00:00+05:00", "2024-01-01"),
        ("Q2", "2024-12-29T00:00:00+05:00", "2024-11-01"),
    ]


def test_a_repealed_clause_need_not_be_confirmed(found: Callable[..., list[Finding]]) -> None:
    """Clause 4 is no part of the amended regulation: October is asked for, November is not."""
    events = [
        event(1, "attestation.given", "2024-08-26T10:00:00+05:00", clause="9"),
        lesson(1, "2024-09-03"), lesson(2, "2024-10-10"), lesson(3, "2024-11-12"),
    ]  # fmt: skip
    findings = found(events, version("2024-01-01"), version("2024-11-01"))

    assert [("attested.4", "2024-10-01", "2024-01-01")] == [(f.rule, f.date, f.policy.partition("@")[0]) for f in findings]
