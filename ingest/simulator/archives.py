"""The archive of a simulated year: journals checked, exported, printed, bound class by class; the year closed; old ones destroyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from ingest.simulator.days import DAY
from ingest.simulator.injector import HOUR, Injector
from ingest.simulator.school import Class_
from ingest.simulator.terms import midnight
from ingest.simulator.years import label

_MINUTE = timedelta(minutes=1)
_KEPT, _BORDER = "kept", "border"


def archives(injector: Injector) -> None:
    """Archive the journals of all classes, and break some of every step."""
    {
        "lyceum-68": _lyceum,
        "pestravka": _pestravka,
        "rainbow": _rainbow,
        "school-7": _school_7,
        "sgo-school": _sgo_school,
    }.get(injector.law.slug, lambda _injector: None)(injector)


class _Archivist:
    """Writes the archive's events of one class, and tells what must follow."""

    def __init__(self, injector: Injector, item: Class_, document: str = "journal") -> None:
        self.injector, self.item, self._document = injector, item, document
        self._year = label(injector.school.days.year)

    def add(self, act: str, at: datetime, by: str, **more: object) -> None:
        self.injector.add(f"archive.{act}", at, by, class_=self.item.name, school_year=self._year, document=self._document, **more)

    def tell(self, kind: str, clause: str, status: str, due: datetime | None, by: str, verdict: str = "violation") -> None:
        self.injector.tell(
            f"archive.{kind}", clause, None, status, due=due, verdict=verdict, responsible=by, class_=self.item.name, object=self._year
        )


def _fates(injector: Injector, kinds: tuple[str, ...], wanted: Callable[[Class_], bool] = lambda _item: True) -> dict[str, str]:
    """What becomes of each class: every kind once in a small school, of four classes one in a large one; the others are kept."""
    classes = [item.name for item in injector.school.classes if wanted(item)]
    random = injector.dice("archives/" + "/".join(kinds))
    random.shuffle(classes)
    rounds = max(1, len(classes) // (2 * len(kinds)))
    return {name: kinds[place % len(kinds)] for place, name in enumerate(classes[: rounds * len(kinds)])}


def _june(injector: Injector, month: int = 6, day: int = 30) -> tuple[datetime, datetime]:
    """A usual hour some days before a date of the year in which the school year ends, and the first instant after that date."""
    last = date(injector.school.days.year + 1, month, day)
    return midnight(last) - 5 * DAY + 11 * HOUR, midnight(last + DAY)


def _moment(fate: str, usual: datetime, due: datetime) -> datetime:
    return {"late": due + 9 * HOUR, _BORDER: due - _MINUTE}.get(fate, usual)


# ---- lyceum 68: printed and bound, summaries printed, exported as PDF ----------------------------------------------------------------


def _lyceum(injector: Injector) -> None:
    usual, due = _june(injector)
    bound = _fates(injector, ("late", _BORDER, "missing"))
    summary = _fates(injector, ("missing", _BORDER, "late"), lambda item: item.grade > 1)
    exported = _fates(injector, ("late", _BORDER, "missing", "format"))
    for item in injector.school.classes:
        fate = bound.get(item.name, _KEPT)
        journal = _Archivist(injector, item)
        if fate != "missing" or not injector.parity:
            journal.add("printed", usual - 3 * DAY, "sec-01", pages=120)
        if fate != "missing":
            journal.add("bound", _moment(fate, usual, due), "sec-01", pages=120)
        if fate in ("late", "missing"):
            journal.tell(f"bound.{fate}", "6.2#a", fate, due, "d-01")
        _print_summary(injector, item, summary.get(item.name, _KEPT), usual, due)
        fate = exported.get(item.name, _KEPT)
        if fate != "missing":
            journal.add("exported", _moment(fate, usual, due), "a-01", format="xlsx" if fate == "format" else "pdf")
        if fate in ("late", "missing", "format"):
            journal.tell(f"exported.{fate}", "6.4#a", "mismatch" if fate == "format" else fate, due, "a-01", "notice")
    _close(injector, "3.4.9#a", due + 9 * DAY)
    _destroyed(injector, "journal", 5, early="6.2#d", by="sec-01")
    _destroyed(injector, "summary", 75, early="6.3#c", by="dir-01")


def _print_summary(injector: Injector, item: Class_, fate: str, usual: datetime, due: datetime) -> None:
    summary = _Archivist(injector, item, "summary")
    if item.grade == 1:
        return
    if fate != "missing":
        summary.add("printed", _moment(fate, usual, due), "sec-01", pages=4)
    if fate in ("late", "missing"):
        summary.tell(f"summary.{fate}", "6.3#a", fate, due, "d-01")


def _close(injector: Injector, clause: str, at: datetime) -> None:
    """Close the year; in years of odd seeds something that had to come before is lacking, or comes later."""
    year = label(injector.school.days.year)
    injector.add("year.closed", at, "a-01", school_year=year)
    if injector.parity:
        injector.tell("year.closed", clause, None, "out_of_order", due=None, verdict="notice", responsible="a-01", object=year)


# ---- pestravka: checked, exported in two copies, the summary printed at once ---------------------------------------------------------


def _pestravka(injector: Injector) -> None:
    graduates = {"4.4#b": (9, 11), "4.4#a": (1, 2, 3, 4, 5, 6, 7, 8, 10)}
    lost = "missing" if injector.parity else "late"
    fates = _fates(injector, ("late", "unchecked", "signature", "checker", lost), lambda item: item.grade not in graduates["4.4#b"])
    fates |= _fates(injector, ("late", _BORDER, "too_soon"), lambda item: item.grade in graduates["4.4#b"])

    def plain(item: Class_) -> bool:
        return fates.get(item.name, _KEPT) not in ("unchecked", "too_soon")

    summaries = _fates(injector, ("late", "missing", "early", _BORDER), plain)
    for item in injector.school.classes:
        clause = next(clause for clause, grades in graduates.items() if item.grade in grades)
        usual, due = _june(injector, 8, 25) if clause == "4.4#b" else _june(injector)
        checked = midnight(injector.school.days.rolled(usual.date())) - 7 * DAY + 14 * HOUR
        checked = midnight(injector.school.days.rolled(checked.date())) + 14 * HOUR
        fate = fates.get(item.name, _KEPT)
        _export_twice(injector, item, fate, clause, checked, _moment(fate, usual, due), due)
        if fate == "too_soon":
            _print_after_check(injector, item, _KEPT, _moment(fate, usual, due) + DAY)
        if plain(item):
            _print_after_check(injector, item, summaries.get(item.name, _KEPT), checked)
    closed = datetime(injector.school.days.year + 1, 8, 20 if injector.parity else 31, 12)  # noqa: DTZ001  -- local, like all here
    _close(injector, "3.1#5a", closed)
    _destroyed(injector, "journal", 5, early="4.6#a", by="dir-01", unpapered="4.6#b")


def _export_twice(injector: Injector, item: Class_, fate: str, clause: str, checked: datetime, at: datetime, due: datetime) -> None:
    journal = _Archivist(injector, item)
    if fate != "unchecked":
        journal.add("checked", checked if fate != "too_soon" else at + DAY, "sec-01" if fate == "checker" else item.homeroom)
    if fate != "missing":
        journal.add("exported", at, "a-01", format="pdf", copy="main", signed=fate != "signature")
        journal.add(
            "exported", at + 5 * _MINUTE if fate != _BORDER else at, "a-01", format="pdf", copy="working", signed=fate == "signature"
        )
    if fate in ("late", "missing"):
        journal.tell(f"exported.{fate}", clause, fate, due, "a-01")
    if fate in ("unchecked", "too_soon", "checker"):
        journal.tell(f"exported.{fate}", "4.4#c", "out_of_order", None, "a-01", "review" if fate == "checker" else "violation")
    if fate == "signature":
        journal.tell("exported.unsigned", "4.5#b", "mismatch", None, "a-01")
        journal.tell("exported.signed", "4.5#b", "mismatch", None, "a-01")


def _print_after_check(injector: Injector, item: Class_, fate: str, checked: datetime) -> None:
    """The summary is printed on the day of the check."""
    summary, due = _Archivist(injector, item, "summary"), midnight(checked.date() + DAY)
    opens = checked
    moments = {"late": due + 9 * HOUR, "early": checked - HOUR, _BORDER: due - _MINUTE, _KEPT: checked + HOUR}
    if fate in moments:
        summary.add("printed", moments[fate], item.homeroom)
    if fate in ("late", "missing", "early"):
        summary.tell(f"summary.{fate}", "4.8#a", fate, opens if fate == "early" else due, item.homeroom, "notice")


# ---- rainbow: exported in an open format; school 7: printed --------------------------------------------------------------------------


def _rainbow(injector: Injector) -> None:
    usual, due = _june(injector)
    fates = _fates(injector, ("late", "missing", "format", "both", _BORDER))
    for item in injector.school.classes:
        fate, journal = fates.get(item.name, _KEPT), _Archivist(injector, item)
        if fate in ("format", "both"):
            journal.add("exported", usual - HOUR, "a-01", format="bak")
        if fate not in ("format", "missing"):
            journal.add("exported", _moment(fate, usual, due), "a-01", format="html")
        if fate in ("late", "missing"):
            journal.tell(f"exported.{fate}", "6.4", fate, due, "a-01", "notice")
        if fate == "format":
            journal.tell("exported.format", "6.5#d", "mismatch", None, "a-01")


def _school_7(injector: Injector) -> None:
    usual, due = _june(injector, 8, 31)
    fates = _fates(injector, ("late", "missing", _BORDER))
    for item in injector.school.classes:
        fate, journal = fates.get(item.name, _KEPT), _Archivist(injector, item)
        at = {"late": due + HOUR, _BORDER: due - _MINUTE}.get(fate, usual)
        if fate != "missing":
            journal.add("printed", at, "sec-01", pages=120)
        if fate in ("late", "missing"):
            journal.tell(f"printed.{fate}", "4.2#a", fate, due, "dir-01", "notice")
    _destroyed(injector, "journal", 5, early="4.2#b", by="dir-01")
    _destroyed(injector, "summary", 80, early="4.2#d", by="dir-01")
    _deposits(injector)


def _sgo_school(injector: Injector) -> None:
    """Nothing is archived by its text; the year is closed when its marks stand."""
    last = injector.school.days.whole.ends
    _close(injector, "4.administrator#3", midnight(last) + (12 * HOUR if injector.parity else 8 * DAY))


# ---- former years --------------------------------------------------------------------------------------------------------------------


def _destroyed(injector: Injector, document: str, years: int, *, early: str, by: str, unpapered: str = "") -> None:
    """Old documents are destroyed by an act: when their years are over, a minute before, a year before, and without the act."""
    year = injector.school.days.year
    oldest = year - years - 1
    over = datetime(year + 1, 1, 1)  # noqa: DTZ001  -- local, like all here
    cases = [("9А", oldest, over, True), ("9Б", oldest, over - _MINUTE, True), ("9В", oldest + 1, over + 40 * DAY, True)]
    if unpapered:
        cases += [("9Г", oldest, over + 40 * DAY, False), ("11А", oldest + 1, over + 40 * DAY, False)]
    for class_, begun, at, paper in cases:
        papers = {"act": "А-1"} if paper else {}
        injector.add("archive.destroyed", at, by, class_=class_, school_year=label(begun), document=document, **papers)
        lawful = datetime(begun + 2 + years, 1, 1)  # noqa: DTZ001  -- as above
        if at < lawful:
            injector.tell(
                f"destroyed.{document}.early", early, None, "early", due=lawful, responsible=by, class_=class_, object=label(begun)
            )
        elif not paper:
            injector.tell("destroyed.unpapered", unpapered, None, "missing", due=at, responsible=by, class_=class_, object=label(begun))


def _deposits(injector: Injector) -> None:
    """Of journals whose first five years are over the pages with period marks go to the archive before the rest is destroyed."""
    year = injector.school.days.year
    begun, at = year - 6, datetime(year + 1, 2, 3, 12)  # noqa: DTZ001  -- local, like all here
    for class_, deposited in (("5Я", True), ("6Я", False)):
        opening = midnight(injector.school.days.whole.starts - 5 * DAY) + 9 * HOUR
        about: dict[str, object] = {"class": class_, "school_year": label(begun)}
        injector.add("class.formed", opening, "a-01", **about, grade=int(class_[0]))
        if deposited:
            injector.add("archive.deposited", at - HOUR, "sec-01", **about, document="summary")
        injector.add("archive.destroyed", at, "dir-01", **about, document="journal", act="А-2")
        if not deposited:
            injector.tell(
                "destroyed.undeposited", "4.2#c", None, "missing", due=at, responsible="dir-01", class_=class_, object=label(begun)
            )
