"""`judgement:` in a bundle: what follows from findings for the people they name, in a small closed language of conditions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import Field, StringConstraints, model_validator

from rules.norm import Role, Severity, Status, Strict, Verdict

State = Literal["open", "notified", "explained", "disputed", "upheld", "excused", "withdrawn", "remedied"]
Concludes = Literal["repetition", "systematic", "severity", "exempt", "eligible", "ineligible", "candidate"]
Shared = Literal["finding", "rule", "clause", "class", "subject", "lesson", "status", "severity"]
Grouping = Literal["rule", "clause", "class", "subject", "lesson", "status", "severity"]
Text = Annotated[str, StringConstraints(min_length=1)]
T = TypeVar("T")


class Among(Strict, Generic[T]):
    """A field of words compared with constants."""

    is_: T | None = Field(default=None, alias="is", description="Равно")
    is_not: T | None = Field(default=None, description="Не равно")
    one_of: tuple[T, ...] | None = Field(default=None, min_length=1, description="Одно из")

    @model_validator(mode="after")
    def _one(self) -> Among[T]:
        if sum(value is not None for value in (self.is_, self.is_not, self.one_of)) != 1:
            raise ValueError("words are compared in exactly one way")
        return self


class Within(Strict):
    """A whole number compared with constants."""

    is_: int | None = Field(default=None, alias="is", description="Равно")
    is_not: int | None = Field(default=None, description="Не равно")
    at_least: int | None = Field(default=None, description="Не меньше")
    at_most: int | None = Field(default=None, description="Не больше")

    @model_validator(mode="after")
    def _some(self) -> Within:
        if not self.model_fields_set:
            raise ValueError("a number is compared with")
        return self


Words = Among[Text]


class FindingIs(Strict):
    """What a finding must be."""

    rule: Words | None = Field(default=None, description="Правило положения")
    clause: Words | None = Field(default=None, description="Пункт")
    verdict: Among[Verdict] | None = Field(default=None, description="Вывод")
    status: Among[Status] | None = Field(default=None, description="Что не так")
    state: Among[State] | None = Field(default=None, description="На каком шаге: открыт, извещён, объяснён, оспорен, подтверждён, …")
    severity: Among[Severity] | None = Field(default=None, description="Тяжесть")
    role: Among[Role] | None = Field(default=None, description="Роль того, кто отвечает")
    class_: Words | None = Field(default=None, alias="class", description="Класс")
    subject: Words | None = Field(default=None, description="Предмет")
    waived: Among[Literal["yes", "no"]] | None = Field(default=None, description="Действует ли освобождение")
    days_late: Within | None = Field(default=None, description="Полных дней опоздания; пока записи нет — по день проверки")
    days_ago: Within | None = Field(default=None, description="Сколько дней назад")


class RemarkIs(Strict):
    """What a remark must be: `met` in its term, `late`, `unmet` (the term is over), or `open`."""

    state: Among[Literal["open", "met", "late", "unmet"]] | None = Field(default=None, description="Устранено ли")
    days_open: Within | None = Field(default=None, description="Сколько полных дней открыто")
    days_overdue: Within | None = Field(default=None, description="Сколько полных дней после срока")


class DecisionIs(Strict):
    """What an earlier decision on the person must be."""

    kind: Among[Literal["bonus", "discipline"]] | None = Field(default=None, description="О поощрении или о взыскании")
    measure: Words | None = Field(default=None, description="Мера")


class ConclusionIs(Strict):
    """What a conclusion of an earlier rule must be."""

    concludes: Among[Concludes] | None = Field(default=None, description="Что заключено")
    judgement: Words | None = Field(default=None, description="Каким правилом")
    rule: Words | None = Field(default=None, description="О каком правиле положения (если вывод сделан по каждому)")


class TotalsAre(Strict):
    """What the person's counts in the study period must be."""

    obligations: Within | None = Field(default=None, description="Обязанностей, срок которых наступил")


class Fact(Strict):
    """One fact of a kind: exactly one of the kinds is named."""

    KINDS: ClassVar[tuple[str, ...]] = ("finding", "remark", "decision", "conclusion", "totals")

    finding: FindingIs | None = Field(default=None, description="Нарушение")
    remark: RemarkIs | None = Field(default=None, description="Замечание")
    decision: DecisionIs | None = Field(default=None, description="Прежнее решение")
    conclusion: ConclusionIs | None = Field(default=None, description="Вывод более раннего правила")
    totals: TotalsAre | None = Field(default=None, description="Итоги человека за период")

    @model_validator(mode="after")
    def _one_kind(self) -> Fact:
        if sum(getattr(self, kind) is not None for kind in self.KINDS) != 1:
            raise ValueError("a condition speaks of exactly one kind")
        return self

    @property
    def kind(self) -> str:
        """The kind of fact it speaks of."""
        return next(kind for kind in self.KINDS if getattr(self, kind) is not None)

    @property
    def tests(self) -> Strict:
        """The comparisons."""
        tests: Strict = getattr(self, self.kind)
        return tests


class Other(Fact):
    """Another fact of the same person and study period, tied to the subject by fields they share."""

    same: tuple[Shared, ...] = Field(default=(), description="Поля, одинаковые у обоих")
    different: tuple[Shared, ...] = Field(default=(), description="Поля, разные у обоих")


class Counted(Strict):
    """How many such findings there must be, in the days that end with the finding's day; without days, in the study period."""

    at_least: int = Field(ge=1, description="Не меньше скольких")
    within_days: int | None = Field(default=None, ge=1, le=366, description="За сколько дней, считая день нарушения")
    same: tuple[Grouping, ...] = Field(default=(), description="Поля, одинаковые у всех")


class When(Fact):
    """When a rule concludes: its subject, how often it occurs, what else there must and must not be."""

    count: Counted | None = Field(default=None, description="Сколько таких нарушений")
    also: tuple[Other, ...] = Field(default=(), description="Есть ещё и такое")
    absent: tuple[Other, ...] = Field(default=(), description="Такого нет")

    @model_validator(mode="after")
    def _counts_findings(self) -> When:
        if self.count and self.finding is None:
            raise ValueError("only findings are counted")
        return self


class Judgement(Strict):
    """One rule of reasoning: what it concludes, and when."""

    id: str = Field(pattern=r"^[a-z0-9]+([.\-][a-z0-9]+)*$", description="Имя правила: латиница, точки и дефисы")
    title: str = Field(min_length=3, description="Вывод своими словами")
    concludes: Concludes = Field(description="Что заключается")
    severity: Literal["raise", "lower", "critical", "major", "minor"] | None = Field(default=None, description="Как меняется тяжесть")
    when: When = Field(description="При каких условиях")

    @model_validator(mode="after")
    def _about_findings(self) -> Judgement:
        if (self.concludes == "severity") != (self.severity is not None):
            raise ValueError("severity goes with")
        if self.concludes in ("severity", "exempt") and self.when.finding is None:
            raise ValueError("severity and exempt are about findings")
        return self
