"""Judging in worker processes: a crash of the engine costs one case file, and is reported, never swallowed.

A worker imports this package and nothing else of the application: the command line that started it is hidden while workers start.
Workers are renewed by renewing their pool, not by `max_tasks_per_child`, with which a pool of Python 3.11 waits for ever.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.judge.casefile import CaseFile, JudgeFault, Ruling
from engine.judge.program import Program

if TYPE_CHECKING:
    from engine.judge.durable_judge import DurableJudge

Answer = list[Ruling] | JudgeFault
"""What comes of a case file."""


class File(Protocol):
    """What is judged as one: nothing in it depends on another, so that a crash costs it alone."""

    @property
    def person(self) -> str:
        """Whose it is."""
        ...

    @property
    def period(self) -> str:
        """The study period."""
        ...

    @property
    def size(self) -> int:
        """How much there is to judge."""
        ...


Law = TypeVar("Law")
Given = TypeVar("Given", bound=File)
Found = TypeVar("Found")

Batch = Callable[[Law, Sequence[Given]], list[Found | JudgeFault]]
"""What a worker runs; it is sent by name."""

_BATCH_UNITS = 2_000
_ROUND_UNITS = 200_000
_main_lock = threading.Lock()
_main_users = 0
_main_hidden: tuple[object, object] = (None, None)
_compiled: list[tuple[str, DurableJudge]] = []


def judge_batch(program: Program, files: Sequence[CaseFile]) -> list[Answer]:
    """Give the answer on each of several case files, in this process; whatever goes wrong with one is its fault alone."""
    answers: list[Answer] = []
    for file in files:
        try:
            answers.append(_judge(program).judge(file))
        except JudgeFault as fault:
            _forget_judge()
            answers.append(JudgeFault(fault.reason, file.person, file.period))
        except Exception as error:  # noqa: BLE001  # any error means "no verdict" on this case file, and only on this one
            _forget_judge()
            answers.append(JudgeFault(f"{type(error).__name__}: {error}", file.person, file.period))
    return answers


def answers(program: Law, files: Sequence[Given], *, workers: int, batch: Batch[Law, Given, Found]) -> list[Found | JudgeFault]:
    """Give for every case file, in their order, its rulings or the fault for which it has none; the number of workers changes nothing."""
    if workers == 0:
        return batch(program, files)
    given: list[Found | JudgeFault] = []
    for part in _parts(files, _ROUND_UNITS):
        batches = list(_parts(part, _BATCH_UNITS))
        results = _together(program, batches, workers, batch)
        for place, result in enumerate(results):
            given.extend(_alone(program, batches[place], batch) if result is None else result)
    return given


def _judge(program: Program) -> DurableJudge:
    # Only a worker imports the engine: a crash must not take the audit with it.
    from engine.judge.durable_judge import DurableJudge

    key = program.key
    if not _compiled or _compiled[0][0] != key:
        _forget_judge()
        _compiled.append((key, DurableJudge(program)))
    return _compiled[0][1]


def _forget_judge() -> None:
    """Drop the compiled judge: after a fault nobody knows in what state the engine is."""
    while _compiled:
        _compiled.pop()[1].close()


def _together(
    program: Law, batches: Sequence[Sequence[Given]], workers: int, batch: Batch[Law, Given, Found]
) -> list[list[Found | JudgeFault] | None]:
    """The answers on each batch; None for those that a crash, of whichever, left without."""
    results: list[list[Found | JudgeFault] | None] = [None] * len(batches)
    with _pool(min(workers, len(batches))) as pool:
        try:
            futures = [pool.submit(batch, program, files) for files in batches]
        except BrokenProcessPool:
            return results
        for place, future in enumerate(futures):
            try:
                results[place] = future.result()
            except BrokenProcessPool:
                continue
    return results


def _alone(program: Law, files: Sequence[Given], batch: Batch[Law, Given, Found]) -> list[Found | JudgeFault]:
    """The answers after a crash whose cause nobody knows yet: halves in new processes, until the guilty case file stands alone."""
    result = _together(program, [files], 1, batch)[0]
    if result is not None:
        return result
    if len(files) == 1:
        return [JudgeFault("the rules engine crashed on this case file", files[0].person, files[0].period)]
    middle = len(files) // 2
    return [*_alone(program, files[:middle], batch), *_alone(program, files[middle:], batch)]


def _parts(files: Sequence[Given], units: int) -> Iterator[list[Given]]:
    """Runs of case files, each ending with the one that fills `units`; by size only, so that every number of workers gets the same."""
    part: list[Given] = []
    size = 0
    for file in files:
        part.append(file)
        size += file.size + 1
        if size >= units:
            yield part
            part, size = [], 0
    if part:
        yield part


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    with _light_main(), ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def _light_main() -> Iterator[None]:
    """Keep a spawned process from importing the command line again: it needs only this module, and starts in a fraction of the time.

    `__main__` belongs to the process, so threads that judge at the same time share one hiding; the last to leave shows it again.
    """
    global _main_users, _main_hidden  # noqa: PLW0603  # as wide as what it protects
    main = sys.modules["__main__"]
    with _main_lock:
        _main_users += 1
        if _main_users == 1:
            _main_hidden = (main.__dict__.pop("__file__", None), main.__spec__)
            main.__spec__ = None
    try:
        yield
    finally:
        with _main_lock:
            _main_users -= 1
            if _main_users == 0:
                file, spec = _main_hidden
                if file is not None:
                    main.__dict__["__file__"] = file
                main.__dict__["__spec__"] = spec
