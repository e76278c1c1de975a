"""A source of invented events: a believable school-year with breaches of known kinds, and the truth about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Literal

from ingest.errors import UserError
from ingest.simulator.breaches import lesson_breaches
from ingest.simulator.days import DAY, Days
from ingest.simulator.emission import emit
from ingest.simulator.injector import Injector
from ingest.simulator.keeping import keep
from ingest.simulator.periods import graduation, period_marks
from ingest.simulator.plans import plans
from ingest.simulator.school import School, build
from ingest.simulator.terms import LAWS
from ingest.simulator.themes import LESSON_THEMES, THEMES
from ingest.wording import _
from ingest.writers import write_csv, write_jsonl, write_parquet

Size = Literal["small", "full"]
COUNTS = {"small": 4, "full": 25}
"""How many breaches of each kind are made."""


@dataclass(frozen=True)
class Simulation:
    """A simulated year: events in the contract's form, the findings that must follow from them, and the moment to audit at."""

    events: Sequence[dict[str, object]]
    truth: Sequence[dict[str, object]]
    as_of: str


def simulate(school: str, year: int, size: Size, seed: int) -> Simulation:
    """Give the school-year that begins in September of `year`; the same arguments give the same events.

    Raises UserError for a school that the simulator does not know.
    """
    if school not in LAWS:
        raise UserError(_("Симулятор не знает школы «{school}»; знает: {known}.").format(school=school, known=", ".join(LAWS)))
    law = LAWS[school]
    name = f"{school}/{year}/{size}/{seed}"
    random = Random(name)
    own = tuple(date.fromisoformat(day if len(day) > len("10-11") else f"{year}-{day}") for day in law.own_days)
    built = build(Days(year, law.country, own), size, random)
    home = _home_schooled(built) if school == "pestravka" else {}
    keep(built, law, random, home)
    injector = Injector(built, law, random, COUNTS[size], home, name)
    lesson_breaches(injector)
    for theme in LESSON_THEMES:
        theme(injector)
    plans(injector)
    period_marks(injector)
    graduation(injector)
    for theme in THEMES:
        theme(injector)
    events = emit(built, law, injector.extra, dict(home), random)
    return Simulation(events, injector.truth, f"{year + 1}-09-01T06:00:00{law.offset}")


def _home_schooled(school: School) -> dict[str, date]:
    since = school.days.quarters[1].starts + 6 * DAY
    found: dict[str, date] = {}
    for item in school.classes:
        if item.grade in (6, 8) and len(found) < 2:
            student = next(s for s in reversed(item.students) if s not in school.moves)
            found[student] = since
    return found


def write(simulation: Simulation, out: Path, formats: Sequence[str] = ("jsonl",)) -> None:
    """Write `events.jsonl` (and `.parquet`, `.csv` where asked) and `truth.jsonl` into a folder."""
    writers = {"jsonl": write_jsonl, "parquet": write_parquet, "csv": write_csv}
    for name in formats:
        writers[name](simulation.events, out / f"events.{name}")
    write_jsonl(simulation.truth, out / "truth.jsonl")
