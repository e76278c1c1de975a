"""What people did about findings, as tables: acts on findings, waivers, decisions, remarks with their terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ingest.journal import codes_of, day_numbers

if TYPE_CHECKING:
    from ingest.journal import Journal

_ACTS = {
    "notice.sent": ("notice", "actor"),
    "remark.issued": ("remark", "actor"),
    "explanation.given": ("explanation", "by"),
    "dispute.opened": ("dispute", "by"),
    "ruling.made": ("", "by"),
}
RULINGS = ("upheld", "excused", "withdrawn")
"""What a ruling says; the other acts are notice, remark, resolved (the remark), explanation, dispute."""


def acts(journal: Journal) -> pd.DataFrame:
    """Give every act on a finding, in the order of events: event, at (instant), finding (id), what, by, reason, document (texts)."""
    parts = [_acts(journal.table(kind), what, by) for kind, (what, by) in _ACTS.items()]
    parts.append(_resolved(journal))
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).sort_values(["event", "what"], ignore_index=True)


def _acts(table: pd.DataFrame, what: str, by: str) -> pd.DataFrame:
    table = table[(codes_of(table["finding"]) >= 0)]
    return pd.DataFrame(
        {
            "event": table["event"].to_numpy(),
            "at": table["time"].to_numpy(),
            "finding": _texts(table["finding"]),
            "what": np.full(len(table), what, dtype=object) if what else _texts(table["ruling"]),
            "by": _texts(table[by]),
            "reason": _first(table, "reason", "text"),
            "document": _first(table, "document"),
        }
    )


def _resolved(journal: Journal) -> pd.DataFrame:
    """Remarks about a finding that were met, as acts on the finding."""
    issued = journal.table("remark.issued")
    solved = journal.table("remark.resolved")
    finding = dict(zip(codes_of(issued["remark"]).tolist(), _texts(issued["finding"]).tolist(), strict=True))
    about = np.array([finding.get(code, "") for code in codes_of(solved["remark"]).tolist()], dtype=object)
    chosen = about != ""
    return pd.DataFrame(
        {
            "event": solved["event"].to_numpy()[chosen],
            "at": solved["time"].to_numpy()[chosen],
            "finding": about[chosen],
            "what": np.full(int(chosen.sum()), "resolved", dtype=object),
            "by": _texts(solved["actor"])[chosen],
            "reason": np.full(int(chosen.sum()), "", dtype=object),
            "document": np.full(int(chosen.sum()), "", dtype=object),
        }
    )


def waivers(journal: Journal) -> pd.DataFrame:
    """Give the waivers: event, id, scope, rule, clause, person, class, approver, reason (texts, "" none), starts, ends (days, inclusive).

    One that names no first day begins on the local day on which it was granted.
    """
    table = journal.table("waiver.granted")
    frame = pd.DataFrame({"event": table["event"].to_numpy(), "id": np.array(journal.log.ids(table["event"]), dtype=object)})
    for name in ("scope", "rule", "clause", "person", "class", "approver", "reason"):
        frame[name] = _texts(table[name])
    first = day_numbers(table["from"], -1)
    return frame.assign(
        starts=np.where(first < 0, journal.local_day(table["time"].to_numpy()), first), ends=day_numbers(table["expires"], -1)
    )


def decisions(journal: Journal) -> pd.DataFrame:
    """Give the decisions: event, id, at (instant), kind, person, by, order, period, amount, measure (texts, "" none), findings (tuple)."""
    table = journal.table("decision.made")
    frame = pd.DataFrame({"event": table["event"].to_numpy(), "id": np.array(journal.log.ids(table["event"]), dtype=object)})
    frame["at"] = table["time"].to_numpy()
    for name in ("kind", "person", "by", "order", "period", "amount", "measure"):
        frame[name] = _texts(table[name])
    lists = pd.Series([tuple(names or ()) for names in table["findings"]], dtype=object)
    return frame.assign(findings=lists.to_numpy())


def remark_findings(journal: Journal) -> dict[int, str]:
    """Give remark code → the id of the finding it is about, for the remarks that name one."""
    table = journal.table("remark.issued")
    pairs = zip(codes_of(table["remark"]).tolist(), _texts(table["finding"]).tolist(), strict=True)
    return {code: name for code, name in pairs if name}


def _texts(column: pd.Series) -> np.ndarray:
    names = np.append(np.asarray(column.cat.categories, dtype=object), "")
    return np.asarray(names[codes_of(column)], dtype=object)


def _first(table: pd.DataFrame, *names: str) -> np.ndarray:
    """The first of these columns that the table has, as texts."""
    found = next((name for name in names if name in table), None)
    return np.full(len(table), "", dtype=object) if found is None else _texts(table[found])
