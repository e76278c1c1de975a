"""Events about findings: what people explained, disputed, ruled and decided, and what they let pass for a time."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ingest.fields import Class, Clause, Domain, EventData, Finding, Order, Period, Person, Text, Word

Rule = Annotated[str, Domain("rule")]


class ExplanationGiven(EventData):
    """A person explains a finding, or refuses to (then the text says so)."""

    type: ClassVar[str] = "explanation.given"
    finding: Finding
    by: Person
    text: Text | None = None
    document: Text | None = None


class RulingMade(EventData):
    """Somebody rules on a finding; of several rulings the last counts."""

    type: ClassVar[str] = "ruling.made"
    finding: Finding
    ruling: Literal["upheld", "excused", "withdrawn"]
    by: Person
    reason: Text | None = None
    document: Text | None = None


class DisputeOpened(EventData):
    """A person disputes a finding; it stays disputed until the next ruling."""

    type: ClassVar[str] = "dispute.opened"
    finding: Finding
    by: Person
    reason: Text | None = None


class DecisionMade(EventData):
    """A decision on a person: a bonus (amount in roubles, as a text) or a disciplinary measure, and the findings it rests on."""

    type: ClassVar[str] = "decision.made"
    kind: Literal["bonus", "discipline"]
    person: Person
    by: Person
    order: Order | None = None
    period: Period | None = None
    amount: Word | None = None
    measure: Word | None = None
    findings: list[str] | None = None


class WaiverGranted(EventData):
    """Findings on one rule, clause, person or class are let pass from a day (that of granting, unless named) through `expires`.

    `scope` says which field it is about, and that field must be given; the others, where given, narrow it.
    """

    type: ClassVar[str] = "waiver.granted"
    scope: Literal["rule", "clause", "person", "class"]
    rule: Rule | None = None
    clause: Clause | None = None
    person: Person | None = None
    class_: Class | None = Field(default=None, alias="class")
    reason: Text
    approver: Person
    from_: date | None = Field(default=None, alias="from")
    expires: date
