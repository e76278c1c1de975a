"""Family `acting_role`: acts on people, rights and parameters are done by the roles to which the text gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, units
from rules.norm import Norm, Role
from rules.telling import some, when

if TYPE_CHECKING:
    from rules.setting import Setting

Act = Literal["role", "access", "account", "account_closed", "link", "class_list", "parameter", "reference", "year"]
_EVENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "role": (("role.assigned", "person"),),
    "access": (("access.granted", "person"),),
    "account": (("account.created", "person"),),
    "account_closed": (("account.disabled", "person"),),
    "link": (("parent.linked", "parent"),),
    "class_list": (("student.joined", "student"), ("student.left", "student")),
    "parameter": (("parameter.changed", ""),),
    "reference": (("reference.entered", ""),),
    "year": (("year.opened", ""), ("year.closed", "")),
}
"""Each act's event types, and the field that names whom it concerns ("" nobody)."""


class ActingRole(Norm):
    """Roles, rights, accounts, ties of parents, class lists, parameters and school years are set by people of the named roles.

    Broken: a teacher assigns a role, where the administrator does. Kept: the administrator does.
    """

    family: Literal["acting_role"]
    role: Role = Field(default="administrator", description="Кто отвечает")
    acts: tuple[Act, ...] = Field(
        min_length=1, description="Действия: role, access, account, account_closed, link, class_list, parameter, reference, year"
    )
    by: tuple[Role, ...] = Field(min_length=1, description="Кто их делает")
    to: tuple[Role, ...] = Field(default=(), description="Только действия, касающиеся этих людей (пусто – любых)")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per act by somebody of another role."""
        people = setting.people
        acts = pd.concat([self._acts(act, setting) for act in self.acts], ignore_index=True).sort_values("event", ignore_index=True)
        if self.to:
            acts = acts[people.holds(self.to, acts["about"].to_numpy(), acts["day"].to_numpy())].reset_index(drop=True)
        actor, about = acts["actor"].to_numpy(), acts["about"].to_numpy()
        # A role that somebody takes is no right to take it.
        days = acts["day"].to_numpy() - ((actor == about) & (acts["what"] == "role").to_numpy())
        known = people.known[actor]
        strange = known & ~people.holds(self.by, actor, days)
        names = np.array([*setting.journal.names("person"), None], dtype=object)
        frame = acts.assign(
            person=actor,
            student=np.where(people.ever("student")[about], about, -1),
            object=names[about],
            act=acts["event"],
            role=people.role_shown(actor, days, self.role),
            ev_record=acts["event"],
            fig_what=acts["what"],
            fig_about=names[about],
            fig_done=acts["done"],
        )
        return Cases(self, units(frame[strange]), ("act",), ban=True, status="forbidden", undecidable=int((~known).sum()))

    def _acts(self, act: Act, setting: Setting) -> pd.DataFrame:
        parts = []
        for event_type, whom in _EVENTS[act]:
            acts = setting.people.acts(event_type, whom or "actor")
            if not whom:
                acts = acts.assign(actor=acts["person"], person=np.int32(-1))
            parts.append(acts.rename(columns={"person": "about"}).assign(what=act))
        return pd.concat(parts, ignore_index=True)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what was done, and that it is another role's to do."""
        words = act_words()
        told = []
        for case in figures:
            whom = f" ({case['about']})" if case["about"] else ""
            told.append(f"{words[str(case['what'])]}{whom} {when(case['done'], setting)}")
        return some(told) + _(", а делает это не эта роль")


def act_words() -> dict[str, str]:
    """Give the acts in words."""
    return {
        "role": _("назначена роль"),
        "access": _("дан доступ"),
        "account": _("создана учётная запись"),
        "account_closed": _("закрыта учётная запись"),
        "link": _("родитель связан с учеником"),
        "class_list": _("изменён список класса"),
        "parameter": _("изменён параметр"),
        "reference": _("внесён справочник"),
        "year": _("открыт или закрыт учебный год"),
    }
