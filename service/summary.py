"""What an audit says of itself: `summary.json`, and the lines of `rejects.jsonl`."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING

import pandas as pd

from engine.findings import ENGINE_VERSION
from ingest.eventlog import reject_lines
from ingest.wording import _
from reports.files import counts

if TYPE_CHECKING:
    import numpy as np

    from engine.audit import Audit
    from ingest.eventlog import EventLog
    from policies.bundle import Policies, SchoolProfile
    from reports.files import Json


def rejects(log: EventLog, result: Audit) -> list[dict[str, Json]]:
    """Give one object per line that could not be read, per conflict, and per entry whose lesson nobody knows."""
    unknown = log.events.iloc[result.journal.unresolved()]
    lines: list[dict[str, Json]] = [{**line} for line in reject_lines(log)]
    columns = [unknown[name].tolist() for name in ("file", "line", "id", "source", "type")]
    for file, line, name, source, event_type in zip(*columns, strict=True):
        reason = _("запись {type} ссылается на урок, которого нет в расписании; она сохранена, но не проверялась").format(type=event_type)
        lines.append({"file": str(file), "line": int(line), "id": str(name), "source": str(source), "reason": reason})
    return lines


def summary(log: EventLog, result: Audit, profile: SchoolProfile, policies: Policies, as_of: np.datetime64) -> str:
    """Give `summary.json`: what was audited (hashes, versions), what came in, what was found, what nobody can decide."""
    instant = pd.Timestamp(as_of).tz_localize("UTC").tz_convert(profile.zone_info).isoformat()
    spans = [
        {
            "from": starts.isoformat(),
            "to": ends.isoformat() if ends else None,
            "version": bundle.version,
            "hash": bundle.hash,
            "rules": len(bundle.rules),
        }
        for starts, ends, bundle in policies.spans()
    ]
    content: dict[str, Json] = {
        "school": profile.slug,
        "as_of": instant,
        "policy": spans,
        "event_set": log.hash(),
        "versions": {"engine": ENGINE_VERSION, "calendar": result.calendar_version, "judge": f"durable_rules {version('durable_rules')}"},
        "events": {
            "accepted": len(log.events),
            "known_at_as_of": result.journal.known_events,
            "duplicates": log.duplicates,
            "rejected": len(log.rejects),
            "conflicts": len(log.conflicts),
            "unknown_lessons": len(result.journal.unresolved()),
            "unknown_types": dict(sorted(log.unknown_types.items())),
            "unknown_fields": dict(sorted(log.unknown_fields.items())),
        },
        "obligations": {"due": result.scores.obligations, "met": result.scores.met},
        "findings": {"total": len(result.findings), **counts(result.findings)},
        "undecidable": result.undecidable,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
