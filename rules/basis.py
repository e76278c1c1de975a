"""Family `basis`: an act that needs a paper is done only after the paper is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field, model_validator

from ingest.wording import _
from rules.basis_acts import NAT, Act, consents, movements
from rules.cases import Cases, units
from rules.due import short_day
from rules.norm import Answer, Norm, Role
from rules.telling import between, some, when

if TYPE_CHECKING:
    from rules.setting import Setting

CONSENT_ACTS = ("account", "credentials")


class Basis(Norm):
    """An account follows the family's consent, a move between classes the director's order.

    Broken: a parent's account made on 3 September, the consent signed on the 10th. Kept: signed on the 2nd, by either parent of the child.
    """

    family: Literal["basis"]
    role: Role = Field(default="student_operator", description="Кто отвечает")
    acts: tuple[Act, ...] = Field(
        min_length=1,
        description="Действия семьям: account, credentials (нужно согласие); ученикам: moved, enrolled, left (нужен приказ)",
    )
    missing: Answer = Field(default="review", description="Вывод, если основания нет и потом")
    answers: Literal["actor", "role"] = Field(default="actor", description="Кто отвечает: кто сделал или кто держит роль")

    @model_validator(mode="after")
    def _one_basis(self) -> Self:
        if len({act in CONSENT_ACTS for act in self.acts}) != 1:
            raise ValueError("acts of one rule rest either on a consent or on an order")
        return self

    @property
    def by_consent(self) -> bool:
        """Whether the basis is a consent; else it is an order."""
        return self.acts[0] in CONSENT_ACTS

    def cases(self, setting: Setting) -> Cases:
        """Give one row per act without its basis, or with one that came later: done is the act, ev_basis the later basis."""
        found = consents(self.acts, setting) if self.by_consent else movements(self.acts, setting)
        breaches = found.breaches
        without = (breaches["basis"].isna() & ~breaches["refused"]).to_numpy(dtype=bool)
        done, unsure = breaches["done"].to_numpy(), breaches["unsure"].to_numpy(dtype=bool)
        people = setting.journal.names("person")
        person = self._who(breaches, setting)
        frame = breaches.assign(
            person=person,
            # Where a bracket of either act leaves the order open, the judge is shown an act that straddles its own limit.
            limit=np.where(unsure, done, NAT),
            due=NAT,
            low=np.where(unsure, np.minimum(breaches["low"].to_numpy(), done - np.timedelta64(1, "us")), breaches["low"].to_numpy()),
            act=breaches["event"],
            object=people[breaches["about"].to_numpy(dtype=np.int64)],
            late=np.where(without, self.missing, self.verdict),
            role=setting.people.role_shown(person, breaches["day"].to_numpy(dtype=np.int64), self.role),
            ev_record=breaches["event"],
            fig_about=people[breaches["about"].to_numpy(dtype=np.int64)],
            fig_what=breaches["what"],
            fig_done=done,
            fig_day=breaches["day"],
            fig_basis=breaches["basis"],
            fig_signed=breaches["signed"],
            fig_refused=breaches["refused"],
            fig_unsure=unsure,
        )
        return Cases(self, units(frame), ("object", "act"), ban=True, status="out_of_order", undecidable=found.undecidable)

    def _who(self, breaches: pd.DataFrame, setting: Setting) -> npt.NDArray[np.int32]:
        actor, days = breaches["actor"].to_numpy(dtype=np.int32), breaches["day"].to_numpy(dtype=np.int64)
        if self.role == "homeroom_teacher" and self.answers == "role":
            classes = setting.people.class_of(breaches["student"].to_numpy(dtype=np.int32), days, ahead=True)
            known = breaches["class"].to_numpy(dtype=np.int32)
            return setting.journal.homeroom(np.where(known >= 0, known, classes).astype(np.int32), days)
        if self.role == "parent" and self.answers == "role":
            return setting.people.sole_parent(breaches["student"].to_numpy(dtype=np.int32))
        held = setting.journal.holders(self.role, days)
        return np.where((self.answers == "actor") & (actor >= 0), actor, held).astype(np.int32)

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian what was done before its basis, and when the basis came, if it did."""
        return some([self._sentence(case, setting) for case in figures])

    def _sentence(self, case: Mapping[str, object], setting: Setting) -> str:
        act = act_words()[str(case["what"])].format(person=case["about"], done=when(case["done"], setting))
        done, basis = np.datetime64(str(case["done"]), "us"), np.datetime64(str(case["basis"]), "us")
        if case["unsure"]:
            return _("{act}; раньше ли, чем появилось основание, по данным решить нельзя").format(act=act)
        if case["refused"]:
            return _("{act}, хотя в согласии было отказано").format(act=act)
        if np.isnat(basis):
            none = _("согласия нет") if self.by_consent else _("приказа об этом нет")
            return f"{act}, {none}"
        if self.by_consent:
            return _("{act}, согласие подписано {signed} — на {lapse} позже").format(
                act=act, signed=when(basis, setting), lapse=between(done, basis)
            )
        return _("{act} с {day}, приказ подписан только {signed}").format(
            act=act, day=short_day(int(str(case["day"]))), signed=short_day(int(str(case["signed"])))
        )


def act_words() -> dict[str, str]:
    """Give in words what was done, with places for the person and the time."""
    return {
        "account": _("учётная запись {person} создана {done}"),
        "credentials": _("реквизиты {person} выданы {done}"),
        "moved": _("{person}: внесён перевод в другой класс"),
        "enrolled": _("{person}: внесено зачисление"),
        "left": _("{person}: внесено выбытие"),
    }
