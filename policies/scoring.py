"""`scoring:` in a bundle: what an obligation met or met late is worth, and what violations take away."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, model_validator

from rules.norm import Number, Strict


class Credit(Strict):
    """What an obligation brings, as a part of a whole one; a missing one brings nothing."""

    met: Number = Field(default=Decimal(1), gt=0, le=1, description="Выполнена в срок")
    late: Number = Field(default=Decimal("0.5"), ge=0, le=1, description="Выполнена с опозданием")


class Penalty(Strict):
    """How many points a violation takes away."""

    critical: Number = Field(default=Decimal(10), ge=0, le=100, description="Критическое")
    major: Number = Field(default=Decimal(3), ge=0, le=100, description="Существенное")
    minor: Number = Field(default=Decimal(1), ge=0, le=100, description="Мелкое")


class Scoring(Strict):
    """The formula of scores, in a form in which no formula can reward lateness or a graver violation."""

    credit: Credit = Field(default=Credit(), description="Что даёт обязанность")
    penalty: Penalty = Field(default=Penalty(), description="Что отнимает нарушение")
    small: int = Field(default=10, ge=0, description="Меньше стольких обязанностей — мало данных, без места в ряду")

    @model_validator(mode="after")
    def _sound(self) -> Scoring:
        if self.credit.late > self.credit.met:
            raise ValueError("what is late brings no more")
        if not self.penalty.critical >= self.penalty.major >= self.penalty.minor:
            raise ValueError("a graver violation takes no less")
        return self
