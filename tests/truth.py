"""Comparing an audit's findings with what a simulator says must be found: one to one, on the fields the truth names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

Json = dict[str, Any]


def matches(truth: Json, finding: Json) -> bool:
    """Tell whether a finding is the one the truth speaks of."""
    for key, value in truth.items():
        if key in ("school", "kind"):
            continue
        if key == "clause":
            same = value in (finding["clause"], *finding["also"])
        elif key == "students":
            same = sorted(value) == finding["students"]
        elif key == "due_at":
            same = _instant(value) == _instant(finding["due_at"])
        else:
            same = finding[key] == value
        if not same:
            return False
    return True


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def unmatched(truth: Iterable[Json], findings: Iterable[Json]) -> tuple[list[Json], list[Json]]:
    """Give the truths nobody found, and the findings that no truth explains."""
    open_findings: dict[tuple[Any, ...], list[Json]] = defaultdict(list)
    for finding in findings:
        open_findings[finding["status"], finding["verdict"], finding["responsible"]].append(finding)
    missed = []
    for item in truth:
        candidates = open_findings[item["status"], item["verdict"], item["responsible"]]
        found = next((finding for finding in candidates if matches(item, finding)), None)
        if found is None:
            missed.append(item)
        else:
            candidates.remove(found)
    return missed, [finding for rest in open_findings.values() for finding in rest]
