"""What the crash tests run in worker processes: the judge, but some persons bring the process down. Imports no test library."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from engine.judge.casefile import CaseFile, JudgeFault
from engine.judge.program import Program
from engine.judge.workers import Answer, judge_batch


def crashing_batch(program: Program, files: Sequence[CaseFile]) -> list[Answer]:
    """Judge; at a person named "crash…" die as a broken C library does."""
    if any(file.person.startswith("crash") for file in files):
        os.kill(os.getpid(), signal.SIGSEGV)
    return judge_batch(program, files)


def light_batch(program: Program, files: Sequence[CaseFile]) -> list[Answer]:
    """Tell, as faults, which heavy modules a worker has imported."""
    heavy = sorted({"pandas", "numpy", "pydantic", "pytest", "hypothesis"} & sys.modules.keys())
    answers = judge_batch(program, files)
    return [JudgeFault(",".join(heavy)) if heavy else answer for answer in answers]
