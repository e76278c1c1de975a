"""The `simulate` command: an invented school-year with known breaches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from ingest.errors import UserError
from ingest.simulator import simulate, write
from ingest.wording import _

if TYPE_CHECKING:
    from ingest.simulator import Simulation

SIZES = ("small", "full")
FORMATS = ("jsonl", "parquet", "csv")


def run_simulation(school: str, year: int, size: str, seed: int, out: Path, formats: tuple[str, ...]) -> Simulation:
    """Write the simulated year into `out`; raises UserError for a school, size or format that it does not know."""
    if size not in SIZES:
        raise UserError(_("--size: «{size}» — не размер; бывает small или full.").format(size=size))
    if unknown := [name for name in formats if name not in FORMATS]:
        raise UserError(_("--format: «{name}» — не формат; бывает jsonl, parquet, csv.").format(name=unknown[0]))
    simulation = simulate(school, year, cast("Literal['small', 'full']", size), seed)
    write(simulation, out, formats=formats)
    return simulation
