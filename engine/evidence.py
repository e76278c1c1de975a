"""The events behind findings, as they stand in the log: what `zavuch explain` shows as a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ingest.eventlog import EventLog

Event = dict[str, str | int | bool | list[str] | None]
_ENVELOPE = ("event", "time", "notbefore", "evidence", "actor")


def event_rows(log: EventLog, numbers: Iterable[int], zone: ZoneInfo) -> dict[int, Event]:
    """Give event number → the event as a plain object: id, source, type, time (ISO, school's offset), actor and its data fields."""
    wanted = np.unique(np.fromiter(numbers, dtype=np.int64))
    rows: dict[int, Event] = {}
    types = log.events["type"].iloc[wanted].astype(str).to_numpy()
    for event_type in sorted(set(types.tolist())):
        table = log.table(event_type)
        here = wanted[types == event_type]
        found = table.iloc[np.searchsorted(table["event"].to_numpy(), here)]
        about = log.events.iloc[here]
        identities = zip(about["id"].tolist(), about["source"].tolist(), strict=True)
        for number, record, (name, source) in zip(here.tolist(), found.to_dict("records"), identities, strict=True):
            event: Event = {"id": str(name), "source": str(source), "type": event_type, "time": _iso(record["time"], zone)}
            event |= {field: _plain(record[field], zone) for field in _ENVELOPE[2:] if _given(record[field])}
            event |= {str(field): _plain(value, zone) for field, value in record.items() if field not in _ENVELOPE and _given(value)}
            rows[number] = event
    return rows


def timelines(log: EventLog, events: Mapping[str, list[int]], zone: ZoneInfo) -> dict[str, list[Event]]:
    """Give finding id → its events in the order of time."""
    rows = event_rows(log, (number for numbers in events.values() for number in numbers), zone)
    return {finding: [rows[number] for number in sorted(numbers)] for finding, numbers in events.items()}


def _given(value: object) -> bool:
    return isinstance(value, tuple) or not (value is None or pd.isna(value))  # type: ignore[call-overload]  # one cell of a table


def _plain(value: object, zone: ZoneInfo) -> str | int | bool | list[str]:
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() and value.unit == "s" else _iso(value, zone)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return str(value)


def _iso(instant: pd.Timestamp, zone: ZoneInfo) -> str:
    return instant.tz_localize("UTC").tz_convert(zone).isoformat()
