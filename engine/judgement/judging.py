"""The second stage: an audit's findings and what people did about them → states, severities and conclusions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.candidates import periods_of
from engine.findings import finding_id
from engine.judge.casefile import JudgeFault
from engine.judge.workers import answers
from engine.judgement.batches import judge_histories
from engine.judgement.compiling import absence, compiled
from engine.judgement.conclusions import Act, Conclusion, Fault, Judgement, Reason
from engine.judgement.dossiers import Desk, decision_id, histories
from engine.judgement.plain import judge_history
from ingest.judgement import RULINGS
from ingest.wording import _
from rules.calendar import day_number

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from engine.findings import Finding
    from engine.judgement.dossier import Dossier, History, Opinion
    from policies.bundle import Bundle, Policies
    from policies.judgement import Judgement as Written
    from rules.setting import Setting


def judge_findings(
    findings: Sequence[Finding], setting: Setting, policies: Policies, counts: pd.DataFrame, *, workers: int, second_judge: bool = False
) -> Judgement:
    """Give what follows from all findings of an audit, in the order of `Finding.order`.

    `counts` has person, period (ids) and obligations; a person with a fault keeps findings as they are, and has no conclusions.
    """
    bundles = [bundle for _starts, _ends, bundle in policies.spans()]
    law_of = _laws(setting, bundles)
    desk = Desk(findings, setting, [compiled(bundle.judgement) for bundle in bundles], law_of, _totals(setting, counts))
    given = histories(desk)
    laws = tuple(desk.laws)
    if second_judge:
        opinions: list[list[Opinion] | JudgeFault] = [judge_history(laws, history) for history in given]
    else:
        opinions = answers(laws, given, workers=workers, batch=judge_histories)
    return _judgement(desk, bundles, given, opinions)


def _laws(setting: Setting, bundles: Sequence[Bundle]) -> dict[int, int]:
    """Place of each study period → place of the version whose judgement decides on it: the one in force on its last day looked at."""
    starts = [day_number(bundle.in_force.from_) for bundle in bundles]
    today = int(setting.calendar.day_of(_one(setting))[0])
    lasts = [min(int(day), today) for day in periods_of(setting)["ends"]]
    return {place: max(sum(start <= last for start in starts) - 1, 0) for place, last in enumerate(lasts)}


def _one(setting: Setting) -> np.ndarray:
    return setting.as_of.reshape(1)


def _totals(setting: Setting, counts: pd.DataFrame) -> dict[tuple[str, int], int]:
    journal = setting.journal
    places = {journal.name("period", int(code)) or "": place for place, code in enumerate(periods_of(setting)["period"])}
    totals: dict[tuple[str, int], int] = {}
    for person, period, obligations in zip(counts["person"], counts["period"], counts["obligations"], strict=True):
        if person and obligations:
            key = (str(person), places.get(str(period), -1))
            totals[key] = totals.get(key, 0) + int(obligations)
    return totals


def _judgement(
    desk: Desk, bundles: Sequence[Bundle], given: Sequence[History], opinions: Sequence[list[Opinion] | JudgeFault]
) -> Judgement:
    states: dict[str, str] = {}
    severities: dict[str, str] = {}
    waivers: dict[str, str] = {}
    conclusions: list[Conclusion] = []
    faults: list[Fault] = []
    granted = dict(zip(desk.waivers["event"].tolist(), desk.waivers["id"].tolist(), strict=True))
    for history, answer in zip(given, opinions, strict=True):
        if isinstance(answer, JudgeFault):
            faults.append(Fault(history.person, period_name(desk.setting, answer.period), answer.reason))
            continue
        for dossier, opinion in zip(history.dossiers, answer, strict=True):
            states |= {desk.findings[n].id: state for n, state in opinion.states}
            severities |= {desk.findings[n].id: severity for n, severity in opinion.severities}
            waivers |= {desk.findings[n].id: str(granted[waiver]) for n, waiver in opinion.waivers}
            conclusions += _conclusions(desk, bundles[dossier.law], dossier, opinion)
    done = acts_of(desk)
    return Judgement(
        tuple(sorted(conclusions, key=Conclusion.order)),
        states,
        severities,
        waivers,
        done,
        tuple(faults),
        tuple(_without_effect(desk, done)),
    )


def period_name(setting: Setting, place: str) -> str:
    """Give the id of a study period by its place as text, "" outside of all."""
    periods = periods_of(setting)["period"]
    known = place.isdecimal() and int(place) < len(periods)
    return (setting.journal.name("period", int(periods.iloc[int(place)])) or "") if known else ""


def _conclusions(desk: Desk, bundle: Bundle, dossier: Dossier, opinion: Opinion) -> list[Conclusion]:
    period = desk.names[int(dossier.period)]
    written = {rule.id: rule for rule in bundle.judgement}
    made: list[Conclusion] = []
    for drawn in opinion.drawn:
        rule = desk.laws[dossier.law].rules[drawn.rule]
        named = (
            str(value) if name != "finding" else desk.findings[int(value)].id for name, value in zip(rule.per, drawn.about, strict=True)
        )
        about = tuple(zip(rule.per, named, strict=True))
        reasons = tuple(_reason(desk, written[rule.id], kind, n, made) for kind, n in drawn.reasons)
        findings = {reason.id for reason in reasons if reason.kind == "finding"}
        findings |= {name for kind, n in drawn.reasons if kind == "conclusion" for name in made[n].findings}
        identity = finding_id(bundle.school, "conclusion", rule.id, dossier.person, period, *(value for _name, value in about))
        made.append(
            Conclusion(
                identity, rule.id, written[rule.id].title, rule.concludes, dossier.person, period, about, rule.severity, reasons,
                tuple(sorted(findings)),
            )
        )  # fmt: skip
    return made


def _reason(desk: Desk, rule: Written, kind: str, n: int, made: Sequence[Conclusion]) -> Reason:
    match kind:
        case "finding":
            return Reason(kind, desk.findings[n].id)
        case "remark":
            return Reason(kind, desk.setting.journal.name("remark", n) or "")
        case "decision":
            return Reason(kind, decision_id(desk, n))
        case "conclusion":
            return Reason(kind, made[n].id)
        case "absent":
            return Reason(kind, absence(rule, n))
        case _:
            return Reason(kind, "")


def acts_of(desk: Desk) -> dict[str, tuple[Act, ...]]:
    """Give finding id → what people did about it, in the order of events; findings that this audit does not know are left out."""
    found: dict[str, list[Act]] = {}
    table = desk.acts
    columns = [table[name].tolist() for name in ("event", "finding", "what", "by", "reason", "document")]
    instants = table["at"].to_numpy(dtype="datetime64[us]").astype("int64").tolist()
    for at, (event, finding, what, by, reason, document) in zip(instants, zip(*columns, strict=True), strict=True):
        if finding in desk.place:
            own = what in RULINGS and by == desk.findings[desk.place[finding]].responsible
            found.setdefault(finding, []).append(Act(what, at, by, event, own, reason, document))
    return {finding: tuple(done) for finding, done in found.items()}


def _without_effect(desk: Desk, done: Mapping[str, Sequence[Act]]) -> Iterator[tuple[str, str]]:
    """Events that change nothing, by id, each with the reason."""
    journal = desk.setting.journal
    lost = desk.acts[~desk.acts["finding"].isin(list(desk.place)).to_numpy(dtype=bool)]
    for event, finding in zip(journal.log.ids(lost["event"]), lost["finding"].tolist(), strict=True):
        yield event, _("вывода «{finding}» в этой проверке нет").format(finding=finding)
    own = sorted(act.event for acts in done.values() for act in acts if act.own)
    for event in journal.log.ids(own):
        yield event, _("решение о собственном нарушении не действует")
    for row in desk.waivers.to_dict("records"):
        if not row[str(row["scope"])]:
            yield str(row["id"]), _("освобождение не говорит, о чём оно: нужно поле {scope}").format(scope=row["scope"])
        elif row["ends"] < row["starts"]:
            yield str(row["id"]), _("освобождение кончилось раньше, чем началось")
    for row in desk.decisions.to_dict("records"):
        for finding in row["findings"]:
            if finding not in desk.place:
                yield str(row["id"]), _("вывода «{finding}» в этой проверке нет").format(finding=finding)
