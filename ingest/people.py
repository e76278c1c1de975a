"""Who people are to the school: their roles on a day, whose child is whose, in which class a student was, what was done to accounts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ingest.journal import NEVER, codes_of
from ingest.vocabulary import ROLES

if TYPE_CHECKING:
    from ingest.journal import Codes, Days, Journal

Mask = npt.NDArray[np.bool_]
FAMILY = ("parent", "student")
STAFF = tuple(sorted(ROLES - set(FAMILY)))
_CONSENTS = ("consent.signed", "consent.refused")


class People:
    """The people of one journal; what several norms ask about them is computed once.

    A role is known from the person's registration or an assignment, from the timetable and the classes (teachers, homeroom teachers),
    from a class list (students), or from a tie to a student (parents).
    """

    def __init__(self, journal: Journal) -> None:
        """Look at the people of `journal`."""
        self._journal = journal

    # ---- roles -----------------------------------------------------------------------------------------------------------------

    @cached_property
    def roles(self) -> pd.DataFrame:
        """Who holds which role: person, role (text), starts, ends (days, inclusive; 0 and NEVER where no day is named)."""
        journal = self._journal
        seen = {
            "teacher": [codes_of(journal.table(kind)["teacher"]) for kind in ("lesson.scheduled", "lesson.substituted")],
            "homeroom_teacher": [codes_of(journal.table("class.formed")["homeroom_teacher"])],
            "student": [codes_of(journal.table("student.joined")["student"])],
            "parent": [self.families["parent"].to_numpy(dtype=np.int32)],
        }
        parts = [journal.roles[["person", "role", "starts", "ends"]]]
        for role, columns in seen.items():
            persons = pd.unique(np.concatenate(columns))
            parts.append(pd.DataFrame({"person": persons[persons >= 0], "role": role, "starts": np.int64(0), "ends": np.int64(NEVER)}))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def _standing(self) -> dict[str, Mask]:
        """For each role: by person code (and -1, last), whether the person holds it without any dates."""
        table = self.roles[((self.roles["starts"] == 0) & (self.roles["ends"] == NEVER)).to_numpy()]
        held = {}
        for role, persons in table.groupby("role")["person"]:
            held[str(role)] = np.zeros(self._journal.size("person") + 1, dtype=bool)
            held[str(role)][persons.to_numpy()] = True
        return held

    @cached_property
    def _dated(self) -> list[tuple[str, int, int, int]]:
        """Roles held for some time: role, person, starts, ends (days, inclusive)."""
        table = self.roles[((self.roles["starts"] > 0) | (self.roles["ends"] < NEVER)).to_numpy()]
        return list(table[["role", "person", "starts", "ends"]].itertuples(index=False, name=None))

    def holds(self, roles: Iterable[str], persons: Codes, days: Days) -> Mask:
        """Tell for each person and day whether the person held one of these roles on it; nobody (-1) holds none."""
        wanted = set(roles)
        held: Mask = np.zeros(len(persons), dtype=bool)
        if not len(persons):
            return held
        for role in wanted & self._standing.keys():
            held |= self._standing[role][persons]
        for role, person, starts, ends in self._dated:
            if role in wanted:
                held |= (persons == person) & (starts <= days) & (days <= ends)
        return held

    def ever(self, *roles: str) -> Mask:
        """Tell for each person code whether the person ever held one of these roles; the last place (-1, nobody) is False."""
        held = np.zeros(self._journal.size("person") + 1, dtype=bool)
        held[self.roles.loc[self.roles["role"].isin(roles), "person"].to_numpy()] = True
        return held

    @cached_property
    def staff(self) -> Mask:
        """Tell for each person code (and -1, last) whether the person ever held a role of the school's staff."""
        return self.ever(*STAFF)

    @cached_property
    def family(self) -> Mask:
        """Tell for each person code (and -1, last) whether the person is a parent or a student and nothing else."""
        return self.ever(*FAMILY) & ~self.staff

    @cached_property
    def known(self) -> Mask:
        """Tell for each person code (and -1, last) whether any role of the person is known."""
        return self.staff | self.family

    def role_shown(self, persons: Codes, days: Days, fitting: str) -> npt.NDArray[np.object_]:
        """Give for each person a role held on the day: `fitting` where the person held it or none is known, else the first by name."""
        shown = np.full(len(persons), fitting, dtype=object)
        other = ~self.holds([fitting], persons, days)
        for role in sorted(ROLES - {fitting}, reverse=True):
            shown[other & self.holds([role], persons, days)] = role
        return shown

    @cached_property
    def opening(self) -> int:
        """The local day on which the log begins: what stands in it on that day may be older; 0 for an empty log."""
        times = self._journal.log.events["time"].to_numpy()[:1]
        return int(self._journal.local_day(times)[0]) if len(times) else 0

    # ---- families --------------------------------------------------------------------------------------------------------------

    @cached_property
    def consents(self) -> pd.DataFrame:
        """Consents signed and refused, in order: event, done, low, actor, student, parent (-1 where none is named), signed (bool)."""
        parts = [
            self._journal.entries(kind, student="person", parent="person").assign(signed=kind == "consent.signed") for kind in _CONSENTS
        ]
        return pd.concat(parts, ignore_index=True).sort_values("event", ignore_index=True)

    @cached_property
    def families(self) -> pd.DataFrame:
        """Whose child is whose: parent, student, linked (tied to the student's card, not only named in a paper), ev_link; no pair twice."""
        linked = self._journal.entries("parent.linked", parent="person", student="person").assign(linked=True)
        papers = [self.consents, self._journal.entries("optout.filed", student="person", parent="person")]
        named = pd.concat([paper[["event", "student", "parent"]] for paper in papers], ignore_index=True).assign(linked=False)
        pairs = pd.concat([linked[["parent", "student", "linked", "event"]], named], ignore_index=True)
        pairs = pairs[(pairs["parent"] >= 0) & (pairs["student"] >= 0)].drop_duplicates(["parent", "student"])
        return pairs.rename(columns={"event": "ev_link"})[["parent", "student", "linked", "ev_link"]].reset_index(drop=True)

    def pupils(self, persons: Codes) -> Codes:
        """Give the student whom each person's papers are about: the person, where a student, else a parent's first child; -1 none."""
        children = self.families.drop_duplicates("parent").set_index("parent")["student"]
        child = children.reindex(persons).fillna(-1).to_numpy(dtype=np.int32)
        return np.where(self.ever("student")[persons], persons, child).astype(np.int32)

    def sole_parent(self, students: Codes) -> Codes:
        """Give the one parent of each student, -1 where nobody or several are known."""
        of_student = self.families.groupby("student")["parent"]
        sole = of_student.first().where(of_student.size() == 1, -1)
        return sole.reindex(students).fillna(-1).to_numpy(dtype=np.int32)

    def class_of(self, students: Codes, days: Days, *, ahead: bool = False) -> Codes:
        """Give the class of each student on each day, -1 where the student was in none.

        `ahead`: of who is in none yet, the class that is joined next; papers are made in August for the class of September.
        """
        rows = pd.DataFrame({"row": np.arange(len(students)), "student": students, "day": days})
        found = rows.merge(self._journal.enrolment[["student", "class", "starts", "ends"]], on="student")
        classes = np.full(len(students), -1, dtype=np.int32)
        if ahead:
            coming = found[found["starts"] > found["day"]].sort_values("starts").drop_duplicates("row", keep="first")
            classes[coming["row"].to_numpy()] = coming["class"].to_numpy()
        found = found[(found["starts"] <= found["day"]) & (found["day"] < found["ends"])].drop_duplicates("row", keep="last")
        classes[found["row"].to_numpy()] = found["class"].to_numpy()
        return classes

    # ---- acts and orders -------------------------------------------------------------------------------------------------------------

    def acts(self, event_type: str, person: str = "person", **fields: str) -> pd.DataFrame:
        """Give the events of one type that concern a person, in order: event, done, low, actor, person, day (local) and the `fields`.

        `person` is the data field that names the person; `fields` are further columns with their domains.
        """
        entries = self._journal.entries(event_type, **{person: "person"}, **fields).rename(columns={person: "person"})
        return entries.assign(day=self._journal.local_day(entries["done"].to_numpy()))

    def orders(self, *kinds: str) -> pd.DataFrame:
        """Give the orders of these kinds (`Journal.ordered`) with the class they name (-1 none), each order and person once."""
        kind = self._journal.table("order.signed")["kind"].astype(str)
        classes = codes_of(self._journal.table("order.signed")["class"])[kind.isin(kinds).to_numpy()]
        orders = self._journal.ordered(*kinds).assign(**{"class": classes})
        return orders[orders["person"] >= 0].drop_duplicates(["order", "person"], keep="last").reset_index(drop=True)
