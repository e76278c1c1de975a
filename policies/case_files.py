"""Cases beside a school's policy: situations written down in a few lines, with the findings that must follow from them.

`schools/<school>/cases/*.yaml`; the notation of events is that of `policies.case_notation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field

from ingest.wording import _
from policies import case_notation
from policies.case_notation import Data, NotationError
from policies.modelling import Reader
from policies.positions import Document, Path_, PolicyError, Problem, read_document
from rules.norm import Strict


class Class_(Strict):
    """A class of a case: its grade, homeroom teacher and students, who belong to it from a day on."""

    grade: int = Field(ge=1, le=11, description="Параллель")
    homeroom: str | None = Field(default=None, description="Классный руководитель")
    students: tuple[str, ...] = Field(default=(), description="Ученики")
    from_: str | None = Field(default=None, alias="from", description="С какого дня они в классе; обычно с 1 сентября")


class Story(Strict):
    """What happened: people and classes in short, lessons and events a line each."""

    opened: str | None = Field(default=None, description="Когда внесено исходное; обычно 25 августа в 10:00")
    people: dict[str, str | tuple[str, ...]] = Field(default={}, description="Человек: роль или роли")
    classes: dict[str, Class_] = Field(default={}, description="Классы")
    parents: dict[str, str | tuple[str, ...]] = Field(default={}, description="Родитель: ученик или ученики")
    periods: dict[str, str] = Field(default={}, description="Период: первый и последний день, вид (quarter, если не сказано)")
    lessons: str = Field(default="", description="Уроки, по одному в строке")
    events: str = Field(default="", description="События, по одному в строке")


class Expected(Strict):
    """A finding that must be found; only what is written is compared, `verdict` is violation unless said otherwise."""

    rule: str = Field(description="Правило")
    verdict: str = Field(default="violation", description="Вывод")
    status: str | None = None
    responsible: str | None = None
    role: str | None = None
    class_: str | None = Field(default=None, alias="class")
    group: str | None = None
    subject: str | None = None
    lesson: str | None = None
    work: str | None = None
    students: tuple[str, ...] | None = None
    period: str | None = None
    date: str | None = None
    object: str | None = None
    due_at: str | None = Field(default=None, description="Срок по часам школы, например 13.11.2024 14:25")
    done_at: str | None = Field(default=None, description="Сделано, по часам школы")
    clause: str | None = Field(default=None, description="Пункт, названный в выводе первым или среди прочих")
    also: tuple[str, ...] = Field(default=(), description="Правила, нарушенные тем же действием: их пункты названы в этом выводе")


class Written(Story):
    """A case as it is written."""

    name: str = Field(min_length=10, description="Что показывает случай, предложением")
    as_of: str = Field(description="На какой момент проверять")
    findings: tuple[Expected, ...] = Field(default=(), description="Что должно быть найдено по этим правилам, и ничего больше")
    kept: tuple[str, ...] = Field(default=(), description="Правила, которые здесь соблюдены: вывода по ним быть не должно")


class File(Strict):
    """A file of cases; what stands beside `cases` belongs to each of them."""

    background: Story = Field(default=Story(), description="Общее для всех случаев файла")
    cases: tuple[Written, ...] = Field(min_length=1, description="Случаи")


@dataclass(frozen=True)
class Case:
    """A case ready to run: its events, and what must be found at `as_of` (ISO text by the school's clock) under the rules it is about."""

    file: str
    line: int
    name: str
    as_of: str
    events: tuple[Data, ...]
    expected: tuple[Expected, ...]
    kept: tuple[str, ...]

    @property
    def rules(self) -> frozenset[str]:
        """The rules the case is about."""
        return frozenset(self.kept) | self.broken

    @property
    def broken(self) -> frozenset[str]:
        """The rules that are broken in the case, those included for which another rule's finding speaks."""
        return frozenset(rule for item in self.expected for rule in (item.rule, *item.also))


def load_cases(folder: Path, root: Path) -> list[Case]:
    """Give the cases of a school's folder in the order of files and lines; raises PolicyError with every problem in them."""
    problems: list[Problem] = []
    found: list[Case] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        shown = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
        try:
            document = read_document(path, shown)
        except PolicyError as error:
            problems.extend(error.problems)
            continue
        reader = Reader(list(document.problems))
        file = reader.model(File, document, document.data, ())
        if file is not None:
            found.extend(_Builder(document, reader.problems).case(file, place) for place in range(len(file.cases)))
        problems.extend(reader.problems)
    names: dict[str, Case] = {}
    for case in found:
        if case.name in names:
            message = _("случай с таким именем уже есть: {file}:{line}").format(file=names[case.name].file, line=names[case.name].line)
            problems.append(Problem(case.file, case.line, 1, message))
        names.setdefault(case.name, case)
    if problems:
        raise PolicyError(problems)
    return found


class _Builder:
    """Turns written cases into events; what cannot be read becomes a problem with its line."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self._document = document
        self._problems = problems

    def case(self, file: File, place: int) -> Case:
        """Give a case with its background."""
        case, path = file.cases[place], ("cases", place)
        as_of = self._read(case_notation.instant, case.as_of if ":" in case.as_of else f"{case.as_of} 00:00", (*path, "as_of"))
        moment = date.fromisoformat(as_of[:10]) if as_of else date(2000, 9, 1)
        events: list[Data] = []
        for story, at in ((file.background, ("background",)), (case, path)):
            events.extend(self._story(story, at, moment))
        named = [
            {"specversion": "1.0", "source": "case", "id": f"e-{number:03}"} | made if "id" not in made else {"source": "case"} | made
            for number, made in enumerate(events, 1)
        ]
        line = self._document.values[path][0]
        return Case(self._document.path, line, case.name, as_of or "", tuple(named), case.findings, case.kept)

    def _story(self, story: Story, path: Path_, as_of: date) -> list[Data]:
        year = as_of.year if (as_of.month, as_of.day) >= (8, 26) else as_of.year - 1
        opened = f"{year}-08-25T10:00:00"
        if story.opened is not None:
            opened = self._read(case_notation.instant, story.opened, (*path, "opened")) or opened
        events = list(self._given(story, path, opened, date(year, 9, 1)))
        for text, at, line in self._lines(story.lessons, (*path, "lessons")):
            data = self._read_line(case_notation.lesson, text, at, line)
            events += [_event("lesson.scheduled", opened, data)] if data else []
        for text, at, line in self._lines(story.events, (*path, "events")):
            made = self._read_line(case_notation.event, text, at, line)
            events += [made] if made else []
        return events

    def _given(self, story: Story, path: Path_, opened: str, first: date) -> list[Data]:
        events = []
        for person, roles in story.people.items():
            events.append(_event("person.registered", opened, {"person": person, "roles": _several(roles)}))
        for name, text in story.periods.items():
            words = text.split()
            days = [self._read(case_notation.day, word, (*path, "periods", name)) for word in words[:2]]
            if len(words) not in (2, 3) or not all(days):
                example = "02.09.2024 25.10.2024 quarter"
                message = _("период: первый день, последний день и, если нужно, вид; пример: {example}").format(example=example)
                self._problem((*path, "periods", name), message)
                continue
            kind = words[2] if len(words) == 3 else "quarter"
            events.append(_event("period.set", opened, {"period": name, "kind": kind, "starts": str(days[0]), "ends": str(days[1])}))
        for name, item in story.classes.items():
            data: Data = {"class": name, "grade": item.grade} | ({"homeroom_teacher": item.homeroom} if item.homeroom else {})
            events.append(_event("class.formed", opened, data))
            since = self._read(case_notation.day, item.from_, (*path, "classes", name, "from")) if item.from_ else first
            for student in item.students:
                events.append(_event("student.joined", opened, {"student": student, "class": name, "date": str(since or first)}))
        for parent, students in story.parents.items():
            for student in _several(students):
                events.append(_event("parent.linked", opened, {"parent": parent, "student": student}))
        return events

    def _lines(self, block: str, path: Path_) -> list[tuple[str, Path_, int]]:
        first = self._document.values.get(path, (1, 1))[0]
        # The lines of a block begin below the key; a text that stands beside it is one line.
        offset = 0 if path in self._document.raw else 1
        lines = [(text, path, first + offset + n) for n, text in enumerate(block.splitlines())]
        return [line for line in lines if line[0].strip() and not line[0].strip().startswith("#")]

    def _read_line(self, read: Callable[[str], Data], text: str, path: Path_, line: int) -> Data | None:
        try:
            return read(text.strip())
        except NotationError as error:
            self._problems.append(Problem(self._document.path, line, 1, str(error)))
            return None

    def _read(self, read: Callable[[str], object], text: str, path: Path_) -> str | None:
        try:
            return str(read(text))
        except NotationError as error:
            self._problem(path, str(error))
            return None

    def _problem(self, path: Path_, message: str) -> None:
        self._problems.append(self._document.problem(path, message))


def _event(kind: str, time: str, data: Mapping[str, object]) -> Data:
    return {"specversion": "1.0", "type": kind, "time": time, "actor": "admin", "data": dict(data)}


def _several(names: str | tuple[str, ...]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
