"""The files of an audit: findings, counts, rejects, timelines, summary; written whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UserError, reason_of
from ingest.wording import _

if TYPE_CHECKING:
    import pandas as pd

    from engine.evidence import Event
    from engine.findings import Finding
    from engine.judgement.conclusions import Conclusion

Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
FINDINGS, REJECTS, SUMMARY, TIMELINES = "findings.jsonl", "rejects.jsonl", "summary.json", "timelines.jsonl"
SCORES, FIGURES, CONCLUSIONS = "scores.csv", "figures.csv", "conclusions.jsonl"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def json_lines(items: Iterable[Mapping[str, Json]]) -> str:
    """Give objects as JSON Lines text, keys in their own order, non-ASCII as it is."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


def findings_text(findings: Sequence[Finding]) -> str:
    """Give `findings.jsonl`."""
    return json_lines(finding.as_json() for finding in findings)


def conclusions_text(conclusions: Sequence[Conclusion]) -> str:
    """Give `conclusions.jsonl`."""
    return json_lines(conclusion.as_json() for conclusion in conclusions)


def timelines_text(timelines: Mapping[str, list[Event]]) -> str:
    """Give `timelines.jsonl`: one line per finding with the events it rests on."""
    return json_lines({"finding": finding, "events": events} for finding, events in timelines.items())


def table_text(table: pd.DataFrame) -> str:
    """Give `scores.csv` or `figures.csv`, missing numbers empty; a text that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.astype(object).where(table.notna(), "").itertuples(index=False):
        writer.writerow([f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value for value in row])
    return out.getvalue()


def counts(findings: Sequence[Finding]) -> dict[str, Json]:
    """Give how many findings there are by verdict, by severity of the violations, and by rule."""
    return {
        "by_verdict": dict(sorted(Counter(finding.verdict for finding in findings).items())),
        "violations_by_severity": dict(sorted(Counter(f.severity for f in findings if f.verdict == "violation").items())),
        "by_rule": dict(sorted(Counter(finding.rule for finding in findings).items())),
    }


def write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write every text under its name into `folder`, all or none: first aside, then renamed into place.

    Raises UserError when the folder cannot be written (no right, disk full); nothing half-written stays then.
    """
    aside: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            handle, path = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            aside.append((Path(path), folder / name))
            # The name of an input file need not be UTF-8; its odd bytes are shown as escapes.
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        for written, target in aside:
            written.chmod(0o644)
            written.replace(target)
    except BaseException as error:
        for written, _target in aside:
            written.unlink(missing_ok=True)
        if isinstance(error, OSError):
            message = _("Не удалось записать результаты в {folder}: {reason}. Освободите место или укажите другую папку в --out.")
            raise UserError(message.format(folder=folder, reason=reason_of(error))) from error
        raise


def read_json_lines(path: Path) -> list[dict[str, Json]]:
    """Give the objects of a JSON Lines file that an audit wrote; raises UserError when it is missing or damaged."""
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    except FileNotFoundError:
        raise UserError(_("Нет файла {path}: сначала выполните zavuch audit с тем же --out.").format(path=path)) from None
    except (OSError, ValueError) as error:
        raise UserError(_("Файл {path} не читается: {reason}").format(path=path, reason=error)) from error
