"""Named measures: what each counts, when the log does not show it, and what a threshold makes of it."""

from __future__ import annotations

import re

import pytest

from engine.audit import Audit
from ingest.wording import language
from rules.measure import measures
from tests.conftest import Json, event
from tests.house.tree import text
from tests.policies.test_loader import GOOD, made, problems
from tests.rules.norms import findings, lesson, tried

BEFORE = "2024-08-26T10:00:00+05:00"
AFTER = "2024-11-01T00:00:00+05:00"
SCHOOL = [
    event(1, "class.formed", BEFORE, class_="7А", grade=7, homeroom_teacher="h-01"),
    event(2, "period.set", BEFORE, period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25"),
    *(event(4 + n, "student.joined", BEFORE, student=f"s-0{n}", class_="7А", date="2024-09-02") for n in range(1, 4)),
    event(9, "person.registered", BEFORE, person="d-01", roles=["deputy_director"]),
    event(10, "person.registered", BEFORE, person="a-01", roles=["administrator"]),
    event(11, "parent.linked", BEFORE, parent="p-01", student="s-01"),
    *(lesson(n, f"2024-09-0{n + 1}") for n in range(1, 5)),
]


def rule(measure: str, *keys: str, role: str = "homeroom_teacher") -> str:
    return "\n".join(["family: measure", f"measure: {measure}", f"role: {role}", *keys])


def figures(audit: Audit, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in audit.figures[[*columns]].itertuples(index=False)]


def measured(log_of, events: list[Json], text: str, *columns: str, as_of: str = AFTER) -> list[tuple[object, ...]]:
    return figures(tried(log_of([*SCHOOL, *events]), text, as_of), *columns)


# ---- the list ------------------------------------------------------------------------------------------------------------------------


def test_every_measure_has_a_name_words_and_a_unit() -> None:
    """Names are sorted and say one thing each."""
    listed = measures()

    assert sorted(listed) == list(listed)
    assert all(name == measure.name and len(measure.words()) > 5 for name, measure in listed.items())
    assert len(listed) == len({measure.words() for measure in listed.values()})


def test_the_page_on_the_policy_language_lists_every_measure() -> None:
    """Name, words and nothing else."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|`]+) \| (?:%|число|отношение|часы|дни) \|$", text("docs/policy-language.md"), re.MULTILINE)

    assert {name: measure.words() for name, measure in measures().items()} == dict(rows)


def test_an_unknown_measure_is_refused_with_the_nearest_name(tmp_path) -> None:
    """The message names the place."""
    broken = GOOD.replace("family: deadline\n    record: topic\n    due: {same_day: true}", "family: measure\n    measure: outage_hour")

    assert "outage_hours" in problems(made(tmp_path, broken))


def all_measures(*keys: str) -> str:
    """Give one rule per measure, whose id is the measure's name with hyphens."""
    head = "  - {{id: {id}, title: Мера, clause: '1', severity: minor, family: measure, measure: {name}{keys}}}\n"
    return "".join(head.format(id=name.replace("_", "-"), name=name, keys=", ".join(["", *keys])) for name in measures())


def test_an_empty_log_measures_nothing(log_of) -> None:
    """No measure needs anything to be there."""
    audit = tried(log_of(SCHOOL[:1]), rule("works"), AFTER, others=all_measures("least: 5"))

    assert ([], {}) == (audit.findings, audit.undecidable)


def test_a_log_of_lessons_alone_accuses_nobody_of_what_it_does_not_show(log_of) -> None:
    """Messages, controls, visits, outages, cards, of which the log has none, are undecidable, whatever the threshold."""
    audit = tried(log_of(SCHOOL), rule("works"), AFTER, others=all_measures("least: 1"))

    assert {"recorded-share", "teachers-taking-part", "marks-per-student"} <= {finding.rule for finding in audit.findings}
    assert {"messages-sent", "controls-performed", "families-viewing", "outage-hours", "incomplete-student-cards"} <= set(audit.undecidable)
    assert set() == {finding.rule for finding in audit.findings} & set(audit.undecidable)
    assert set() == {figure.replace("_", "-") for figure in audit.figures["measure"]} & set(audit.undecidable)


# ---- records -------------------------------------------------------------------------------------------------------------------------


def topic(number: int, n: int, at: str) -> Json:
    return event(number, "topic.recorded", f"{at}+05:00", "t-01", lesson=f"L-{n}", text="Тема")


TERM = """\
  - {id: terms, title: Тема в день урока, clause: "2", severity: minor, family: deadline, record: topic, due: {same_day: true}}
"""


def test_the_share_of_late_topics_goes_by_the_schools_own_term(log_of) -> None:
    """One in time, one late, one missing, one whose term an outage covers."""
    events = [
        topic(20, 1, "2024-09-02T23:00:00"),
        topic(21, 2, "2024-09-04T08:00:00"),
        event(22, "outage.began", "2024-09-05T20:00:00+05:00", "a-01"),
        event(23, "outage.ended", "2024-09-06T09:00:00+05:00", "a-01"),
    ]
    log = log_of([*SCHOOL, *events])

    assert [] == figures(tried(log, rule("late_topics"), AFTER), "person", "part", "whole")
    assert [("t-01", 2, 3)] == figures(tried(log, rule("late_topics"), AFTER, others=TERM), "person", "part", "whole")
    assert [("t-01", 2, 3)] == figures(tried(log, rule("late_records"), AFTER, others=TERM), "person", "part", "whole")
    assert [] == figures(tried(log, rule("late_marks"), AFTER, others=TERM), "person", "part", "whole")


def test_days_behind_count_to_the_last_lesson(log_of) -> None:
    """The last record was made on 3 September, the last lesson held is that of the 5th; records of today leave no lag."""
    events = [topic(20, 1, "2024-09-03T09:00:00")]
    columns = ("class", "subject", "value")

    assert [("7А", "История", 2.0)] == measured(log_of, events, rule("days_behind"), *columns)
    assert [("7А", "История", 0.0)] == measured(log_of, [*events, topic(21, 3, "2024-09-07T09:00:00")], rule("days_behind"), *columns)
    assert [("7А", "История", 3.0)] == measured(log_of, [], rule("days_behind"), *columns)


def test_marks_and_works_are_counted_per_line(log_of) -> None:
    """Two marks for three students who were at all lessons; one control work."""
    events = [
        event(20, "work.set", "2024-09-02T09:00:00+05:00", "t-01", work="W-1", lesson="L-1", kind="control"),
        *(event(20 + n, "mark.recorded", "2024-09-02T12:00:00+05:00", "t-01", lesson="L-1", student=f"s-0{n}", value="4") for n in (1, 2)),
    ]

    assert [("Q1", 2, 3)] == measured(log_of, events, rule("marks_per_student"), "period", "part", "whole")
    assert [("Q1", 1)] == measured(log_of, events, rule("works", "where: {works: [control]}"), "period", "part")
    assert [("students_without_marks", 1, 3)] == measured(log_of, events, rule("students_without_marks"), "measure", "part", "whole")


# ---- messages and controls -----------------------------------------------------------------------------------------------------------

SENT = [
    event(30, "message.sent", "2024-09-10T10:00:00+05:00", "h-01", to="p-01"),
    event(31, "message.sent", "2024-09-10T10:00:00+05:00", "h-01", to="t-01"),
    event(32, "notice.sent", "2024-09-11T10:00:00+05:00", "h-01", to="d-01", about="breach"),
    event(33, "message.sent", "2024-10-28T10:00:00+05:00", "h-01", to="p-01"),
    event(34, "announcement.posted", "2024-09-11T10:00:00+05:00", "t-01"),
]


@pytest.mark.parametrize(
    ("measure", "role", "expected"),
    [
        ("messages_sent", "homeroom_teacher", ("h-01", 3)),
        ("messages_to_parents", "homeroom_teacher", ("h-01", 1)),
        ("breach_notices", "homeroom_teacher", ("h-01", 1)),
        ("messages_sent", "teacher", ("t-01", 0)),
        ("announcements_posted", "teacher", ("t-01", 1)),
        ("messages_sent", "deputy_director", ("d-01", 0)),
    ],
)
def test_messages_are_counted_by_person_and_period(log_of, measure: str, role: str, expected: tuple[str, int]) -> None:
    """The rule's role says whose; what was sent after the period is not of it."""
    assert [expected] == measured(log_of, SENT, rule(measure, role=role), "person", "part")


def control(number: int, kind: str, at: str, actor: str | None, role: str, **data: object) -> Json:
    return event(number, "control.performed", f"{at}+05:00", actor, control=kind, role=role, **data)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("controls_performed", 4), ("access_checks", 1), ("profile_checks", 0), ("mark_checks", 2), ("participation_checks", 2)],
)
def test_controls_are_counted_by_whoever_made_them(log_of, measure: str, expected: int) -> None:
    """An unsigned control of a class by its homeroom teacher is hers; one that names no directions may be of any."""
    controls = [
        control(40, "access_check", "2024-09-10T10:00:00", "h-01", "homeroom_teacher", directions=["participation"]),
        control(41, "weekly_analysis", "2024-09-10T10:00:00", None, "homeroom_teacher", class_="7А", directions=["marks"]),
        control(42, "weekly_analysis", "2024-09-17T10:00:00", "h-01", "homeroom_teacher"),
        control(43, "attendance_check", "2024-09-17T10:00:00", "h-01", "homeroom_teacher", directions=["attendance"]),
        control(44, "deputy_check", "2024-09-17T10:00:00", "d-01", "deputy_director", directions=["marks"]),
    ]

    assert [("h-01", expected)] == measured(log_of, controls, rule(measure), "person", "part")


def test_controls_that_led_to_remarks(log_of) -> None:
    """A remark within a week follows the control; the homeroom teacher's control is not the administration's."""
    events = [
        control(40, "deputy_check", "2024-09-10T10:00:00", "d-01", "deputy_director"),
        event(41, "remark.issued", "2024-09-17T10:00:00+05:00", "d-01", remark="R-1", to="t-01"),
        control(42, "deputy_check", "2024-10-01T10:00:00", "d-01", "deputy_director"),
        event(43, "remark.issued", "2024-10-08T10:00:01+05:00", "d-01", remark="R-2", to="t-01"),
        control(44, "weekly_analysis", "2024-10-08T09:00:00", "h-01", "homeroom_teacher"),
    ]

    assert [("Q1", 1, 2)] == measured(log_of, events, rule("controls_with_remarks", role="deputy_director"), "period", "part", "whole")


def test_ages_of_remarks(log_of) -> None:
    """The oldest open remark counts; of resolved ones the mean of 1 and 4 days."""
    events = [
        event(40, "remark.issued", "2024-09-10T10:00:00+05:00", "d-01", remark="R-1", to="t-01"),
        event(41, "remark.resolved", "2024-09-11T10:00:00+05:00", "t-01", remark="R-1"),
        event(42, "remark.issued", "2024-10-10T10:00:00+05:00", "d-01", remark="R-2", to="t-01"),
        event(43, "remark.resolved", "2024-10-14T10:00:00+05:00", "t-01", remark="R-2"),
        event(44, "remark.issued", "2024-10-21T10:00:00+05:00", "d-01", remark="R-3", to="t-01"),
        event(45, "remark.issued", "2024-10-25T10:00:00+05:00", "d-01", remark="R-4", to="t-01"),
        event(46, "remark.issued", "2024-10-30T10:00:00+05:00", "d-01", remark="R-5", to="t-02"),
        event(47, "remark.resolved", "2024-10-30T11:00:00+05:00", "t-02", remark="R-5"),
    ]

    assert [("t-01", 11.0), ("t-02", 0.0)] == measured(log_of, events, rule("open_remark_days"), "person", "value")
    assert [("Q1", 2.5)] == measured(log_of, events, rule("remark_days"), "period", "value")
    found = findings(
        log_of([*SCHOOL, *events]), rule("open_remark_days", "most: 10", role="teacher"), "responsible", "explanation", as_of=AFTER
    )
    assert ["t-01"] == [name for name, _text in found]
    assert "11 дн.; нужно не больше 10 дн." in found[0][1]


# ---- the journal itself --------------------------------------------------------------------------------------------------------------

OUTAGES = [
    event(50, "outage.began", "2024-09-10T10:00:00+05:00", "a-01", scope="marks"),
    event(51, "outage.ended", "2024-09-10T16:00:00+05:00", "a-01", scope="marks"),
    event(52, "outage.began", "2024-09-10T12:00:00+05:00", "a-01", scope="diary"),
    event(53, "outage.ended", "2024-09-10T20:30:00+05:00", "a-01", scope="diary"),
    event(54, "outage.began", "2024-10-25T22:00:00+05:00", "a-01"),
    *(
        event(55 + n, f"outage.{kind}", f"2024-09-10T{hour}:00:00+05:00", "a-01", scope=scope)
        for n, (kind, hour, scope) in enumerate((("began", 11, "a"), ("ended", 12, "a"), ("began", 13, "b"), ("ended", 14, "b")))
    ),
]


def test_hours_of_outages(log_of) -> None:
    """Those that overlap count once; one that goes on counts to the end of the period."""
    assert [("Q1", 12.5)] == measured(log_of, OUTAGES, rule("outage_hours", role="administrator"), "period", "value")
    minutes = 54 * 24 * 60
    assert [(minutes - 750, minutes)] == measured(log_of, OUTAGES, rule("uptime", role="administrator"), "part", "whole")


@pytest.mark.parametrize(("most", "count"), [("12.5", 0), ("12.4", 1)])
def test_too_many_hours_are_the_administrators(log_of, most: str, count: int) -> None:
    """Exactly the allowed number is no breach."""
    text = rule("outage_hours", f"most: {most}", role="administrator")
    found = findings(log_of([*SCHOOL, *OUTAGES]), text, "status", "responsible", "role", "period", as_of=AFTER)

    assert [("insufficient", "a-01", "administrator", "Q1")] * count == found


def test_cards_that_are_not_complete(log_of) -> None:
    """The last word before the end of the period counts; what was never called complete is not."""
    events = [
        event(60, "profile.updated", "2024-09-03T10:00:00+05:00", "h-01", person="s-01", complete=True),
        event(61, "profile.updated", "2024-09-04T10:00:00+05:00", "h-01", person="s-02", complete=True),
        event(62, "profile.updated", "2024-09-05T10:00:00+05:00", "h-01", person="s-02", complete=False),
        event(63, "profile.updated", "2024-09-06T10:00:00+05:00", "h-01", person="s-01"),
        event(64, "profile.updated", "2024-10-28T10:00:00+05:00", "h-01", person="s-03", complete=True),
    ]

    assert [("7А", 2, 3)] == measured(log_of, events, rule("incomplete_student_cards"), "class", "part", "whole")
    assert [("7А", 1, 1)] == measured(log_of, events, rule("incomplete_parent_cards"), "class", "part", "whole")
    assert [("h-01", "7А")] == findings(
        log_of([*SCHOOL, *events]), rule("incomplete_student_cards", "most: 50"), "responsible", "class_", as_of=AFTER
    )


def test_measures_speak_english_too() -> None:
    """Words are chosen when they are asked for."""
    with language("en"):
        assert measures()["outage_hours"].words()
