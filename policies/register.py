"""The register of a regulation's clauses: what each says, whom it binds, and how anybody knows that it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ingest.vocabulary import ROLES
from rules.attestation import Attestation, Every
from rules.norm import Role, Strict

Kind = Literal["definition", "duty", "prohibition", "right", "permission", "procedure", "retention", "reward", "sanction"]
Accounting = Literal["decided", "proxy", "attested", "no_norm", "unaccounted"]

OTHERS = ("school", "vendor", "all_users")
"""Whom a clause may bind besides the roles of people."""

OUTSIDE = ("scores",)
"""Measures that no rule computes: the counts per person and period."""

ATTESTED = "attested."
"""How the ids of the rules begin that the register gives."""

WAYS = ("decided_by", "proxy", "attested", "no_norm")


def _known_actor(actor: str) -> str:
    known = sorted((*ROLES, *OTHERS))
    if actor not in known:
        raise ValueError(f"unknown role {actor!r}; one of {', '.join(known)}")
    return actor


Actor = Annotated[str, AfterValidator(_known_actor)]


class Proxy(Strict):
    """An indirect measure of a clause that events do not decide, and the rules that compute it (`scores`: the counts per person)."""

    measure: str = Field(min_length=3, description="Что измеряется: имя меры или слова")
    rules: tuple[str, ...] = Field(min_length=1, description="Правила, которые её считают; scores – баллы")


class Attested(Strict):
    """Who confirms that a clause is kept, how often, and by what evidence."""

    by: Role = Field(description="Кто подтверждает")
    every: Every = Field(description="Как часто: once, year, period, month или request (по запросу, без срока)")
    evidence: str = Field(min_length=3, description="Чем подтверждается")
    grace_days: int = Field(default=14, ge=0, description="Сколько календарных дней после конца срока ещё можно подтвердить")


class Clause(Strict):
    """One clause: the norm in own words, its kind, whom it binds, and exactly one way in which it is accounted for."""

    norm: str = Field(default="", pattern=r"^[^\n]*$", description="Норма своими словами, одной строкой")
    kind: Kind = Field(description="Вид: обязанность, запрет, право и так далее")
    who: tuple[Actor, ...] = Field(min_length=1, description="Кого касается")
    decided_by: tuple[str, ...] | None = Field(default=None, description="Правила, которые решают по событиям журнала")
    proxy: Proxy | None = Field(default=None, description="Косвенная мера")
    attested: Attested | None = Field(default=None, description="Подтверждает человек")
    no_norm: str | None = Field(default=None, min_length=3, description="Почему это не норма")
    since: date | None = Field(default=None, description="Первый день, с которого пункт есть в положении, если он появился позже")
    until: date | None = Field(default=None, description="Последний день, если пункт отменён")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(getattr(self, way) is not None for way in WAYS) != 1:
            raise ValueError("a clause has exactly one way: " + ", ".join(WAYS))
        return self

    @property
    def accounting(self) -> Accounting:
        """How the clause is accounted for; a clause for which no rule is named is not."""
        if self.decided_by is not None:
            return "decided" if self.decided_by else "unaccounted"
        return "proxy" if self.proxy else "attested" if self.attested else "no_norm"

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules it names, without what stands outside of them."""
        named = self.proxy.rules if self.proxy else self.decided_by or ()
        return tuple(rule for rule in named if rule not in OUTSIDE)

    def stands_on(self, day: date) -> bool:
        """Tell whether the clause is part of the regulation on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Register:
    """All clauses of a school's regulation in its own order; empty where the school keeps no register."""

    clauses: Mapping[str, Clause] = field(default_factory=dict)

    def attestations(self, day: date) -> tuple[Attestation, ...]:
        """Give the rules that ask for the attested clauses to be confirmed, for the version in force from `day` on."""
        return tuple(
            attestation(number, clause.norm, clause.attested)
            for number, clause in self.clauses.items()
            if clause.attested is not None and clause.stands_on(day)
        )


def attestation(number: str, norm: str, attested: Attested) -> Attestation:
    """Give the rule that asks for one clause to be confirmed."""
    # The title goes into the bundle's hash: it stays Russian whatever the reader's language.
    return Attestation(
        family="attestation",
        id=ATTESTED + slug(number),
        title=norm or f"Пункт {number} подтверждён",
        clause=number,
        severity="minor",
        role=attested.by,
        every=attested.every,
        grace_days=attested.grace_days,
        document=attested.evidence,
    )


def slug(number: str) -> str:
    """Give a clause's number as it stands in the id of a rule: «5.4(1)#a» as `5.4-1-a`."""
    text = re.sub(r"[^a-z0-9]*\.[^a-z0-9]*", ".", re.sub(r"[^a-z0-9.]+", "-", number.lower())).strip("-.")
    return text or "clause"
