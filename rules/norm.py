"""What every rule of a bundle has in common, and the tables a rule family gives.

A rule in a policy file is a `Norm`; a rule family is a subclass of `Norm` with a `family` literal, its own parameters and `cases`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ingest.vocabulary import ROLES

if TYPE_CHECKING:
    import numpy as np

    from rules.cases import Cases
    from rules.setting import Setting

Verdict = Literal["violation", "notice", "review", "unproven"]
Answer = Literal["violation", "notice", "review", "ignore"]
Severity = Literal["critical", "major", "minor"]
Status = Literal["late", "missing", "early", "forbidden", "out_of_order", "insufficient", "mismatch"]


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}; one of {', '.join(sorted(ROLES))}")
    return role


Role = Annotated[str, AfterValidator(_known_role)]


def _decimal(written: object) -> object:
    """Numbers with a fraction come from a bundle as texts, because `5.2` may also be a clause."""
    if isinstance(written, bool) or not isinstance(written, int | str):
        return written
    try:
        return Decimal(str(written).replace(",", "."))
    except InvalidOperation:
        raise ValueError("a number is written as 0.5 or 40") from None


Number = Annotated[Decimal, BeforeValidator(_decimal)]
"""An exact number, with or without a fraction."""


class Strict(BaseModel):
    """A frozen part of the policy language: unknown keys refused, nothing converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Scope(Strict):
    """Which lessons and works a rule speaks of; an empty part means all."""

    grades: tuple[int, ...] = Field(default=(), description="Параллели, к которым относится норма")
    subjects: tuple[str, ...] = Field(default=(), description="Только эти предметы (названия или псевдонимы из словаря)")
    except_subjects: tuple[str, ...] = Field(default=(), description="Кроме этих предметов")
    works: tuple[str, ...] = Field(default=(), description="Только эти виды работ; о записях урока – только уроки с такими работами")
    except_works: tuple[str, ...] = Field(default=(), description="Кроме этих видов работ")
    substituted: bool | None = Field(
        default=None, description="О записях урока: true – только уроки, которые провёл замещающий, false – только остальные"
    )
    grouped: bool | None = Field(default=None, description="О записях урока: true – только уроки по группам, false – только остальные")


class Norm(Strict, ABC):
    """One rule of a bundle: which clause, who answers, what a breach is called; families add their own parameters."""

    id: str = Field(pattern=r"^[a-z0-9]+([.\-][a-z0-9]+)*$", description="Имя правила: латиница, точки и дефисы")
    title: str = Field(min_length=3, description="Норма своими словами, одной строкой")
    clause: str = Field(min_length=1, description="Пункт положения из списка пунктов")
    also: tuple[str, ...] = Field(default=(), description="Другие пункты с той же нормой")
    also_late: tuple[str, ...] = Field(default=(), description="Пункты, нарушенные тем же действием, если запись сделана с опозданием")
    applies: tuple[str, ...] = Field(
        default=(), description="Пункты, которые правило учитывает (права, исключения, определения), но не считает нарушенными"
    )
    severity: Severity = Field(description="Тяжесть: critical, major, minor")
    role: Role = Field(default="teacher", description="Кто отвечает")
    verdict: Answer = Field(default="violation", description="Вывод при нарушении")
    scored: bool = Field(default=True, description="Считать ли обязанность в баллах (нет — для второй нормы о том же)")
    absorbs: tuple[str, ...] = Field(default=(), description="Правила, которые не дают своего вывода, если то же действие нарушает это")
    contrary: str = Field(default="", description="Пункт, который говорит иначе, и какое чтение выбрано")
    assumed_because: str = Field(
        default="", description="Почему норма стоит на допущении (в тексте нет частоты или срока): тогда выводы — уведомления"
    )
    assumed: tuple[str, ...] = Field(default=(), description="Заполняется загрузчиком: допущенные параметры, на которых стоит срок")
    where: Scope = Field(default=Scope(), description="К чему относится")

    @abstractmethod
    def cases(self, setting: Setting) -> Cases:
        """Give every instance of this norm in the journal, kept or broken, as a table of cases."""

    def term_words(self) -> str:
        """Give in Russian by when the norm wants to be met, «10 рабочих дней»; "" for a norm without a term."""
        term = getattr(self, "due", None) or getattr(self, "every", None)
        return str(term.words()) if term is not None and hasattr(term, "words") else ""

    @property
    def judges(self) -> bool:
        """Whether the norm can give a finding; a norm whose thresholds the school has not set only measures."""
        return {self.verdict, getattr(self, "missing", "ignore"), getattr(self, "early", "ignore")} != {"ignore"}

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic in Russian that leads from local date `day` to the instant `due` (UTC); "" where there is none."""
        return ""

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what was found, where the general sentence for the status is not enough; "" where it is.

        `figures` has one mapping per case of the finding: its `fig_…` columns without the prefix, and `student` (id or None).
        """
        return ""
