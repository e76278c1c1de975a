"""Family `restricted_pages`: pages that only some roles may look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from ingest.wording import _
from rules.cases import Cases, silent, units
from rules.norm import Norm, Role
from rules.telling import some, when
from rules.vocabulary import plain

if TYPE_CHECKING:
    from rules.setting import Setting

_GRAIN = ("person", "day", "object")


class RestrictedPages(Norm):
    """A page (the class journal, a summary of many students' data) is looked at by people of the named roles only.

    Broken: a parent on the class journal's page. Kept: a subject teacher there.
    """

    family: Literal["restricted_pages"]
    pages: tuple[str, ...] = Field(min_length=1, description="Страницы, как их называет журнал")
    to: tuple[Role, ...] = Field(min_length=1, description="Кому они доступны")

    def cases(self, setting: Setting) -> Cases:
        """Give one row per look by somebody of another role; a finding per person, page and day."""
        if not setting.journal.has("page.viewed"):
            return silent(self, _GRAIN, 1, ban=True)
        people = setting.people
        views = people.acts("page.viewed", page="word", **{"class": "class"})
        wanted = {_name(page) for page in self.pages}
        meant = np.array([*(_name(str(page)) in wanted for page in setting.journal.names("word")), False], dtype=bool)
        views = views[meant[views["page"].to_numpy()]].reset_index(drop=True)
        viewer, days = views["person"].to_numpy(), views["day"].to_numpy()
        known = people.known[viewer]
        strange = known & ~people.holds(self.to, viewer, days)
        pages = np.append(setting.journal.names("word"), "")[views["page"].to_numpy()]
        frame = views.assign(
            act=views["event"],
            object=pages,
            role=people.role_shown(viewer, days, self.role),
            ev_record=views["event"],
            fig_page=pages,
            fig_done=views["done"],
        )
        return Cases(self, units(frame[strange]), _GRAIN, ban=True, status="forbidden", undecidable=int((~known).sum()))

    def outcome(self, figures: Sequence[Mapping[str, object]], setting: Setting) -> str:
        """Give in Russian which page was opened when."""
        page = figures[0]["page"]
        told = some([when(case["done"], setting) for case in figures])
        return _("страница «{page}» открыта {told}, а эта роль к ней не допущена").format(page=page, told=told)


def _name(page: str) -> str:
    return plain(page.replace("_", " "))
