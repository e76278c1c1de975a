"""The judge alone: generated case files of the size that a teacher's quarter has, judged in this process; facts a second of one core, and memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from engine.judge.casefile import CaseFile, Outage, Remark, Unit
from engine.judge.durable_judge import DurableJudge
from engine.judge.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES, WARM = 1_000, 200
_RULES = tuple(f"rule-{place}" for place in range(20))
_PAGE_KB = 4
_ANSWERS = ("violation", "violation", "notice", "review", "ignore")


@dataclass(frozen=True)
class Judging:
    """What came of it: case files, facts, seconds of one core, resident memory in MB after the warm-up and at the end."""

    files: int
    facts: int
    seconds: float
    warm: float
    end: float


def run() -> Judging:
    """Judge FILES generated case files after WARM others that let the memory settle."""
    # Every second rule speaks for the next one, as the stricter of two clauses does.
    judge = DurableJudge(Program.of({rule: _RULES[place + 1 : place + 2] if place % 2 == 0 else () for place, rule in enumerate(_RULES)}))
    files = case_files()
    for file in islice(files, WARM):
        judge.judge(file)
    warm, facts, seconds = _resident(), 0, 0.0
    for file in islice(files, FILES):
        begun = time.process_time()
        judge.judge(file)
        seconds += time.process_time() - begun
        facts += len(file.units) + len(file.outages) + len(file.remarks)
    end = _resident()
    judge.close()
    return Judging(FILES, facts, seconds, warm, end)


def case_files() -> Iterator[CaseFile]:
    """Give case files without end, the same in every run: ten to sixty units, now and then an outage or a remark."""
    random = Random(1)
    while True:
        units = tuple(_unit(n, random) for n in range(random.randint(10, 60)))
        outages = tuple(Outage(begins, begins + 5, begins + 9) for begins in random.sample(range(1, 90), random.choice((0, 0, 0, 1, 2))))
        remarks = tuple(
            Remark(0, random.randint(-1, 40), -1, issued, issued + 20)
            for issued in random.sample(range(1, 80), random.choice((0, 0, 1, 3)))
        )
        yield CaseFile("t-1", "Q1", 100, units, outages, remarks)


def _unit(n: int, random: Random) -> Unit:
    ban = random.random() < 0.3  # about as in a school's year
    limit = 0 if ban and random.random() < 0.5 else random.randint(1, 90)
    done = random.randint(1, 99) if ban or random.random() < 0.6 else 0
    return Unit(
        n=n, rule=random.choice(_RULES), ban=ban, act=random.randint(1, 40), opens=0, limit=limit, due=limit, former=0, done=done, low=done,
        late=random.choice(_ANSWERS), missing=random.choice(_ANSWERS), early="ignore", status="late", lesson=random.randint(0, 40),
        student=-1, person=0, actor_known=True, edit=ban, assumed=random.random() < 0.1,
    )  # fmt: skip


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * _PAGE_KB / 1024
