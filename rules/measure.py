"""Family `measure`: a figure by name, for clauses that only an indirect measure can show; with a threshold only where a school sets one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from rules import office_measures, participation, record_measures
from rules.cases import Cases
from rules.figures import Measure, Threshold, measured_cases, told
from rules.norm import Norm, Number

if TYPE_CHECKING:
    from rules.setting import Setting


@cache
def measures() -> dict[str, Measure]:
    """Give measure name → the measure, sorted by name: every figure that `figures.csv` can hold under a name."""
    known = (*participation.MEASURES.values(), *record_measures.MEASURES, *office_measures.MEASURES)
    return {measure.name: measure for measure in sorted(known, key=lambda measure: measure.name)}


def _known(name: str) -> str:
    if name not in measures():
        raise ValueError(f"unknown measure {name!r}; one of {', '.join(measures())}")
    return name


class Measured(Norm):
    """A named measure stays within a school's threshold; without one: figures, and no verdict.

    Broken: the journal was out of order for 30 hours in a quarter where the school allows 24. Kept: for 24 hours.
    """

    family: Literal["measure"]
    measure: Annotated[str, AfterValidator(_known)] = Field(description="Имя меры из списка мер")
    least: Number | None = Field(default=None, description="Наименьшее допустимое значение в единицах меры")
    most: Number | None = Field(default=None, description="Наибольшее допустимое значение в единицах меры")

    @property
    def judges(self) -> bool:
        """Whether a threshold is set."""
        return super().judges and (self.least is not None or self.most is not None)

    def cases(self, setting: Setting) -> Cases:
        """Give the figures, and one row per figure outside of the threshold."""
        return measured_cases(self, measures()[self.measure], self._threshold, setting)

    @property
    def _threshold(self) -> Threshold:
        return Threshold(self.least, self.most)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian the figure beside its threshold."""
        return told(measures()[self.measure], figures[0], self._threshold)
