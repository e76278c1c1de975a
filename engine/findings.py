"""Findings: what was not done or must not have been done, by whom, under which clause. Frozen, compared by value."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

Json = str | int | bool | None | list[str]


@dataclass(frozen=True)
class Finding:
    """One finding of an audit, with the fields of the contract's section 3; instants are ISO texts with the school's offset.

    `state`: its life (open, notified, explained, disputed, upheld, excused, withdrawn, remedied: upheld and put right since); `waiver`: id
    of the event that granted a waiver which covers it. `severity` is the norm's, unless a rule of the bundle's judgement changed it.
    """

    id: str
    school: str
    policy: str
    rule: str
    clause: str
    also: tuple[str, ...]
    verdict: str
    status: str
    responsible: str | None
    role: str
    class_: str | None
    group: str | None
    subject: str | None
    lesson: str | None
    work: str | None
    students: tuple[str, ...]
    period: str | None
    date: str
    object: str | None
    due_at: str | None
    done_at: str | None
    severity: str
    explanation: str
    evidence: tuple[str, ...]
    reasons: tuple[str, ...]
    state: str = "open"
    waiver: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Give the finding as the object written to `findings.jsonl`."""
        return {
            ("class" if key == "class_" else key): (list(value) if isinstance(value, tuple) else value)
            for key, value in asdict(self).items()
        }

    def order(self) -> tuple[str, str, str, str]:
        """Give the key by which findings are sorted in every output."""
        return (self.date, self.clause, self.responsible or "", self.id)


def finding_id(*parts: str) -> str:
    """Give a short stable id for a finding: the same school, rule and object always give the same 16 hex digits."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


ENGINE_VERSION = "0.1.0"
