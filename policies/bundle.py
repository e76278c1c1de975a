"""What a school is and what its policy says: frozen values that the loader makes from YAML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SerializeAsAny, field_validator

from policies.judgement import Judgement
from policies.register import Register
from policies.scoring import Scoring
from rules.norm import Norm, Strict
from rules.vocabulary import Readings, Vocabulary


class RegionalDay(Strict):
    """A day that the region or the school sets apart from the state's calendar."""

    date: date
    working: bool = False
    reason: str = Field(min_length=1)


class SchoolProfile(Strict):
    """`school.yaml`: who the school is and by which clock and calendar it lives."""

    school: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Имя папки школы")
    name: str = Field(min_length=1, description="Название")
    zone: str = Field(description="Часовой пояс, например Asia/Yekaterinburg")
    country: str = Field(pattern=r"^(RU|KG)$", description="Страна: RU или KG")
    week: int = Field(ge=5, le=6, description="Рабочих дней в неделе у сотрудников: 5 или 6")
    regional_days: tuple[RegionalDay, ...] = Field(default=(), description="Региональные праздники и переносы")

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("unknown time zone")
        return zone

    @property
    def slug(self) -> str:
        """The school's folder name."""
        return self.school

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.zone)


class Regulation(Strict):
    """The document that the bundle encodes."""

    title: str = Field(min_length=3, description="Название положения")
    order: str = Field(default="", description="Номер приказа")
    dated: date = Field(description="Дата утверждения")


class InForce(Strict):
    """When the version is in force: from the first day to the last, inclusive; open when `to` is not named."""

    from_: date = Field(alias="from", description="Первый день действия")
    to: date | None = Field(default=None, description="Последний день действия")


class Parameter(Strict):
    """A number that rules refer to by name."""

    value: int | str | bool
    unit: str = ""
    assumed: bool = Field(default=False, description="Допущен школой: в тексте его нет, выводы — уведомления")
    why: str = Field(default="", description="Почему допущен")


class Contradiction(Strict):
    """Clauses of the regulation that pull apart, and how the bundle reads them."""

    clauses: tuple[str, ...] = Field(min_length=2, description="Пункты, которые говорят разное")
    reading: str = Field(min_length=10, description="Как они прочитаны и почему")


class Bundle(Strict):
    """One version of a school's policy, complete: vocabulary inherited, parameters put in."""

    school: str
    regulation: Regulation
    in_force: InForce
    vocabulary: Vocabulary
    readings: Readings
    parameters: dict[str, Parameter]
    rules: tuple[SerializeAsAny[Norm], ...]
    contradictions: tuple[Contradiction, ...] = ()
    scoring: Scoring = Scoring()
    judgement: tuple[Judgement, ...] = ()

    @property
    def version(self) -> str:
        """The day from which it is in force, as text."""
        return self.in_force.from_.isoformat()

    @cached_property
    def hash(self) -> str:
        """sha256 of the content: comments, layout and the order of keys and rules change nothing, any meaning does."""
        content = self.model_dump(mode="json", by_alias=True)
        content["rules"] = sorted(content["rules"], key=lambda rule: str(rule["id"]))
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Policies:
    """All versions of a school's policy, oldest first; no two are in force on one day. `register`: the clauses of the regulation."""

    versions: Sequence[Bundle]
    register: Register = field(default_factory=Register)

    def spans(self) -> list[tuple[date, date | None, Bundle]]:
        """Give (first day, last day or None, version) for each version; a version ends the day before the next begins."""
        found = []
        for place, bundle in enumerate(self.versions):
            following = self.versions[place + 1].in_force.from_ - timedelta(days=1) if place + 1 < len(self.versions) else None
            ends = [day for day in (bundle.in_force.to, following) if day is not None]
            found.append((bundle.in_force.from_, min(ends) if ends else None, bundle))
        return found

    def in_force_on(self, day: date) -> Bundle | None:
        """Give the version in force on a day, None when there is none."""
        return next((bundle for starts, ends, bundle in self.spans() if starts <= day and (ends is None or day <= ends)), None)
