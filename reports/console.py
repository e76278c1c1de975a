"""Audits on the terminal: one readable table, plain where there is no terminal."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from ingest.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.findings import Finding
    from engine.scores import Scores

_COMMON = 10


def verdict_names() -> dict[str, str]:
    """Give the verdicts in words."""
    return {"violation": _("нарушение"), "notice": _("уведомление"), "review": _("решает человек"), "unproven": _("не доказано")}


def status_names() -> dict[str, str]:
    """Give the statuses in words."""
    return {
        "late": _("с опозданием"),
        "missing": _("не сделано"),
        "early": _("раньше времени"),
        "forbidden": _("запрещено"),
        "out_of_order": _("не в том порядке"),
        "insufficient": _("недостаточно"),
        "mismatch": _("расхождение"),
    }


def severity_names() -> dict[str, str]:
    """Give the severities in words."""
    return {"critical": _("тяжёлые"), "major": _("существенные"), "minor": _("лёгкие")}


def percent(part: int, whole: int) -> str:
    """Give a share as «99,4 %», a dash for a share of nothing; never rounded up to 100."""
    if not whole:
        return "—"
    return f"{part * 1000 // whole / 10:.1f} %".replace(".", ",")


def show_audit(findings: Sequence[Finding], scores: Scores, out: Path) -> None:
    """Print the counts of one audit and its commonest breaches with their clauses."""
    from rich.console import Console
    from rich.table import Table

    console = Console() if sys.stdout.isatty() else Console(width=160)
    n = scores.obligations
    verdicts = Counter(finding.verdict for finding in findings)
    console.print(
        _("Обязанностей: {n}, в срок {share}.").format(n=n, share=percent(scores.met, n)),
        *(f"{name}: {verdicts[key]}." for key, name in verdict_names().items() if verdicts[key]),
    )
    if findings:
        table = Table(title=_("Что встречается чаще всего"), title_justify="left")
        for heading in (_("Пункт"), _("Вывод"), _("Что"), _("Сколько"), _("Пример (id)")):
            table.add_column(heading, overflow="fold")
        groups = Counter((f.clause, f.verdict, f.status) for f in findings)
        examples = {(f.clause, f.verdict, f.status): f.id for f in reversed(findings)}
        for (clause, verdict, status), number in sorted(groups.items(), key=lambda item: (-item[1], item[0]))[:_COMMON]:
            table.add_row(clause, verdict_names()[verdict], status_names()[status], str(number), examples[clause, verdict, status])
        console.print(table)
    word = ngettext(len(findings), "вывод", "вывода", "выводов")
    console.print(_("{n} {word} в {out}. Подробно: zavuch explain ID --out {out}").format(n=len(findings), word=word, out=out))
