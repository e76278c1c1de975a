"""The `demo` command: the main job on an invented small year of each of the five schools."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.wording import _
from reports.console import percent, severity_names
from reports.explained import explained
from service.auditing import AuditRequest, run_audit
from service.simulating import run_simulation

if TYPE_CHECKING:
    from rich.console import Console

    from engine.audit import Audit

YEAR = 2024
_COMMONEST = 3


def run_demo(out: Path, seed: int) -> None:
    """Simulate, audit and show; everything is written under `out`."""
    from rich.console import Console

    from service.cli import SCHOOLS

    # Off a terminal the table is as wide as its words, not eighty columns.
    console = Console() if sys.stdout.isatty() else Console(width=160)
    slugs = sorted(path.parent.name for path in SCHOOLS.glob("*/school.yaml"))
    audits: dict[str, Audit] = {}
    for place, slug in enumerate(slugs, 1):
        folder = out / slug
        console.print(
            _("[{place}/{n}] {slug}: придумываем учебный год {year}/{next}…").format(
                place=place, n=len(slugs), slug=slug, year=YEAR, next=YEAR % 100 + 1
            ),
            highlight=False,
            markup=False,
        )
        simulation = run_simulation(slug, YEAR, "small", seed, folder / "log", ("jsonl",))
        console.print(_("      проверяем по положению школы…"), highlight=False)
        request = AuditRequest([folder / "log" / "events.jsonl"], slug, folder, simulation.as_of, None, None, SCHOOLS, 1)
        audits[slug] = run_audit(request, quiet=True)
    show_table(console, audits)
    slug, finding = _sample(audits)
    console.print()
    console.print(explained(finding, out / slug, SCHOOLS), markup=False, highlight=False, soft_wrap=True)
    console.print()
    console.print(_("Всё записано в {out}/: в каждой папке findings.jsonl, scores.csv, summary.json.").format(out=out), highlight=False)
    console.print(_("Другое объяснение: .venv/bin/zavuch explain ID --out {out}/{slug}").format(out=out, slug=slug), highlight=False)


def show_table(console: Console, audits: dict[str, Audit]) -> None:
    """Print one row per school: obligations, share met in time, findings by severity, the commonest breaches with their clauses."""
    from rich.table import Table

    severities = severity_names()
    table = Table(title=_("Пять школ, каждая по своему положению"), title_justify="left")
    headings = [
        _("Школа"),
        _("Обязанностей"),
        _("В срок"),
        *(name.capitalize() for name in severities.values()),
        _("Прочие выводы"),
        _("Чаще всего (пункт)"),
    ]
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for slug, result in audits.items():
        violations = Counter(f.severity for f in result.findings if f.verdict == "violation")
        others = sum(1 for f in result.findings if f.verdict != "violation")
        common = Counter(f.clause for f in result.findings if f.verdict == "violation").most_common(_COMMONEST)
        table.add_row(
            slug,
            str(result.scores.obligations),
            percent(result.scores.met, result.scores.obligations),
            *(str(violations[severity]) for severity in severities),
            str(others),
            ", ".join(f"{clause} × {number}" for clause, number in common),
        )
    console.print(table)


def _sample(audits: dict[str, Audit]) -> tuple[str, str]:
    """A finding worth reading: a late written work of the lyceum where there is one, else any first one."""
    for slug, result in audits.items():
        for finding in result.findings:
            if finding.work and finding.verdict == "violation" and finding.status == "late":
                return slug, finding.id
    return next((slug, result.findings[0].id) for slug, result in audits.items() if result.findings)
