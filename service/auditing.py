"""The `audit` command: read, audit, write, show."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from engine.audit import Audit, Options, audit
from engine.evidence import timelines
from ingest.errors import UserError
from ingest.reading import read_log
from ingest.wording import _
from policies.loader import load_school
from reports import console
from reports.files import (
    CONCLUSIONS,
    FIGURES,
    FINDINGS,
    REJECTS,
    SCORES,
    SUMMARY,
    TIMELINES,
    conclusions_text,
    findings_text,
    json_lines,
    table_text,
    timelines_text,
    write_all,
)  # fmt: skip
from service.progress import Stages

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from ingest.eventlog import EventLog
    from policies.bundle import Policies, SchoolProfile


@dataclass(frozen=True)
class AuditRequest:
    """What to audit and where to write it; texts as the user typed them."""

    exports: list[Path]
    school: str
    out: Path
    as_of: str | None
    first: str | None
    last: str | None
    schools_dir: Path
    workers: int


def run_audit(request: AuditRequest, *, quiet: bool = False) -> Audit:
    """Audit as requested, write the files, print the table; raises UserError when input, bundle or output cannot be used."""
    profile, policies = load_school(request.schools_dir, request.school)
    zone = profile.zone_info
    as_of = parse_instant(request.as_of, zone)
    first, last = parse_day(request.first, "--from"), parse_day(request.last, "--to")
    if first and last and last < first:
        raise UserError(_("--to ({last}) раньше, чем --from ({first}).").format(first=first, last=last))
    with Stages(quiet=quiet) as stages:
        log = read_log(request.exports, zone, school=request.school, progress=stages.reading)
        if not len(log.events):
            raise UserError(_("Во входных файлах нет ни одного события."))
        options = Options(as_of=as_of, first=first, last=last, workers=request.workers, progress=stages.begin)
        result = audit(log, profile, policies, options)
        if result.journal.known_events == 0:
            raise UserError(_("На {as_of} в журнале ещё нет событий: проверьте --as-of.").format(as_of=request.as_of))
        stages.begin("write")
        write_all(request.out, outputs(log, result, profile, policies, as_of))
    for fault in result.faults:
        about = ", ".join(part for part in (fault.person or _("неизвестно чьё"), fault.period) if part)
        sys.stderr.write(
            _("Судья не смог рассмотреть дело ({about}): {reason}. Выводов по нему нет, см. faults в summary.json.").format(
                about=about, reason=fault.reason
            )
            + "\n"
        )
    if not quiet:
        console.show_audit(result.findings, result.scores, request.out)
    return result


def outputs(log: EventLog, result: Audit, profile: SchoolProfile, policies: Policies, as_of: np.datetime64) -> dict[str, str]:
    """Give every file of an audit: name → text."""
    from service.summary import rejects, summary

    return {
        FINDINGS: findings_text(result.findings),
        SCORES: table_text(result.scores.table),
        CONCLUSIONS: conclusions_text(result.conclusions),
        FIGURES: table_text(result.figures),
        REJECTS: json_lines(rejects(log, result, policies)),
        TIMELINES: timelines_text(timelines(log, result.events, profile.zone_info)),
        SUMMARY: summary(log, result, profile, policies, as_of),
    }


def parse_instant(text: str | None, zone: ZoneInfo) -> np.datetime64:
    """Give the instant (UTC) of an ISO text, in the school's zone where it has no offset; now for None."""
    try:
        moment = datetime.fromisoformat(text) if text is not None else datetime.now(UTC)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
    except (ValueError, OverflowError):
        raise UserError(_("--as-of: «{text}» — не момент времени. Пример: 2024-02-22T00:00:00+05:00.").format(text=text)) from None


def parse_day(text: str | None, option: str) -> date | None:
    """Give the date of an ISO text, None for None."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(_("{option}: «{text}» — не дата. Пример: 2024-02-22.").format(option=option, text=text)) from None
