"""What an audit says of itself: `summary.json`, and the lines of `rejects.jsonl`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.findings import ENGINE_VERSION
from ingest.eventlog import reject_lines
from ingest.wording import _
from reports.files import counts

if TYPE_CHECKING:
    from engine.audit import Audit
    from ingest.eventlog import EventLog
    from policies.bundle import Policies, SchoolProfile
    from reports.files import Json


def rejects(log: EventLog, result: Audit, policies: Policies) -> list[dict[str, Json]]:
    """Give one object per line that could not be read, per conflict, per entry whose lesson nobody knows, and per confirmation of a
    clause that the school does not have.
    """
    lesson = _("запись {type} ссылается на урок, которого нет в расписании; она сохранена, но не проверялась")
    clause = _("подтверждение ссылается на пункт, которого нет в списке пунктов школы; оно сохранено, но ничего не подтверждает")
    lines: list[dict[str, Json]] = [{**line} for line in reject_lines(log)]
    lines.extend(_kept(log, result.journal.unresolved(), lesson))
    lines.extend(_kept(log, _unlisted(result, policies), clause))
    return lines


def _kept(log: EventLog, numbers: npt.NDArray[np.int32], reason: str) -> Iterator[dict[str, Json]]:
    """Events that are kept and used by nothing, each with the reason."""
    events = log.events.iloc[numbers]
    columns = [events[name].tolist() for name in ("file", "line", "id", "source", "type")]
    for file, line, name, source, event_type in zip(*columns, strict=True):
        yield {"file": str(file), "line": int(line), "id": str(name), "source": str(source), "reason": reason.format(type=event_type)}


def _unlisted(result: Audit, policies: Policies) -> npt.NDArray[np.int32]:
    """The numbers of the confirmations whose clause does not stand in the school's register, where it keeps one."""
    table = result.journal.table("attestation.given")
    known = policies.register.clauses
    unlisted = ~table["clause"].astype(object).isin(known).to_numpy(dtype=bool) if known else np.zeros(len(table), dtype=bool)
    return np.asarray(table["event"].to_numpy()[unlisted], dtype=np.int32)


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
        "states": dict(sorted(Counter(finding.state for finding in result.findings).items())),
        "waived": sum(finding.waiver is not None for finding in result.findings),
        "conclusions": dict(sorted(Counter(conclusion.concludes for conclusion in result.conclusions).items())),
        "without_effect": [{"event": event, "reason": reason} for event, reason in result.unknown],
        "faults": [fault.as_json() for fault in result.faults],
        "held_out": sorted(result.held_out),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
