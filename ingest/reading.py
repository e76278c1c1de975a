"""Reading a school's export: files and folders of events in any of the formats → one event log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from ingest.assemble import assemble
from ingest.batch import Batch, Reject, Typed, typed
from ingest.columnar import read_csv, read_parquet
from ingest.errors import UserError, reason_of
from ingest.eventlog import EventLog, Unknown
from ingest.jsonl import read_jsonl
from ingest.wording import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Progress = Callable[[int, int], None]
"""Told how many bytes of how many have been read."""

SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".csv", ".parquet")


def read_log(paths: Sequence[Path], zone: ZoneInfo, *, school: str | None = None, progress: Progress | None = None) -> EventLog:
    """Give the log of all events in `paths` (files, or folders read through in order of name).

    Lines that are no events become rejects. Raises UserError when a file is missing or unreadable, when there is not one event in all,
    and when events name another school than `school`, or several.
    """
    files = [file for path in paths for file in _files(path)]
    total = sum(file.stat().st_size for file in files)
    done = 0

    def heard(size: int) -> None:
        nonlocal done
        done += size
        if progress:
            progress(min(done, total), total)

    rejects: list[Reject] = []
    unknown: list[Unknown] = []
    batches = [typed(batch, zone) for file in files for batch in _read(file, rejects, unknown, heard)]
    _one_school(batches, school)
    if not any(len(batch.lines) for batch in batches):
        rejects.extend(reject for batch in batches for reject in batch.rejects)
        raise UserError(_nothing(files, rejects, unknown))
    return assemble(batches, rejects, unknown)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(
            file for file in path.rglob("*") if file.is_file() and file.name.endswith(SUFFIXES) and not file.name.startswith(".")
        )
        if not found:
            raise UserError(_("В папке {path} нет файлов с событиями ({suffixes}).").format(path=path, suffixes=", ".join(SUFFIXES)))
        return found
    if not path.exists():
        raise UserError(_("Файла {path} нет. Проверьте путь к выгрузке журнала.").format(path=path))
    return [path]


def _read(path: Path, rejects: list[Reject], unknown: list[Unknown], heard: Callable[[int], None]) -> Iterator[Batch]:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise UserError(_("Файл {path} не открывается: {reason}").format(path=path, reason=reason_of(error))) from error
    if not head:
        return iter(())
    if head == b"PAR1" or path.suffix == ".parquet":
        return read_parquet(path, rejects, unknown, heard)
    if path.suffix == ".csv":
        return read_csv(path, rejects, unknown, heard)
    return read_jsonl(path, rejects, unknown, heard)


def _one_school(batches: Sequence[Typed], expected: str | None) -> None:
    named: set[str] = set()
    for batch in batches:
        if batch.school.null_count < len(batch.school):
            named |= {str(name) for name in batch.school.cast(pa.string()).unique().to_pylist() if name}
    if len(named) > 1:
        raise UserError(
            _("В выгрузке события разных школ: {schools}. Журналы проверяются по одному.").format(schools=", ".join(sorted(named)))
        )
    if expected and named - {expected}:
        raise UserError(
            _("В выгрузке события школы {found}, а проверяется {expected}. Укажите --school {found}.").format(
                found=min(named), expected=expected
            )
        )


def _nothing(files: Sequence[Path], rejects: Sequence[Reject], unknown: Sequence[Unknown]) -> str:
    names = ", ".join(str(file) for file in files)
    if not rejects and not unknown:
        return _("Во входных файлах нет ни одного события: {files} — пусто.").format(files=names)
    if not rejects:
        return _("В {files} только события неизвестных видов ({n}): проверять нечего.").format(files=names, n=len(unknown))
    first = rejects[0]
    return _("В {files} нет ни одного события журнала. {file}, строка {line}: {reason}").format(
        files=names, file=first.file, line=first.line, reason=first.reason
    )
