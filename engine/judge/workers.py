"""Judging in worker processes: a crash of the engine costs one case file, and is reported, never swallowed."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache

from engine.judge.casefile import CaseFile, JudgeFault, Ruling
from engine.judge.program import Program

_BATCH_UNITS = 2000


@lru_cache(maxsize=4)
def _judge(program: Program) -> object:
    # Only a worker imports the engine: a crash must not take the audit with it.
    from engine.judge.durable_judge import DurableJudge

    return DurableJudge(program)


def judge_batch(program: Program, files: Sequence[CaseFile]) -> list[list[Ruling]]:
    """Give the rulings on several case files, in this process."""
    from engine.judge.durable_judge import DurableJudge

    judge = _judge(program)
    assert isinstance(judge, DurableJudge)
    return [judge.judge(file) for file in files]


def judge_all(program: Program, files: Sequence[CaseFile], *, workers: int) -> list[list[Ruling]]:
    """Give the rulings on every case file, in their order, by `workers` processes (0: in this one).

    Raises JudgeFault naming person and period when a case file crashes the engine or cannot be judged; the others are judged all the same
    before it is raised, so that the guilty one is known for certain.
    """
    if workers == 0 or not files:
        return judge_batch(program, files)
    batches = list(_batches(files))
    answers: dict[int, list[list[Ruling]]] = {}
    with _light_main(), _pool(workers) as pool:
        futures = [pool.submit(judge_batch, program, batch) for batch in batches]
        for place, future in enumerate(futures):
            try:
                answers[place] = future.result()
            except BrokenProcessPool:
                break
    for place, batch in enumerate(batches):
        if place not in answers:
            answers[place] = [_alone(program, file) for file in batch]
    return [rulings for place in range(len(batches)) for rulings in answers[place]]


def _alone(program: Program, file: CaseFile) -> list[Ruling]:
    """One case file in a process of its own, after a crash whose cause nobody knows yet."""
    with _light_main(), _pool(1) as pool:
        try:
            return pool.submit(judge_batch, program, [file]).result()[0]
        except BrokenProcessPool as error:
            raise JudgeFault(f"{file.person}, {file.period}: the rules engine crashed on this case file") from error


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _batches(files: Sequence[CaseFile]) -> Iterator[list[CaseFile]]:
    batch: list[CaseFile] = []
    units = 0
    for file in files:
        batch.append(file)
        units += len(file.units)
        if units >= _BATCH_UNITS:
            yield batch
            batch, units = [], 0
    if batch:
        yield batch


@contextmanager
def _light_main() -> Iterator[None]:
    """Keep a spawned process from importing the command line again: it needs only this module, and starts in a fraction of the time."""
    main = sys.modules["__main__"]
    file, spec = getattr(main, "__file__", None), getattr(main, "__spec__", None)
    try:
        if file is not None:
            del main.__file__
        main.__spec__ = None
        yield
    finally:
        if file is not None:
            main.__file__ = file
        main.__spec__ = spec
