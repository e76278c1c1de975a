"""Family `after_order`: what an order calls for is done in the journal by its term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import NEVER
from ingest.wording import _
from rules.answering import answerable
from rules.cases import Cases, acts, figures_table, silent, units
from rules.day_due import DayDue
from rules.due import short_day, short_instant
from rules.norm import Answer, Norm, Role
from rules.order_acts import Answers, OrderAct, answers, recorded, undone_act
from rules.telling import late_by, some, when

if TYPE_CHECKING:
    from rules.setting import Setting

Kind = Literal["hire", "dismiss", "enrol", "leave", "transfer"]
_GRAIN = ("object", "person")
_NAT = np.datetime64("NaT", "us")


class AfterOrder(Norm):
    """An order is followed by an act in the journal (account, card, class list) by its term.

    Broken: a hire order signed on Friday, the account made on Monday, where the text wants it on the day of signing. Kept: made on Friday
    at 23:00.
    """

    family: Literal["after_order"]
    role: Role = Field(default="secretary", description="Кто отвечает")
    kinds: tuple[Kind, ...] = Field(min_length=1, description="Какие приказы: hire, dismiss, enrol, leave, transfer")
    people: Literal["staff", "students"] | None = Field(default=None, description="Приказы только о сотрудниках или только об учениках")
    act: OrderAct = Field(description="Что должно быть сделано")
    by: tuple[Role, ...] = Field(default=(), description="Для administrator_told: чьё сообщение годится; пусто – того, кто отвечает")
    due: DayDue = Field(description="Срок в днях: от дня подписания приказа или от дня, с которого он действует")
    counts_from: Literal["signed", "effective"] = Field(
        default="signed", description="От чего считать: signed – подписание, effective – начало действия (при увольнении – последний день)"
    )
    missing: Answer = Field(default="violation", description="Вывод, если не сделано совсем")
    early: Answer = Field(default="review", description="Вывод, если сделано раньше дня подписания приказа")
    until_last_day: Answer = Field(
        default="notice", description="Вывод, если увольняемому закрыли доступ позже подписания, но не позже последнего рабочего дня"
    )

    def cases(self, setting: Setting) -> Cases:
        """Give one row per order and person; `day` is the day of signing, done the act, opens the beginning of that day."""
        orders = self._orders(setting)
        if not len(orders):
            return silent(self, _GRAIN, 0)
        limit = self._limits(orders, setting)
        if not recorded(self.act, setting):
            return silent(self, _GRAIN, int((limit <= setting.as_of).sum()))
        found = answers(self.act, orders, self.by or (self.role,), setting)
        late, missing = self._verdicts(orders, found, limit, setting)
        names = setting.journal.names("order")
        frame = orders[["class"]].assign(
            person=self._who(orders, found, setting),
            student=np.where(_of_students(orders, setting), orders["person"].to_numpy(), -1),
            limit=limit,
            due=limit,
            opens=self._opens(orders, found, setting),
            done=found.done,
            low=found.low,
            day=orders["signed"],
            act=acts(found.event, undone_act(self.act, orders)),
            object=names[orders["order"].to_numpy()],
            late=late,
            missing=missing,
            ev_order=orders["ev_order"],
            ev_record=found.event,
            **self._told(orders, found, limit, setting),
        )
        figures = self._lags(frame, found)
        open_ = found.by_then & ~(found.done < limit)
        undecidable = int((open_ & (limit <= setting.as_of)).sum())
        frame = frame[~open_].reset_index(drop=True)
        return Cases(self, units(frame), _GRAIN, missing=self.missing, early=self.early, undecidable=undecidable, figures=figures)

    # ---- orders ----------------------------------------------------------------------------------------------------------------

    def _orders(self, setting: Setting) -> pd.DataFrame:
        orders = setting.people.orders(*self.kinds)
        if self.people is not None:
            orders = orders[_of_students(orders, setting) == (self.people == "students")]
        return orders.reset_index(drop=True)

    def _limits(self, orders: pd.DataFrame, setting: Setting) -> npt.NDArray[np.datetime64]:
        signed = orders["signed"].to_numpy(dtype=np.int64)
        days = signed if self.counts_from == "signed" else np.maximum(signed, _effective(orders))
        return self.due.terms(orders[["class"]].assign(day=days), setting).limit

    def _who(self, orders: pd.DataFrame, found: Answers, setting: Setting) -> npt.NDArray[np.int32]:
        days, named = orders["signed"].to_numpy(dtype=np.int64), orders["class"].to_numpy()
        own = setting.people.class_of(orders["person"].to_numpy(), days)
        homerooms = setting.journal.homeroom(np.where(named >= 0, named, own).astype(np.int32), days)
        return answerable(self.role, days, setting, homerooms=homerooms, actors=found.actor)

    # ---- verdicts --------------------------------------------------------------------------------------------------------------

    def _verdicts(
        self, orders: pd.DataFrame, found: Answers, limit: npt.NDArray[np.datetime64], setting: Setting
    ) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """What an act after the term is worth, and what a missing one.

        An order that was entered only after the term it sets proves nothing about who knew of it; nor need somebody of whom the journal
        knows nothing have had an account to close. A dismissed person works to the last day: until it is over nobody is accused of
        leaving the account open, although the text counts from the signing.
        """
        late = np.full(len(orders), self.verdict, dtype=object)
        missing = np.full(len(orders), self.missing, dtype=object)
        # Under an assumed term a violation is a notice, which is milder still.
        doubtful = "violation" if self.assumed else "review"
        after_term = orders["done"].to_numpy() >= limit
        late[after_term & (self.verdict == "violation")] = doubtful
        missing[(after_term | self._stranger(orders, setting)) & (self.missing == "violation")] = doubtful
        working = self._working_until(orders, setting)
        late[found.low < working] = self.until_last_day
        missing[setting.as_of < working] = "ignore"
        return late, missing

    def _working_until(self, orders: pd.DataFrame, setting: Setting) -> npt.NDArray[np.datetime64]:
        """The end of the last working day of those whose accounts are to be closed, NaT where the order names none after its signing."""
        last, signed = orders["ends"].to_numpy(dtype=np.int64), orders["signed"].to_numpy(dtype=np.int64)
        named = (orders["kind"].to_numpy() == "dismiss") & (last != NEVER) & (last > signed) & (self.act == "account_disabled")
        return np.where(named, setting.calendar.end_of(np.where(named, last, signed)), _NAT)

    def _stranger(self, orders: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Of whom an account is to be closed, although neither an account nor a role of the person is known."""
        persons = orders["person"].to_numpy()
        accounts = setting.people.acts("account.created")["person"].to_numpy()
        unknown: npt.NDArray[np.bool_] = ~setting.people.known[persons] & ~np.isin(persons, accounts)
        return unknown if self.act == "account_disabled" else np.zeros(len(orders), dtype=bool)

    def _opens(self, orders: pd.DataFrame, found: Answers, setting: Setting) -> npt.NDArray[np.datetime64]:
        """The day of signing; none where an earlier order of the same kind had already called for what is in force, nor for acts that may
        as well have had other reasons.
        """
        if self.act in ("profile_updated", "administrator_told"):
            return np.full(len(orders), _NAT)
        ordered = orders.sort_values(["person", "signed"], kind="stable")
        former = ordered.groupby("person")["signed"].shift(1).reindex(orders.index).to_numpy(dtype=np.float64)
        under_former = found.before & (found.day >= former)
        return np.where(under_former, _NAT, setting.calendar.midnight(orders["signed"].to_numpy(dtype=np.int64)))

    # ---- words -----------------------------------------------------------------------------------------------------------------

    def _told(
        self, orders: pd.DataFrame, found: Answers, limit: npt.NDArray[np.datetime64], setting: Setting
    ) -> dict[str, npt.NDArray[np.generic]]:
        people = np.append(setting.journal.names("person"), "")
        return {
            "fig_person": people[orders["person"].to_numpy()],
            "fig_order": setting.journal.names("order")[orders["order"].to_numpy()],
            "fig_kind": orders["kind"].to_numpy(dtype=object),
            "fig_signed": orders["signed"].to_numpy(dtype=np.int64),
            "fig_effective": _effective(orders),
            "fig_entered": np.where(orders["done"].to_numpy() >= limit, orders["done"].to_numpy(), _NAT),
            "fig_due": limit,
            "fig_done": found.done,
            "fig_before": found.before,
        }

    def _lags(self, frame: pd.DataFrame, found: Answers) -> pd.DataFrame:
        """How many days after the order the act was done, per order; the person is who answers."""
        dated = (found.event >= 0) & ~found.before & ~found.by_then
        done = frame[dated]
        days = found.day[dated] - done["day"].to_numpy(dtype=np.int64)
        return figures_table(done[["class", "person", "day"]].assign(value=days.astype(np.float64)))

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian; an order that takes effect later counts from there."""
        if due == setting.calendar.midnight(np.array([day]))[0]:
            return _("приказ подписан {day}").format(day=short_day(day))
        if self.counts_from == "signed" and self.due.form == "same_day":
            return _("в день подписания приказа — срок до {due}").format(due=short_instant(due, setting))
        if self.counts_from == "signed":
            return self.due.arithmetic(day, due, setting)
        return _("срок до {due}").format(due=short_instant(due, setting))

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian which order called for what, and when it was done."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        signed, effective = int(str(case["signed"])), int(str(case["effective"]))
        order = _("приказ {order} ({kind}, {person}) от {day}").format(
            order=case["order"], kind=kind_words()[str(case["kind"])], person=case["person"], day=short_day(signed)
        )
        words = act_words()[self.act]
        done, due = np.datetime64(str(case["done"]), "us"), np.datetime64(str(case["due"]), "us")
        if np.isnat(done):
            text = _("{order}: на {as_of} не сделано: {act}").format(order=order, as_of=short_instant(setting.as_of, setting), act=words)
        else:
            text = _("{order}: {act} — {done}").format(order=order, act=words, done=when(done, setting)) + late_by(due, done, setting)
            if case["before"]:
                text += _(", раньше, чем приказ подписан")
        if effective > signed and case["kind"] == "dismiss":
            text += _(" (последний рабочий день — {day}; пункт считает от подписания, до этого дня доступ нужен)").format(
                day=short_day(effective)
            )
        elif effective > signed:
            text += _(" (приказ действует с {day})").format(day=short_day(effective))
        if not np.isnat(np.datetime64(str(case["entered"]), "us")):
            text += _("; сам приказ внесён {entered}, уже после срока").format(entered=when(case["entered"], setting))
        return text


def _effective(orders: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The day from which each order takes effect; of a dismissal the last working day."""
    signed, starts, ends = (orders[name].to_numpy(dtype=np.int64) for name in ("signed", "starts", "ends"))
    dismissed = np.where(ends == NEVER, signed, ends)
    return np.where(orders["kind"].to_numpy() == "dismiss", dismissed, starts)


def _of_students(orders: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
    """Tell of which orders the person is a student: of a transfer, whoever is in a class on the day of signing, or is no staff."""
    kinds = orders["kind"].to_numpy()
    person = orders["person"].to_numpy()
    enrolled = setting.people.class_of(person, orders["signed"].to_numpy(dtype=np.int64)) >= 0
    of_student = enrolled | ~setting.people.staff[person]
    return np.asarray(np.isin(kinds, ("enrol", "leave")) | ((kinds == "transfer") & of_student), dtype=bool)


def kind_words() -> dict[str, str]:
    """Give the kinds of orders in words."""
    return {
        "hire": _("приём на работу"),
        "dismiss": _("увольнение"),
        "enrol": _("зачисление"),
        "leave": _("отчисление"),
        "transfer": _("перевод"),
    }


def act_words() -> dict[str, str]:
    """Give in words what an order calls for."""
    return {
        "account_created": _("учётная запись создана"),
        "account_disabled": _("учётная запись закрыта"),
        "profile_updated": _("личная карточка заполнена"),
        "joined": _("ученик внесён в класс"),
        "left": _("ученик выведен из класса"),
        "administrator_told": _("администратор журнала извещён"),
    }
