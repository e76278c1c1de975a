"""Progress on the terminal: a bar while reading, the stage's name after it; nothing where there is no terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from ingest.wording import _

STAGES = {
    "reading": _("Чтение журнала"),
    "journal": _("Журнал на дату проверки"),
    "cases": _("Обязанности и сроки"),
    "judge": _("Судья"),
    "findings": _("Выводы"),
    "conclusions": _("Что из них следует"),
    "write": _("Запись результатов"),
}


class Stages:
    """Shows the stages of an audit on stderr when it is a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        """Show nothing when `quiet` or when stderr is no terminal."""
        self._bar = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            console = Console(stderr=True)
            self._bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True)
            self._task = self._bar.add_task(STAGES["reading"], total=len(STAGES))

    def __enter__(self) -> Self:
        """Start the display."""
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop the display, also after an error."""
        if self._bar:
            self._bar.stop()

    def begin(self, stage: str) -> None:
        """Say that a stage has begun."""
        if self._bar:
            self._bar.update(self._task, description=STAGES[stage], completed=list(STAGES).index(stage))

    def reading(self, done: int, total: int) -> None:
        """Say how many of the input's bytes have been read."""
        if self._bar and total:
            self._bar.update(self._task, completed=done / total)
