"""The same eight norms, hand-written in DuckDB SQL over the same Parquet file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

_TYPES = {
    "lessons": (
        "lesson.scheduled",
        'lesson, class, subject, teacher, "group" AS grp, starts_at::TIMESTAMPTZ AS s, ends_at::TIMESTAMPTZ AS e',
    ),
    "moved": ("lesson.moved", "lesson, starts_at::TIMESTAMPTZ AS s, ends_at::TIMESTAMPTZ AS e"),
    "cancelled": ("lesson.cancelled", "lesson"),
    "topics": ("topic.recorded", "lesson"),
    "homework": ("homework.recorded", "lesson"),
    "works": ("work.set", "work, lesson, kind"),
    "marks": ("mark.recorded", "lesson, student, value, work"),
    "deleted": ("mark.deleted", "lesson, student, work"),
    "changed": ("mark.changed", "lesson, student, value"),
    "absent": ("attendance.recorded", "lesson, student"),
    "joined": ("student.joined", "student, class, date::DATE AS since"),
    "departed": ("student.left", "student, class, date::DATE AS until"),
    "assigned": ("group.assigned", 'student, class, subject, "group" AS grp, "from"::DATE AS since'),
    "period_marks": ("period_mark.recorded", "class, subject, student, period"),
    "home": ("order.signed", 'person AS student, kind, "from"::DATE AS since'),
    "classes": ("class.formed", "class, grade"),
    "periods": ("period.set", "period, kind, starts::DATE AS starts, ends::DATE AS ends"),
}

_PREPARE = """
CREATE OR REPLACE TEMP TABLE groups AS
SELECT *, lead(since) OVER (PARTITION BY student, class, subject ORDER BY since, time) AS until FROM assigned;

CREATE OR REPLACE TEMP TABLE held AS
SELECT l.lesson, l.class, l.subject, l.grp, c.grade, coalesce(m.s, l.s) AS s, coalesce(m.e, l.e) AS e, coalesce(m.s, l.s)::DATE AS d
FROM lessons l JOIN classes c USING (class) LEFT JOIN moved m USING (lesson) WHERE l.lesson NOT IN (SELECT lesson FROM cancelled);
CREATE OR REPLACE TEMP TABLE members AS
SELECT h.lesson, j.student FROM held h JOIN joined j USING (class) LEFT JOIN departed x ON x.student = j.student AND x.class = j.class
WHERE h.grp IS NULL AND j.since <= h.d AND (x.until IS NULL OR h.d < x.until)
UNION ALL SELECT h.lesson, g.student FROM held h JOIN groups g ON g.class = h.class AND g.subject = h.subject AND g.grp = h.grp WHERE g.since <= h.d AND (g.until IS NULL OR h.d < g.until);
CREATE OR REPLACE TEMP TABLE owed AS
SELECT w.work, h.*, b.student FROM works w JOIN held h USING (lesson) JOIN members b USING (lesson)
LEFT JOIN absent a ON a.lesson = w.lesson AND a.student = b.student LEFT JOIN home o ON o.student = b.student AND o.kind = 'home_schooling' AND o.since <= h.d
WHERE w.kind = 'control' AND a.student IS NULL AND o.student IS NULL;
CREATE OR REPLACE TEMP TABLE first_mark AS SELECT work, student, min(time) AS t FROM marks WHERE work IS NOT NULL GROUP BY ALL;
"""

_QUERIES = {
    "topic": """SELECT count(*) FROM held h LEFT JOIN (SELECT lesson, min(time) AS t FROM topics GROUP BY lesson) r USING (lesson)
        WHERE t IS NULL OR t >= (h.d + 1)::TIMESTAMPTZ""",
    "homework": """WITH last_whole AS (SELECT class, d, max(e) AS e FROM held WHERE grp IS NULL GROUP BY ALL),
        last_class AS (SELECT class, d, max(e) AS e FROM held GROUP BY ALL),
        split AS (SELECT b.student, h.class, h.d, max(h.e) AS e FROM held h JOIN members b USING (lesson) WHERE h.grp IS NOT NULL GROUP BY ALL),
        own AS (SELECT h.lesson, max(greatest(s.e, coalesce(w.e, s.e))) AS e FROM held h JOIN members b USING (lesson)
            JOIN split s ON s.student = b.student AND s.d = h.d LEFT JOIN last_whole w ON w.class = h.class AND w.d = h.d
            WHERE h.grp IS NOT NULL GROUP BY h.lesson)
        SELECT count(*) FROM held h JOIN last_class c USING (class, d) LEFT JOIN own USING (lesson)
        LEFT JOIN (SELECT lesson, min(time) AS t FROM homework GROUP BY lesson) r USING (lesson)
        WHERE h.grade >= 2 AND (t IS NULL OR t > least(coalesce(own.e, c.e) + INTERVAL 60 MINUTE, (h.d + 1)::TIMESTAMPTZ))""",
    "control-5-days": """WITH due AS (SELECT d, (SELECT day FROM working WHERE day > d ORDER BY day LIMIT 1 OFFSET 4) AS last FROM
            (SELECT DISTINCT d FROM owed))
        SELECT count(*) FROM owed JOIN due USING (d) LEFT JOIN first_mark USING (work, student) WHERE t IS NULL OR t >= (last + 1)::TIMESTAMPTZ""",
    "control-next-lesson": """WITH slots AS (SELECT class, subject, grp, d, min(s) AS s FROM held GROUP BY ALL),
        nxt AS (SELECT o.work, min(n.s) AS s FROM (SELECT DISTINCT work, class, subject, grp, d FROM owed) o
            JOIN slots n ON n.class = o.class AND n.subject = o.subject AND n.grp IS NOT DISTINCT FROM o.grp AND n.d > o.d GROUP BY o.work)
        SELECT count(*) FROM owed o JOIN nxt USING (work) LEFT JOIN first_mark USING (work, student) WHERE t IS NULL OR t >= nxt.s""",
    "window": """SELECT count(*) FROM (SELECT lesson, time FROM marks UNION ALL SELECT lesson, time FROM changed) m JOIN held h USING (lesson)
        WHERE m.time >= (h.d + 15)::TIMESTAMPTZ""",
    "codes": """SELECT count(*) FROM (SELECT lesson, value FROM marks UNION ALL SELECT lesson, value FROM changed) m
        WHERE NOT regexp_full_match(value, '(Н|ОТ|УП|НП|Б)?[2-5]*')""",
    "period-marks": """WITH lines AS (SELECT DISTINCT h.class, h.subject, h.grp, p.period, p.ends FROM held h JOIN periods p
            ON h.d BETWEEN p.starts AND p.ends WHERE p.kind = 'quarter' AND h.grade >= 2),
        cells AS (SELECT DISTINCT l.class, l.subject, l.period, l.ends, j.student FROM lines l JOIN joined j USING (class)
            LEFT JOIN departed x ON x.student = j.student AND x.class = j.class
            LEFT JOIN groups g ON g.student = j.student AND g.class = l.class AND g.subject = l.subject AND g.grp = l.grp
                AND g.since <= l.ends AND (g.until IS NULL OR l.ends < g.until)
            WHERE j.since <= l.ends AND (x.until IS NULL OR l.ends < x.until) AND (l.grp IS NULL OR g.student IS NOT NULL))
        SELECT count(*) FROM cells c
        LEFT JOIN (SELECT class, subject, student, period, min(time) AS t FROM period_marks GROUP BY ALL) m USING (class, subject, student, period)
        LEFT JOIN home o ON o.student = c.student AND o.kind = 'home_schooling' AND o.since <= c.ends
        WHERE (t IS NULL AND o.student IS NULL) OR t >= (c.ends + 1)::TIMESTAMPTZ""",
    "few-marks": """WITH lines AS (SELECT DISTINCT h.class, h.subject, h.grp, p.period, p.ends FROM held h JOIN periods p
            ON h.d BETWEEN p.starts AND p.ends WHERE p.kind = 'quarter' AND h.grade >= 2),
        cells AS (SELECT DISTINCT l.class, l.subject, l.period, j.student FROM lines l JOIN joined j USING (class)
            LEFT JOIN departed x ON x.student = j.student AND x.class = j.class
            LEFT JOIN groups g ON g.student = j.student AND g.class = l.class AND g.subject = l.subject AND g.grp = l.grp
                AND g.since <= l.ends AND (g.until IS NULL OR l.ends < g.until)
            WHERE j.since <= l.ends AND (x.until IS NULL OR l.ends < x.until) AND (l.grp IS NULL OR g.student IS NOT NULL)),
        given AS (SELECT h.subject, m.student, p.period, count(*) AS n FROM marks m JOIN held h USING (lesson)
            JOIN periods p ON h.d BETWEEN p.starts AND p.ends AND p.kind = 'quarter'
            WHERE NOT EXISTS (FROM deleted x WHERE x.lesson = m.lesson AND x.student = m.student AND x.work IS NOT DISTINCT FROM m.work
                AND x.time > m.time) AND NOT regexp_full_match(m.value, '(Н|ОТ|УП|НП|Б)') GROUP BY ALL)
        SELECT count(*) FROM cells LEFT JOIN given USING (subject, student, period) WHERE coalesce(n, 0) < 3""",
}


def connect(parquet: Path, zone: str, working: np.ndarray) -> duckdb.DuckDBPyConnection:
    """Give a connection whose tables hold the typed events of the file; loading is no part of the comparison."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"SET TimeZone = '{zone}'")
    for name, (event_type, columns) in _TYPES.items():
        connection.execute(
            f"CREATE TABLE {name} AS SELECT {columns}, time::TIMESTAMPTZ AS time FROM read_parquet('{parquet}') WHERE type = '{event_type}'"
        )
    days = pd.DataFrame({"day": working.astype("datetime64[D]").astype("datetime64[s]")})
    connection.execute("CREATE TABLE working AS SELECT day::DATE AS day FROM days")
    assert len(days)
    return connection


def run(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Give norm → how many cases are not plainly met."""
    connection.execute(_PREPARE)
    found = {}
    for name, query in _QUERIES.items():
        row = connection.execute(query).fetchone()
        assert row is not None
        found[name] = int(row[0])
    return found
