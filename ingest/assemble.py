"""From checked batches to the event log: shared codes per domain, each identity once, canonical event numbers."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ingest.batch import EVIDENCE, Reject, Typed
from ingest.eventlog import Conflict, EventLog, Unknown, Version, content, identity_hashes
from ingest.vocabulary import columns

if TYPE_CHECKING:
    from ingest.fields import Column

_EVIDENCE = pd.CategoricalDtype(list(EVIDENCE))


@dataclass
class Codes:
    """Gives every text of a domain one code; the codes are in the order of the sorted texts."""

    words: dict[str, list[pa.Array]]

    def dtypes(self) -> dict[str, pd.CategoricalDtype]:
        """Give the categories of every domain, sorted."""
        return {domain: pd.CategoricalDtype(_union(arrays).to_pandas().astype("str")) for domain, arrays in self.words.items()}


def _union(arrays: list[pa.Array]) -> pa.Array:
    """The distinct texts of dictionary arrays, sorted."""
    dictionaries = pa.chunked_array([array.dictionary.cast(pa.string()) for array in arrays], type=pa.string())
    unique = dictionaries.unique().drop_null()
    return unique.take(pc.sort_indices(unique))


def _recoded(arrays: list[pa.Array], dtype: pd.CategoricalDtype) -> pd.Categorical:
    known = pa.array(dtype.categories, type=pa.string())
    parts = []
    for array in arrays:
        at = pc.index_in(array.dictionary.cast(pa.string()), value_set=known).to_numpy(zero_copy_only=False)
        indices = pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        parts.append(np.append(np.asarray(at, dtype=np.int64), -1)[indices])
    return pd.Categorical.from_codes(np.concatenate(parts), dtype=dtype)


def assemble(batches: Iterable[Typed], rejects: list[Reject], unknown: list[Unknown]) -> EventLog:
    """Give the log of all batches: identities that come twice are one event, or a conflict when their contents differ."""
    of_type: dict[str, list[Typed]] = defaultdict(list)
    for batch in batches:
        rejects.extend(batch.rejects)
        if len(batch.lines):
            of_type[batch.type].append(batch)
    words: dict[str, list[pa.Array]] = defaultdict(list)
    for event_type, parts in of_type.items():
        for column in columns(event_type):
            if column.kind == "id":
                words[column.domain].extend(_array(part.columns[column.name]) for part in parts)
        words["person"].extend(_array(part.columns["actor"]) for part in parts)
        words["person"].extend(_named_people(parts, event_type))
    words["~source"] = [_array(part.columns["source"]) for parts in of_type.values() for part in parts]
    dtypes = Codes(words).dtypes()
    tables, identities = {}, []
    for event_type in sorted(of_type):
        tables[event_type] = _table(event_type, of_type[event_type], dtypes)
        identities.append(_identities(event_type, of_type[event_type], dtypes["~source"], tables[event_type]))
    if not identities:
        empty = pd.DataFrame({"id": pd.Series(dtype="str"), "source": pd.Series(dtype="category"), "type": pd.Series(dtype="category")})
        empty["time"], empty["file"], empty["line"] = (
            pd.Series(dtype="datetime64[us]"),
            pd.Series(dtype="category"),
            pd.Series(dtype="int32"),
        )
        return EventLog(empty, {}, {}, rejects, [], 0, unknown)
    events = pd.concat(identities, ignore_index=True)
    for name in ("type", "file"):
        events[name] = events[name].astype("category")
    dropped, conflicts, duplicates = _repeated(events, tables)
    numbered = _numbered(events, tables, dropped)
    return EventLog(numbered, tables, dtypes, rejects, conflicts, duplicates, unknown)


def _array(column: object) -> pa.Array:
    assert isinstance(column, pa.Array)
    return column


def _named_people(parts: list[Typed], event_type: str) -> list[pa.Array]:
    """Ids inside lists of people belong to the domain of people too: a student may be named only there."""
    if event_type not in ("work.set", "exam.announced"):
        return []
    return [
        _array(part.columns["students"]).flatten().cast(pa.string()).dictionary_encode()
        for part in parts
        if _is_list(part.columns["students"])
    ]


def _is_list(column: object) -> bool:
    return isinstance(column, pa.Array) and pa.types.is_list(column.type)


def _table(event_type: str, parts: list[Typed], dtypes: dict[str, pd.CategoricalDtype]) -> pd.DataFrame:
    def stacked(name: str) -> npt.NDArray[np.generic]:
        return np.concatenate([np.asarray(part.columns[name]) for part in parts])

    table: dict[str, object] = {
        "time": stacked("time"),
        "notbefore": stacked("notbefore"),
        "evidence": pd.Categorical.from_codes(stacked("evidence").astype(np.int8), dtype=_EVIDENCE),
        "actor": _recoded([_array(part.columns["actor"]) for part in parts], dtypes["person"]),
    }
    for column in columns(event_type):
        table[column.name] = _values(column, parts, dtypes)
    return pd.DataFrame(table)


def _values(column: Column, parts: list[Typed], dtypes: dict[str, pd.CategoricalDtype]) -> object:
    if column.kind == "id":
        return _recoded([_array(part.columns[column.name]) for part in parts], dtypes[column.domain])
    if column.kind in ("date", "instant"):
        return np.concatenate([np.asarray(part.columns[column.name]) for part in parts])
    arrays = [_array(part.columns[column.name]) for part in parts]
    if column.kind == "list":
        lists = [None if items is None else tuple(str(item) for item in items) for array in arrays for items in array.to_pylist()]
        values = np.empty(len(lists), dtype=object)
        values[:] = lists
        return values
    wanted, dtype = (pa.bool_(), "boolean") if column.kind == "bool" else (pa.int64(), "Int64")
    chunked = pa.chunked_array([array.cast(wanted) for array in arrays], type=wanted)
    return pd.array(chunked.to_pandas(types_mapper=None).astype(object).where(lambda s: s.notna(), None), dtype=dtype)


def _identities(event_type: str, parts: list[Typed], sources: pd.CategoricalDtype, table: pd.DataFrame) -> pd.DataFrame:
    ids = pa.chunked_array([part.ids.cast(pa.string()) for part in parts], type=pa.string())
    return pd.DataFrame(
        {
            "id": ids.to_pandas().to_numpy(dtype=object),
            "source": _recoded([_array(part.columns["source"]) for part in parts], sources),
            "type": event_type,
            "file": np.repeat([part.file for part in parts], [len(part.lines) for part in parts]),
            "line": np.concatenate([part.lines for part in parts]),
            "time": table["time"].to_numpy(),
            "row": np.arange(len(table), dtype=np.int64),
        }
    )


def _repeated(events: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> tuple[npt.NDArray[np.int64], list[Conflict], int]:
    """Rows of `events` to drop because their identity stands elsewhere, the conflicts among them, and the number of plain repetitions."""
    events["hash"] = identity_hashes(events["id"], events["source"])
    same = events[events["hash"].duplicated(keep=False)]
    dropped: list[int] = []
    conflicts: list[Conflict] = []
    duplicates = 0
    for (source, name), group in same.groupby(["source", "id"], sort=True, observed=True):
        versions: dict[str, tuple[pd.Timestamp, int]] = {}
        for index, event in group.sort_values(["time", "file", "line"]).iterrows():
            digest = hashlib.sha256(content(tables, str(event["type"]), int(event["row"])).encode()).hexdigest()
            if digest in versions:
                duplicates += 1
                dropped.append(int(str(index)))
            else:
                versions[digest] = (event["time"], int(str(index)))
        ordered = sorted(versions.items(), key=lambda item: (item[1][0], item[0]))
        dropped.extend(index for _digest, (_time, index) in ordered[1:])
        if len(ordered) > 1:
            found = [_version(events, index, digest) for digest, (_time, index) in ordered]
            conflicts.append(Conflict(str(source), str(name), found[0], tuple(found[1:])))
    return np.array(sorted(dropped), dtype=np.int64), conflicts, duplicates


def _version(events: pd.DataFrame, index: int, digest: str) -> Version:
    file, line, time = (events[name].iloc[index] for name in ("file", "line", "time"))
    return Version(str(file), int(line), f"{pd.Timestamp(time).isoformat()}+00:00", digest)


def _numbered(events: pd.DataFrame, tables: dict[str, pd.DataFrame], dropped: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Number the events by time, then identity; put the numbers into the tables and sort these by them."""
    keep = np.ones(len(events), dtype=bool)
    keep[dropped] = False
    kept = events if keep.all() else events[keep]
    order = np.lexsort((kept["hash"].to_numpy(), kept["time"].to_numpy()))
    numbers = np.empty(len(kept), dtype=np.int32)
    numbers[order] = np.arange(len(kept), dtype=np.int32)
    for event_type, table in tables.items():
        mine = (kept["type"] == event_type).to_numpy()
        rows = kept["row"].to_numpy()[mine]
        number = numbers[mine]
        sequence = np.argsort(number, kind="stable")
        ordered = table.take(rows[sequence]).reset_index(drop=True)
        ordered.insert(0, "event", number[sequence])
        tables[event_type] = ordered
    numbered: pd.DataFrame = kept.take(order).reset_index(drop=True)
    return numbered[["id", "source", "type", "time", "file", "line"]].astype({"line": np.int32})
