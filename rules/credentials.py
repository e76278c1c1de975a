"""Family `credentials`: logins and passwords are handed out by those who may, to everybody who has an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.cases import Cases, acts, empty_act, silent, units
from rules.day_due import DayDue
from rules.norm import Answer, Norm, Role
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

_ISSUED = "credentials.issued"
_GRAIN = ("object", "person")


class Credentials(Norm):
    """People of the named roles get their credentials from the named others (`check: issuer`), and get them at all (`check: issued`).

    Broken: a teacher's login from another teacher, where the administrator gives it. Kept: parents' from the homeroom teacher.
    """

    family: Literal["credentials"]
    role: Role = Field(default="administrator", description="Кто отвечает")
    check: Literal["issuer", "issued"] = Field(description="issuer – кто выдал, issued – выдано ли тем, у кого есть учётная запись")
    to: tuple[Role, ...] = Field(min_length=1, description="Кому выдают")
    by: tuple[Role, ...] = Field(default=(), description="Для issuer: кто может выдать")
    own_class: bool = Field(default=False, description="Для issuer: классный руководитель выдаёт только семьям своего класса")
    due: DayDue | None = Field(default=None, description="Для issued: срок от создания учётной записи")
    missing: Answer = Field(default="notice", description="Для issued: вывод, если не выдано")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.check == "issuer") != bool(self.by) or (self.check == "issued") != (self.due is not None):
            raise ValueError("who may issue credentials is named by `by`, that they are issued has a term, `due`")
        return self

    def cases(self, setting: Setting) -> Cases:
        """Give one row per handing-out by somebody else, or one per account that waits for its credentials."""
        return self._by_others(setting) if self.check == "issuer" else self._accounts(setting)

    # ---- who gave them ---------------------------------------------------------------------------------------------------------

    def _by_others(self, setting: Setting) -> Cases:
        people = setting.people
        issued = people.acts(_ISSUED)
        days = issued["day"].to_numpy()
        issued = issued[self._meant(issued, setting)].reset_index(drop=True)
        actor, days = issued["actor"].to_numpy(), issued["day"].to_numpy()
        known = people.known[actor]
        foreign = known & ~self._may(issued, setting)
        frame = issued.assign(
            person=actor,
            about=issued["person"],
            student=np.where(people.ever("student")[issued["person"].to_numpy()], issued["person"], -1),
            act=issued["event"],
            role=people.role_shown(actor, days, self.role),
            ev_record=issued["event"],
            **self._told(issued, setting),
        )[foreign]
        return Cases(self, units(frame), _GRAIN, ban=True, status="forbidden", undecidable=int((~known).sum()))

    def _meant(self, given: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Who is to get them: of people who are staff and family only the rule on the staff speaks."""
        person, days = given["person"].to_numpy(), given["day"].to_numpy()
        meant = setting.people.holds(self.to, person, days)
        if not set(self.to) - {"parent", "student"}:
            meant &= ~setting.people.staff[person]
        return meant

    def _may(self, issued: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        actor, days = issued["actor"].to_numpy(), issued["day"].to_numpy()
        roles = [role for role in self.by if role != "homeroom_teacher" or not self.own_class]
        may = setting.people.holds(roles, actor, days)
        if self.own_class and "homeroom_teacher" in self.by:
            may |= self._own_family(issued, setting)
        return may

    def _own_family(self, issued: pd.DataFrame, setting: Setting) -> npt.NDArray[np.bool_]:
        """Whether the actor has the homeroom of the student, or of a child of the parent; where no class is known, of any."""
        pairs = setting.people.families
        rows = pd.DataFrame({"row": np.arange(len(issued)), "person": issued["person"], "actor": issued["actor"], "day": issued["day"]})
        children = rows.merge(pairs.rename(columns={"parent": "person"}), on="person")[["row", "actor", "day", "student"]]
        own = pd.concat([rows.rename(columns={"person": "student"}), children], ignore_index=True)
        days = own["day"].to_numpy(dtype=np.int64)
        classes = setting.people.class_of(own["student"].to_numpy(dtype=np.int32), days, ahead=True)
        homeroom = setting.journal.homeroom(classes, days)
        place = np.arange(len(issued))
        fits = np.isin(place, own["row"].to_numpy()[(homeroom == own["actor"].to_numpy()) & (homeroom >= 0)])
        unknown = ~np.isin(place, own["row"].to_numpy()[classes >= 0])
        any_homeroom = setting.people.holds(["homeroom_teacher"], issued["actor"].to_numpy(), issued["day"].to_numpy())
        return np.asarray(fits | (unknown & any_homeroom), dtype=bool)

    # ---- whether they were given -----------------------------------------------------------------------------------------------

    def _accounts(self, setting: Setting) -> Cases:
        assert self.due is not None
        people = setting.people
        accounts = people.acts("account.created").drop_duplicates("person")
        accounts = accounts[self._meant(accounts, setting)].reset_index(drop=True)
        limit = self.due.terms(accounts.assign(**{"class": -1}), setting).limit
        if not setting.journal.has(_ISSUED):
            return silent(self, _GRAIN, int((limit <= setting.as_of).sum()))
        first = people.acts(_ISSUED).drop_duplicates("person").set_index("person").reindex(accounts["person"].to_numpy())
        # Accounts with which the log begins may have had their credentials long before it.
        in_time = first["done"].to_numpy(dtype="datetime64[us]") < limit
        old = (accounts["day"] <= people.opening).to_numpy() & ~in_time
        undecidable = int((old & (limit <= setting.as_of)).sum())
        accounts, first, limit = accounts[~old].reset_index(drop=True), first[~old], limit[~old]
        event = first["event"].fillna(-1).to_numpy(dtype=np.int32)
        days = accounts["day"].to_numpy(dtype=np.int64)
        person = accounts["person"].to_numpy(dtype=np.int32)
        student = np.where(people.ever("student")[person], person, -1).astype(np.int32)
        # A parent's credentials are handed out in the class of the child.
        classes = people.class_of(people.pupils(person), days, ahead=True)
        homeroom = setting.journal.homeroom(classes, days)
        frame = pd.DataFrame(
            {
                "person": homeroom if self.role == "homeroom_teacher" else setting.journal.holders(self.role, days),
                "student": student,
                "class": classes,
                "limit": limit,
                "done": first["done"].to_numpy(dtype="datetime64[us]"),
                "low": first["low"].to_numpy(dtype="datetime64[us]"),
                "day": days,
                "act": acts(event, empty_act("account", person)),
                "ev_account": accounts["event"],
                "ev_record": event,
            }
        ).assign(**self._told(accounts.assign(done=first["done"].to_numpy(dtype="datetime64[us]")), setting))
        return Cases(self, units(frame), _GRAIN, missing=self.missing, undecidable=undecidable)

    # ---- words -----------------------------------------------------------------------------------------------------------------

    def _told(self, given: pd.DataFrame, setting: Setting) -> dict[str, npt.NDArray[np.generic]]:
        whom = setting.journal.names("person")[given["person"].to_numpy()] if len(given) else np.zeros(0, dtype=object)
        return {"object": whom, "fig_whom": whom, "fig_done": given["done"].to_numpy()}

    def arithmetic(self, day: int, due: np.datetime64, setting: Setting) -> str:
        """Give the date arithmetic of the term in Russian."""
        return self.due.arithmetic(day, due, setting) if self.due is not None else ""

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian whose credentials were handed out by whom they must not be; lateness needs no own sentence."""
        if self.check == "issued":
            return ""
        told = [_("реквизиты {person} выданы {done}").format(person=case["whom"], done=when(case["done"], setting)) for case in figures]
        return some(told) + _(", а выдаёт их не эта роль")
