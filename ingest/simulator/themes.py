"""The themes of a simulated year, in order: each is a function of the Injector and lives in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from ingest.simulator.access import access
from ingest.simulator.accounts import accounts, lists
from ingest.simulator.archives import archives
from ingest.simulator.attestations import attestations
from ingest.simulator.backups import backups
from ingest.simulator.contents import contents
from ingest.simulator.controls import controls
from ingest.simulator.families import families
from ingest.simulator.households import keep_households
from ingest.simulator.injector import Injector
from ingest.simulator.notices import failing_marks, notices
from ingest.simulator.orders import orders
from ingest.simulator.timetables import timetable
from ingest.simulator.years import turn_of_the_year

LESSON_THEMES: tuple[Callable[[Injector], None], ...] = (timetable, contents, failing_marks)
"""Themes that change what is entered in lessons: before plans and period marks, which rest on it."""
THEMES: tuple[Callable[[Injector], None], ...] = (
    keep_households,
    orders,
    accounts,
    lists,
    access,
    families,
    controls,
    backups,
    turn_of_the_year,
    archives,
    attestations,
    notices,
)
"""Later themes may look at what earlier ones added; each uses its own luck (`Injector.dice`)."""
