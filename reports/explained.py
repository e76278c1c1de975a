"""One finding explained: the clause in plain words, the timeline of events, the arithmetic, the chain of reasons."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, cast

from ingest.errors import UserError
from ingest.wording import _
from reports.console import severity_names, status_names, verdict_names
from reports.files import FINDINGS, TIMELINES, Json, read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

_HIDDEN = ("id", "source", "type", "time", "actor", "notbefore", "evidence")


# Long: one line per event type.
# Long: it is a table, one line per kind of event.
def event_names() -> dict[str, str]:
    """Give the commonest event types in words."""
    return {
        "lesson.scheduled": _("урок в расписании"),
        "lesson.moved": _("урок перенесён"),
        "lesson.cancelled": _("урок отменён"),
        "lesson.substituted": _("замена учителя"),
        "topic.recorded": _("записана тема"),
        "homework.recorded": _("внесено домашнее задание"),
        "attendance.taken": _("проведена перекличка"),
        "attendance.recorded": _("отмечен пропуск"),
        "attendance.changed": _("изменён пропуск"),
        "mark.recorded": _("выставлена отметка"),
        "mark.changed": _("исправлена отметка"),
        "mark.deleted": _("удалена отметка"),
        "work.set": _("назначена работа"),
        "plan.published": _("опубликован план"),
        "period.set": _("установлен учебный период"),
        "period_mark.recorded": _("выставлена отметка за период"),
        "period_mark.changed": _("исправлена отметка за период"),
        "student.joined": _("ученик зачислен в класс"),
        "group.assigned": _("ученик распределён в группу"),
        "remark.issued": _("сделано замечание"),
        "remark.resolved": _("замечание устранено"),
        "notice.sent": _("отправлено извещение"),
        "message.sent": _("отправлено сообщение"),
        "announcement.posted": _("размещено объявление"),
        "control.performed": _("проведён контроль"),
        "report.delivered": _("передан отчёт"),
        "diary.viewed": _("просмотрен дневник"),
        "backup.created": _("создана резервная копия"),
        "optout.filed": _("подан отказ от электронной формы"),
        "consent.signed": _("подписано согласие"),
        "consent.refused": _("отказано в согласии"),
        "parent.linked": _("родитель связан с учеником"),
        "order.signed": _("подписан приказ"),
        "class.formed": _("сформирован класс"),
        "absence.registered": _("отмечено отсутствие"),
        "list.delivered": _("передан список"),
        "profile.updated": _("изменена личная карточка"),
        "student.left": _("ученик выбыл из класса"),
        "account.created": _("создана учётная запись"),
        "account.disabled": _("закрыта учётная запись"),
        "access.granted": _("дан доступ"),
        "role.assigned": _("назначена роль"),
        "credentials.issued": _("выданы реквизиты"),
        "credentials.compromised": _("реквизиты стали известны посторонним"),
        "credentials.changed": _("сменены реквизиты"),
        "incident.reported": _("сообщено о происшествии"),
        "session.opened": _("открыт сеанс"),
        "page.viewed": _("открыта страница"),
        "parameter.changed": _("изменён параметр"),
        "reference.entered": _("внесены справочные данные"),
        "archive.checked": _("проверено для архива"),
        "archive.exported": _("выгружено в архив"),
        "archive.printed": _("напечатано для архива"),
        "archive.bound": _("сшито для архива"),
        "archive.deposited": _("сдано в архив"),
        "archive.destroyed": _("уничтожено"),
        "year.opened": _("открыт учебный год"),
        "year.closed": _("закрыт учебный год"),
        "attestation.given": _("подтверждено соблюдение пункта"),
        "explanation.given": _("дано объяснение"),
        "ruling.made": _("принято решение о выводе"),
        "dispute.opened": _("вывод оспорен"),
        "decision.made": _("принято решение о человеке"),
        "waiver.granted": _("дано освобождение"),
    }


def role_names() -> dict[str, str]:
    """Give the roles of people in words."""
    return {
        "teacher": _("учитель"),
        "homeroom_teacher": _("классный руководитель"),
        "deputy_director": _("заместитель директора"),
        "director": _("директор"),
        "administrator": _("администратор журнала"),
        "backup_administrator": _("резервный администратор"),
        "secretary": _("секретарь"),
        "hr_operator": _("оператор по кадрам"),
        "study_operator": _("оператор по учебной работе"),
        "student_operator": _("оператор по контингенту"),
        "technical_specialist": _("технический специалист"),
        "site_admin": _("администратор сайта"),
        "parent": _("родитель"),
        "student": _("ученик"),
    }


def reason_names() -> dict[str, str]:
    """Give the judge's grounds in words; a ground without words is shown by its name."""
    return {
        "late": _("запись сделана не раньше, чем истёк срок"),
        "missing": _("срок истёк, записи нет"),
        "early": _("запись сделана раньше первого разрешённого момента"),
        "forbidden": _("запись нарушает запрет"),
        "excuse.outage": _("срок перенесён из-за зарегистрированного сбоя"),
        "unproven.bracket": _("запись сделана между двумя снимками журнала, срок лежит внутри"),
        "unproven.actor": _("неизвестно, кто сделал запись"),
        "review.timetable": _("расписание изменено после срока"),
        "review.remark": _("у учителя есть замечание без указания урока: возможно, это его исправление"),
        "notice.assumed": _("срок допущен школой, поэтому только уведомление"),
        "absorb": _("то же действие нарушает и другие пункты; вывод один"),
    }


def explained(finding_id: str, folder: Path, schools_dir: Path) -> str:
    """Give the full explanation of a finding from the files of an audit; raises UserError when there is no such finding."""
    findings = {str(item["id"]): item for item in read_json_lines(folder / FINDINGS)}
    if finding_id not in findings:
        near = difflib.get_close_matches(finding_id, findings, n=1, cutoff=0.3)
        hint = _(" Похожий: {id}.").format(id=near[0]) if near else ""
        raise UserError(_("В {folder} нет вывода с id «{id}».").format(folder=folder, id=finding_id) + hint)
    finding = findings[finding_id]
    events = next((line["events"] for line in read_json_lines(folder / TIMELINES) if line["finding"] == finding_id), [])
    lines = [
        _("Вывод {id}: {verdict}, {status}, {severity}").format(
            id=finding_id,
            verdict=verdict_names()[str(finding["verdict"])],
            status=status_names()[str(finding["status"])],
            severity=severity_names()[str(finding["severity"])],
        ),
        _("Отвечает: {person} ({role})").format(
            person=finding["responsible"] or _("неизвестно кто"), role=role_names().get(str(finding["role"]), finding["role"])
        ),
        "",
        *_clause(finding, schools_dir),
        "",
        _("Как посчитано:"),
        f"  {finding['explanation']}",
        "",
        _("События журнала:"),
        *(_event_line(event) for event in cast("list[dict[str, Json]]", events)),
        "",
        _("Ход рассуждения:"),
        *(f"  {place}. {reason_names().get(reason, reason)}" for place, reason in enumerate(cast("list[str]", finding["reasons"]), 1)),
        "",
        _("Положение: {policy}").format(policy=finding["policy"]),
    ]
    return "\n".join(lines)


def _clause(finding: dict[str, Json], schools_dir: Path) -> list[str]:
    """The norm in the bundle's own words, and what else is broken by the same act."""
    from policies.loader import load_school

    _profile, policies = load_school(schools_dir, str(finding["school"]))
    title = next((rule.title for _s, _e, bundle in policies.spans() for rule in bundle.rules if rule.id == finding["rule"]), "")
    lines = [_("Пункт {clause}: {title}").format(clause=finding["clause"], title=title)]
    also = cast("list[str]", finding["also"])
    if also:
        lines.append(_("Тем же действием: {also}").format(also=", ".join(also)))
    return lines


def _event_line(event: dict[str, Json]) -> str:
    what = event_names().get(str(event["type"]), str(event["type"]))
    details = ", ".join(f"{key}: {value}" for key, value in event.items() if key not in _HIDDEN)
    when = str(event["time"])
    if "notbefore" in event:
        when = _("между {low} и {high}").format(low=event["notbefore"], high=when)
    actor = f" — {event['actor']}" if event.get("actor") else ""
    return f"  {when}  {what}{actor}  [{event['id']}]  {details}"
