"""Terms that end with the study period of the lesson."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ingest.eventlog import EventLog
from ingest.journal import Journal
from rules.due import Due
from tests.conftest import UFA, event
from tests.rules.norms import setting_of

QUARTER = event(1, "period.set", "2024-08-26T10:00:00+05:00", period="Q1", kind="quarter", starts="2024-09-02", ends="2024-10-25")
HALF = event(2, "period.set", "2024-08-26T10:00:00+05:00", period="H1", kind="half_year", starts="2024-09-02", ends="2024-12-28")
YEAR = event(3, "period.set", "2024-08-26T10:00:00+05:00", period="Y", kind="year", starts="2024-09-02", ends="2025-05-26")
FORMED = [
    event(4, "class.formed", "2024-08-26T10:00:00+05:00", class_="7А", grade=7),
    event(5, "class.formed", "2024-08-26T10:00:00+05:00", class_="10А", grade=10),
]


def test_ends_with_the_period_of_the_class(log_of) -> None:
    """Senior grades have half-years, the others quarters; on a day outside every period nothing is due."""
    log: EventLog = log_of([QUARTER, HALF, YEAR, *FORMED])
    names = list(Journal(log, UFA).names("class"))
    rows = pd.DataFrame(
        {
            "class": np.array([names.index("7А"), names.index("10А"), names.index("7А")], dtype=np.int32),
            "day": np.array(["2024-10-01", "2024-10-01", "2024-10-30"], dtype="datetime64[D]").astype(np.int64),
        }
    )

    limit = Due(period_end=True).terms(rows, setting_of(log)).limit

    assert ["2024-10-25T19:00", "2024-12-28T19:00", "NaT"] == [str(np.datetime64(moment, "m")) for moment in limit]
