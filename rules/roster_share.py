"""Family `roster_share`: of how many people of a role the journal has an account, credentials, a consent, a tie or a card; figures only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from ingest.journal import NEVER
from rules.cases import Cases, figures_table, silent
from rules.norm import Norm, Role
from rules.spans import as_of_day

if TYPE_CHECKING:
    from rules.setting import Setting

Has = Literal["account", "credentials", "consent", "link", "profile"]
_EVENTS: dict[Has, str] = {
    "account": "account.created",
    "credentials": "credentials.issued",
    "consent": "consent.signed",
    "link": "parent.linked",
    "profile": "profile.updated",
}


class RosterShare(Norm):
    """How many of the people of some roles have what they should have, on the last day looked at: by class, or of the whole staff.

    It gives no verdict: 180 of 200 parents with an account break nothing, and say where to look.
    """

    family: Literal["roster_share"]
    of: tuple[Role, ...] = Field(min_length=1, description="Люди каких ролей")
    has: Has = Field(description="Что у них есть: account, credentials, consent, link (связь родителя с учеником), profile")
    scored: bool = Field(default=False, description="Доли в баллы не идут")

    @property
    def judges(self) -> bool:
        """It never does."""
        return False

    def cases(self, setting: Setting) -> Cases:
        """Give no cases, and one figure per class (families) or one for the staff."""
        today = as_of_day(setting)
        if not setting.starts <= today <= setting.ends:
            return silent(self, ("person",), 0)
        people = self._people(today, setting)
        if not setting.journal.has(_EVENTS[self.has]):
            return silent(self, ("person",), people["person"].nunique())
        people["part"] = self._having(setting)[people["person"].to_numpy()]
        shares = people.groupby("class", as_index=False)["part"].agg(["sum", "count"]).reset_index()
        classes = shares["class"].to_numpy(dtype=np.int32)
        table = figures_table(
            pd.DataFrame(
                {
                    "class": classes,
                    "person": setting.journal.homeroom(classes, np.full(len(classes), today)),
                    "day": today,
                    "part": shares["sum"].astype(np.int64),
                    "whole": shares["count"].astype(np.int64),
                }
            )
        )
        return replace(silent(self, ("person",), 0), figures=table)

    def _people(self, today: int, setting: Setting) -> pd.DataFrame:
        """The people of the roles: person, class (-1 for the staff, and for parents of nobody known); once per class."""
        people, journal = setting.people, setting.journal
        parts = []
        members = journal.enrolment[(journal.enrolment["starts"] <= today) & (today < journal.enrolment["ends"])][["student", "class"]]
        if "student" in self.of:
            parts.append(members.rename(columns={"student": "person"}))
        if "parent" in self.of:
            tied = people.families.merge(members, on="student").rename(columns={"parent": "person"})[["person", "class"]]
            untied = np.flatnonzero(people.ever("parent")[:-1] & ~people.staff[:-1])
            untied = untied[~np.isin(untied, people.families["parent"].to_numpy())]
            parts += [tied, pd.DataFrame({"person": untied, "class": -1})]
        staff = [role for role in self.of if role not in ("student", "parent")]
        everybody = np.arange(journal.size("person"), dtype=np.int32)
        if staff:
            held = people.holds(staff, everybody, np.full(len(everybody), today))
            parts.append(pd.DataFrame({"person": everybody[held & ~self._gone(today, setting)], "class": -1}))
        return pd.concat(parts, ignore_index=True).astype({"person": np.int32, "class": np.int32}).drop_duplicates(ignore_index=True)

    def _gone(self, today: int, setting: Setting) -> npt.NDArray[np.bool_]:
        """Who was dismissed before the day."""
        orders = setting.people.orders("dismiss")
        last = np.where(orders["ends"] == NEVER, orders["signed"], orders["ends"])
        gone = np.zeros(setting.journal.size("person"), dtype=bool)
        gone[orders["person"].to_numpy()[last < today]] = True
        return gone

    def _having(self, setting: Setting) -> npt.NDArray[np.bool_]:
        """Tell for each person code whether the journal has it for the person."""
        people = setting.people
        having = np.zeros(setting.journal.size("person") + 1, dtype=bool)
        match self.has:
            case "account":
                words = [people.acts(kind).assign(open=kind == "account.created") for kind in ("account.created", "account.disabled")]
                last = pd.concat(words).sort_values("event").drop_duplicates("person", keep="last")
                having[last.loc[last["open"], "person"].to_numpy()] = True
            case "credentials":
                having[people.acts("credentials.issued")["person"].to_numpy()] = True
            case "consent":
                last = people.consents.drop_duplicates(["student", "parent"], keep="last")
                signed = last.loc[last["signed"], ["student", "parent"]]
                having[signed["student"].to_numpy()] = True
                children = people.families["student"].isin(signed["student"])
                having[people.families.loc[children, "parent"].to_numpy()] = True
            case "link":
                linked = people.families[people.families["linked"].astype(bool)]
                having[linked["parent"].to_numpy()] = True
                having[linked["student"].to_numpy()] = True
            case "profile":
                complete = setting.journal.table("profile.updated")["complete"].fillna(value=True).to_numpy(dtype=bool)
                having[people.acts("profile.updated")["person"].to_numpy()[complete]] = True
        having[-1] = False
        return having
