"""The event log: the accepted events of one school as typed tables, each event once, in an order that files cannot change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.batch import EVIDENCE
from ingest.vocabulary import columns, models
from ingest.wording import _

if TYPE_CHECKING:
    from ingest.batch import Reject

EVIDENCE_DTYPE = pd.CategoricalDtype(list(EVIDENCE))


@dataclass(frozen=True)
class Version:
    """One of several events that claim the same identity: where it stands, when it was made, and the hash of its content."""

    file: str
    line: int
    time: str
    content: str


@dataclass(frozen=True)
class Conflict:
    """The same `(source, id)` with different contents: the one that is kept, and the others."""

    source: str
    id: str
    kept: Version
    others: tuple[Version, ...]


@dataclass(frozen=True)
class Unknown:
    """Something outside the vocabulary, kept as it came: an event of an unknown type (`field` is ""), or an unknown field of an event."""

    file: str
    line: int
    source: str
    id: str
    type: str
    field: str
    json: str


@dataclass(frozen=True)
class EventLog:
    """Accepted events.

    `events`: index = event number, in the order of (time, identity); columns id (text), source, type, file (categorical), line (int32),
    time (datetime64[us], UTC). `tables`: per event type, sorted by `event`: event (int32), time, notbefore (datetime64[us], UTC, NaT),
    evidence (categorical), actor (categorical of domain person), then the data columns: ids and texts categorical of their domain, dates
    datetime64[s], instants datetime64[us] UTC, bool `boolean`, int `Int64`, lists tuples of text or None.
    """

    events: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    categories: Mapping[str, pd.CategoricalDtype]
    rejects: list[Reject] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    duplicates: int = 0
    unknown: list[Unknown] = field(default_factory=list)

    @property
    def unknown_types(self) -> dict[str, int]:
        """How many events of each unknown type were kept."""
        return _counts(item.type for item in self.unknown if not item.field)

    @property
    def unknown_fields(self) -> dict[str, int]:
        """How often each unknown field (`type.field`) came."""
        return _counts(f"{item.type}.{item.field}" for item in self.unknown if item.field)

    def dtype(self, domain: str) -> pd.CategoricalDtype:
        """Give the categories that all columns of a domain share, sorted; an empty one for a domain without ids."""
        return self.categories.get(domain, pd.CategoricalDtype(pd.Index([], dtype="str")))

    def table(self, event_type: str) -> pd.DataFrame:
        """Give the table of a type of the vocabulary, empty but well typed where the log has none; KeyError for another type."""
        found = self.tables.get(event_type)
        return found if found is not None else self._empty(event_type)

    def _empty(self, event_type: str) -> pd.DataFrame:
        instants = np.array([], dtype="datetime64[us]")
        table: dict[str, object] = {
            "event": np.array([], dtype=np.int32),
            "time": instants,
            "notbefore": instants,
            "evidence": pd.Categorical([], dtype=EVIDENCE_DTYPE),
            "actor": pd.Categorical([], dtype=self.dtype("person")),
        }
        for column in columns(event_type):
            kinds = {
                "instant": instants,
                "date": np.array([], dtype="datetime64[s]"),
                "bool": pd.array([], dtype="boolean"),
                "int": pd.array([], dtype="Int64"),
                "list": np.array([], dtype=object),
            }
            table[column.name] = kinds[column.kind] if column.kind in kinds else pd.Categorical([], dtype=self.dtype(column.domain))
        return pd.DataFrame(table)

    def ids(self, numbers: Iterable[int]) -> list[str]:
        """Give the ids of events by their numbers."""
        return [str(name) for name in self.events["id"].take(list(numbers))]

    def hash(self) -> str:
        """Give the sha256 of the event set: the same for the same events in any order, format or number of repetitions."""
        rows = [np.zeros(0, dtype=np.uint64)]
        for event_type in sorted(self.tables):
            rows.append(self._row_hashes(event_type))
        for item in self.unknown:
            rows.append(_text_hashes(pd.Index([f"{item.source}\x1f{item.id}\x1f{item.type}\x1f{item.field}\x1f{item.json}"])))
        return hashlib.sha256(np.sort(np.concatenate(rows)).tobytes()).hexdigest()

    def _row_hashes(self, event_type: str) -> npt.NDArray[np.uint64]:
        table = self.tables[event_type]
        events = table["event"].to_numpy()
        hashes = self._identity_hashes[events] ^ _text_hashes(pd.Index([event_type]))[0]
        for name in table.columns:
            if name != "event":
                hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + _column_hashes(table[name])
        return np.asarray(hashes, dtype=np.uint64)

    @cached_property
    def _identity_hashes(self) -> npt.NDArray[np.uint64]:
        return identity_hashes(self.events["id"], self.events["source"])


def identity_hashes(ids: pd.Series, sources: pd.Series) -> npt.NDArray[np.uint64]:
    """Give a 64-bit hash of each `(source, id)`."""
    of_source = _text_hashes(sources.cat.categories)
    return _text_hashes(pd.Index(ids)) * np.uint64(31) + of_source[sources.cat.codes.to_numpy()]


def _text_hashes(texts: pd.Index) -> npt.NDArray[np.uint64]:
    return np.asarray(pd.util.hash_array(np.asarray(texts, dtype=object), categorize=False), dtype=np.uint64)


def _column_hashes(column: pd.Series) -> npt.NDArray[np.uint64]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        known = _text_hashes(column.cat.categories)
        return np.asarray(np.append(known, np.uint64(7))[column.cat.codes.to_numpy()], dtype=np.uint64)
    if column.dtype == object:
        return _text_hashes(pd.Index(["" if value is None else "\x1e".join(value) for value in column]))
    if column.dtype.kind == "M":
        return np.asarray(column.to_numpy().view(np.int64).astype(np.uint64), dtype=np.uint64)
    return np.asarray(column.astype("float64").fillna(-1.0).to_numpy().view(np.uint64))


def _counts(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def content(log_tables: Mapping[str, pd.DataFrame], event_type: str, row: int) -> str:
    """Give the canonical text of an event's content: type, time, actor and data, the same whatever file format it came in."""
    record = log_tables[event_type].iloc[row]
    fields = {str(name): ("" if _missing(value) else str(value)) for name, value in record.items() if name != "event"}
    return json.dumps({"type": event_type, **fields}, ensure_ascii=False, sort_keys=True)


def _missing(value: object) -> bool:
    return value is None or (not isinstance(value, tuple) and bool(pd.isna(value)))  # type: ignore[call-overload]  # one cell


def reject_lines(log: EventLog) -> list[dict[str, str | int | None]]:
    """Give the objects for `rejects.jsonl`: lines that are no events, and conflicting versions that were set aside."""
    lines: list[dict[str, str | int | None]] = [
        {"file": item.file, "line": item.line, "id": item.id, "reason": item.reason, "excerpt": item.excerpt} for item in log.rejects
    ]
    for conflict in log.conflicts:
        for other in conflict.others:
            reason = _("то же событие ({source}, {id}) уже есть с другим содержанием в {file}:{line}; оставлено более раннее").format(
                source=conflict.source, id=conflict.id, file=conflict.kept.file, line=conflict.kept.line
            )
            lines.append({"file": other.file, "line": other.line, "id": conflict.id, "reason": reason, "excerpt": other.time})
    return lines


def known_type(event_type: str) -> bool:
    """Tell whether an event type belongs to the vocabulary."""
    return event_type in models()
