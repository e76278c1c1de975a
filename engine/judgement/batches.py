"""Judging dossiers in worker processes (`engine.judge.workers`): a crash of the engine costs one person's dossiers, and is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.judge.casefile import JudgeFault
from engine.judgement.dossier import History, Opinion, in_order
from engine.judgement.law import Law

if TYPE_CHECKING:
    from engine.judgement.durable import DurableJudgement

Laws = tuple[Law, ...]
"""The law of each version of the policy."""

_compiled: dict[str, DurableJudgement] = {}


def judge_histories(laws: Laws, histories: Sequence[History]) -> list[list[Opinion] | JudgeFault]:
    """Give the opinions on each person's dossiers, in this process; whatever goes wrong with one person's is their fault alone."""
    answers: list[list[Opinion] | JudgeFault] = []
    for history in histories:
        try:
            answers.append(in_order(history, lambda dossier, memory: _judge(laws[dossier.law]).judge(dossier, memory)))
        except JudgeFault as fault:
            _forget()
            answers.append(JudgeFault(fault.reason, history.person, fault.period or history.period))
        except Exception as error:  # noqa: BLE001  # any error means "no verdict" on this person, and only on this one
            _forget()
            answers.append(JudgeFault(f"{type(error).__name__}: {error}", history.person, history.period))
    return answers


def _judge(law: Law) -> DurableJudgement:
    # Only a worker imports the engine: a crash must not take the audit with it.
    from engine.judgement.durable import DurableJudgement

    if law.key not in _compiled:
        if len(_compiled) > _MOST:
            _forget()
        _compiled[law.key] = DurableJudgement(law)
    return _compiled[law.key]


_MOST = 8
"""How many compiled laws are kept."""


def _forget() -> None:
    """Drop the compiled judges: after a fault nobody knows in what state the engine is."""
    while _compiled:
        _compiled.popitem()[1].close()
