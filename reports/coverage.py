"""Coverage on the terminal: a row per school, the sum, and every problem with its place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ingest.wording import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.coverage import Coverage
    from policies.register import Accounting


def accounting_names() -> dict[Accounting, str]:
    """Give the ways in which a clause is accounted for, in words."""
    return {
        "decided": _("Решают правила"),
        "proxy": _("Косвенная мера"),
        "attested": _("Подтверждает человек"),
        "no_norm": _("Нет нормы"),
        "unaccounted": _("Не учтено"),
    }


def show_coverage(schools: Sequence[Coverage]) -> None:
    """Print how the clauses of each school are accounted for, and what is wrong."""
    from rich.console import Console
    from rich.table import Table

    console = Console() if sys.stdout.isatty() else Console(width=160)
    for problem in (problem for school in schools for problem in school.problems):
        console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    ways = accounting_names()
    table = Table(title=_("Учёт пунктов положения"), title_justify="left")
    for heading in (_("Школа"), *ways.values(), _("Всего"), _("Замечаний")):
        table.add_column(heading, overflow="fold", justify="left" if heading == _("Школа") else "right")
    for school in schools:
        row = [str(school.counts.get(way, 0)) for way in ways]
        table.add_row(school.school, *row, str(school.total), str(len(school.problems)))
    console.print(table)
    accounted, total = sum(school.accounted for school in schools), sum(school.total for school in schools)
    clauses = ngettext(total, "пункта", "пунктов", "пунктов")
    console.print(_("Учтено {n} из {total} {clauses}.").format(n=accounted, total=total, clauses=clauses), highlight=False)
