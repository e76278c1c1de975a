"""What no event shows is confirmed by people: every year or study period, each clause by who answers for it; some confirm late or never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal

from ingest.simulator.days import DAY, Term
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.terms import midnight

_FATES = ("missing", "late", "border", "ahead")


@dataclass(frozen=True)
class Confirmed:
    """Clauses that one person confirms, at the latest so many days after the year (or each study period) ends."""

    by: str
    every: Literal["year", "period"]
    clauses: str
    grace: int = 14
    answers: bool = True
    """Whether one person is known to answer; not where several hold the role."""


_ALL: Mapping[str, Sequence[Confirmed]] = {
    "lyceum-68": (
        Confirmed("a-01", "year", "3.3.1 3.3.2 3.3.3 3.3.5 3.3.6 3.3.7 3.3.8#a 3.3.8#b 3.3.10#b 3.4.3 4.2.3 4.2.5#a 6.4#b"),
        Confirmed("h-01", "year", "3.5.8 3.5.9 3.5.11 3.5.12 3.10.4", answers=False),
        Confirmed("d-01", "year", "3.7.1 3.7.5#a 3.7.5#b 3.7.6 3.7.7 3.7.8#a 3.7.8#b 6.2#c"),
        Confirmed("dir-01", "year", "3.9.3 3.9.4 3.9.6 3.9.7 6.2#b 6.3#b"),
    ),
    "pestravka": (
        Confirmed("dir-01", "year", "1.10#2 3.5#1 3.5#2 3.5#3 3.5#5"),
        Confirmed("d-01", "year", "2.9 2.14#e 3.3#17 3.4#4"),
        Confirmed("d-01", "period", "2.13#c 3.4#2a"),
        Confirmed("a-01", "year", "3.1#2 3.1#8 3.1#9 3.4#1"),
        Confirmed("d-01", "year", "3.2#18", grace=40),
        Confirmed("dir-01", "year", "4.4#d 4.9#b 4.10", grace=100),
        Confirmed("a-01", "year", "4.5#a 4.5#c A3", grace=100),
        Confirmed("d-01", "year", "4.8#b 4.8#c 4.8#d 4.8#e 4.8#f", grace=100),
        Confirmed("sec-01", "year", "4.9#a", grace=100),
    ),
    "rainbow": (
        Confirmed("dir-01", "year", "2.5#a 2.5#c 2.5#d 4.1#1 4.1#2 6.5#a 6.5#b 6.5#c A2"),
        Confirmed("d-01", "year", "3.2.2 3.3.3#b"),
        Confirmed("a-01", "year", "4.2#1 4.2#3"),
    ),
    "school-7": (
        Confirmed("a-01", "year", "2.1.1 2.1.4 3.1#1 3.1#2 3.1#3 3.1#4 3.1#6 3.1#9"),
        Confirmed("sec-01", "year", "3.3#3"),
        Confirmed("h-01", "year", "3.4.6 3.4.8 3.4.9 3.4.11", answers=False),
        Confirmed("a-01", "year", "3.6.1 3.6.2", answers=False),
        Confirmed("d-01", "year", "3.7.1 3.7.2#f 3.7.2#g 3.7.2#i"),
        Confirmed("dir-01", "year", "3.8.1"),
    ),
    "sgo-school": (
        Confirmed("dir-01", "year", "3.6#1 3.11 3.12 4.director#1 4.director#2 4.director#3"),
        Confirmed("d-01", "year", "3.13 4.deputy#1 4.deputy#3"),
        Confirmed("d-01", "period", "3.17#b 4.deputy#4 5.2.deputy#3"),
        Confirmed("a-01", "year", "4.administrator#1a 4.administrator#1b 4.administrator#2 5.1#2"),
        Confirmed("hr-01", "year", "4.hr#2 4.hr#4"),
        Confirmed("h-01", "year", "4.homeroom#8", answers=False),
    ),
}


def attestations(injector: Injector) -> None:
    """Confirm every clause for every interval, a few too late, never, in the last minute, or long before."""
    random, days = injector.dice("attestations"), injector.school.days
    end = midnight(days.whole.ends.replace(month=9, day=1))
    cells = [
        (row, clause, term)
        for row in _ALL[injector.law.slug]
        for clause in row.clauses.split()
        for term in (days.quarters if row.every == "period" else (days.whole,))
    ]
    due = [place for place, (row, _clause, term) in enumerate(cells) if midnight(term.ends + (row.grace + 1) * DAY) <= end]
    chosen = dict(zip(random.sample(due, min(len(due), injector.count)), _FATES * injector.count, strict=False))
    for place, (row, clause, term) in enumerate(cells):
        _confirm(injector, row, clause, term, chosen.get(place, "kept"), random)


def _confirm(injector: Injector, row: Confirmed, clause: str, term: Term, fate: str, random: Random) -> None:
    limit = midnight(term.ends + (row.grace + 1) * DAY)
    moments = {
        "late": limit + 9 * HOUR,
        "border": limit - timedelta(minutes=1),
        "ahead": midnight(injector.school.days.whole.starts) - 3 * DAY,
        "kept": midnight(term.ends - random.randrange(20) * DAY) + 12 * HOUR,
    }
    if fate in moments:
        # What is said after the term or before it names the days of which it speaks: else it is of the days on which it is said.
        named: dict[str, object] = {} if fate == "kept" else {"from": str(term.starts), "to": str(term.ends)}
        injector.add("attestation.given", moments[fate], row.by, clause=clause, by=row.by, **named)
    if fate in ("late", "missing"):
        injector.tell(
            f"attestation.{fate}", clause, None, fate, due=limit, verdict="review", responsible=row.by if row.answers else None,
            date=term.starts.isoformat(),
        )  # fmt: skip
