"""Backups of a simulated year: made as often as the school's text wants, and left out some times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.injector import Injector
from ingest.simulator.terms import midnight

_BY = "a-01"


def backups(injector: Injector) -> None:
    """Make the backups that each school's text asks for, and break some of the intervals."""
    match injector.law.slug:
        case "school-7":
            _spaced(injector, "3.1#8b", "removable", 14, "violation")
            _daily(injector, "3.1#8a")
        case "rainbow":
            _spaced(injector, "4.2#6", "server", 7, "notice")
        case "lyceum-68":
            _rare(injector, "3.3.10#a")


def _days(injector: Injector) -> Iterator[date]:
    """From the first day of the year to the last of the summer."""
    day, last = injector.school.days.whole.starts, date(injector.school.days.year + 1, 8, 31)
    while day <= last:
        yield day
        day += DAY


def _daily(injector: Injector, clause: str) -> None:
    """Every day at night, weekends and summer included; one at the first and one in the last minute of a day."""
    random = injector.dice("backups")
    # A copy on removable media is a copy of its day.
    others = {item.at.date() for item in injector.extra if item.type == "backup.created"}
    days = [day for day in _days(injector) if day not in others]
    chosen = random.sample(days, injector.count + 2)
    missed, border = set(chosen[2:]), dict(zip(chosen[:2], (time(0, 0), time(23, 59)), strict=True))
    for day in days:
        if day in missed:
            tell_gap(injector, "backup.daily", clause, day, day, "missing", "violation")
        else:
            injector.add("backup.created", datetime.combine(day, border.get(day, time(1, 30))), _BY, medium="server")


def _spaced(injector: Injector, clause: str, medium: str, most: int, verdict: str) -> None:
    """With so many days between two at most; some gaps are longer, and after the last one nothing is made."""
    random, end = injector.dice(f"backups/{medium}"), date(injector.school.days.year + 1, 8, 31)
    day, gaps = injector.school.days.whole.starts, 0
    while True:
        broken = gaps % 5 == 3
        step = most + 1 + random.randrange(most // 2) if broken else random.choice([most - 2, most - 1, most, most])
        if day + timedelta(days=most) > end:
            break
        following = day + timedelta(days=step)
        if following > end:
            tell_gap(injector, f"backup.{medium}", clause, day, day + timedelta(days=most), "missing", verdict)
            break
        if broken:
            tell_gap(injector, f"backup.{medium}", clause, day, day + timedelta(days=most), "late", verdict)
        at = time(0, 10) if broken or random.random() < 0.5 else time(23, 50)
        injector.add("backup.created", datetime.combine(following, at), _BY, medium=medium)
        day, gaps = following, gaps + 1


def _rare(injector: Injector, clause: str) -> None:
    """At least once in a year; in years in which it is left out, the last backup was made before the year began."""
    whole = injector.school.days.whole
    if injector.parity:
        injector.add("backup.created", midnight(whole.starts) - timedelta(hours=1), _BY, medium="server")
        tell_gap(injector, "backup.rare", clause, whole.starts, whole.ends, "missing", "notice")
        return
    injector.add("backup.created", midnight(whole.ends) + timedelta(hours=23, minutes=59), _BY, medium="server")


def tell_gap(injector: Injector, kind: str, clause: str, first: date, last: date, status: str, verdict: str) -> None:
    """Say that nothing was done from a day on until the last day of its term."""
    injector.tell(
        f"{kind}.{status}", clause, None, status, due=midnight(last + DAY), verdict=verdict, responsible=_BY, date=first.isoformat()
    )
