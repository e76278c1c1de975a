"""What the crash tests run in worker processes: the judge of dossiers, but some persons bring the process down."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from engine.judge.casefile import JudgeFault
from engine.judgement.batches import Laws, judge_histories
from engine.judgement.dossier import History, Opinion


def killed_batch(laws: Laws, histories: Sequence[History]) -> list[list[Opinion] | JudgeFault]:
    """Judge; at a person named "crash…" die as a broken C library does, at one named "kill…" as by the system's hand."""
    for history in histories:
        if history.person.startswith("crash"):
            os.kill(os.getpid(), signal.SIGSEGV)
        if history.person.startswith("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
    return judge_histories(laws, histories)
