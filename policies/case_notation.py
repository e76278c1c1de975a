"""The compact notation of cases: one line per event or lesson, words in Russian or as in the contract, times by the school's clock.

13.11.2024 14:24 t-01 homework.recorded lesson=L-5 text="упр. 5"
13.11.2024 14:24 t-01 задание урок=L-5 текст=«упр. 5»
L-5 13.11.2024 08:30-09:10 7А Алгебра t-01
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.vocabulary import columns, models
from ingest.wording import _
from policies.translation import nearest

Data = dict[str, object]
_TOKEN = re.compile(r'(?:(?P<key>[^\s="«]+)=)?(?:"(?P<double>[^"]*)"|«(?P<angle>[^»]*)»|(?P<bare>[^\s"«]+))(?=\s|$)')
_TIME = re.compile(r"^([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d)?$")
_ENVELOPE = ("evidence", "notbefore", "id", "source")
_YES, _NO = ("да", "true"), ("нет", "false")

EVENT_WORDS = {
    "тема": "topic.recorded",
    "задание": "homework.recorded",
    "перекличка": "attendance.taken",
    "пропуск": "attendance.recorded",
    "причина": "attendance.changed",
    "отметка": "mark.recorded",
    "исправление": "mark.changed",
    "удаление": "mark.deleted",
    "итог": "period_mark.recorded",
    "работа": "work.set",
    "перенос": "lesson.moved",
    "отмена": "lesson.cancelled",
    "замена": "lesson.substituted",
    "план": "plan.published",
    "приказ": "order.signed",
    "отсутствие": "absence.registered",
    "группа": "group.assigned",
    "проверка": "control.performed",
    "замечание": "remark.issued",
    "устранено": "remark.resolved",
    "отчёт": "report.delivered",
    "просмотр": "diary.viewed",
    "уведомление": "notice.sent",
    "копия": "backup.created",
    "учётная_запись": "account.created",
    "согласие": "consent.signed",
    "отказ": "optout.filed",
    "сбой": "outage.began",
    "сбой_устранён": "outage.ended",
}
"""Russian words for the commonest event types."""

FIELD_WORDS = {
    "урок": "lesson", "ученик": "student", "ученики": "students", "текст": "text", "код": "code", "отметка": "value", "было": "old",
    "работа": "work", "вид": "kind", "класс": "class", "предмет": "subject", "группа": "group", "период": "period", "учитель": "teacher",
    "человек": "person", "кому": "to", "с": "from", "по": "to", "дата": "date", "приказ": "order", "роль": "role", "срок": "due",
    "замечание": "remark", "причина": "reason", "форма": "form", "отчёт": "report", "родитель": "parent", "раздел": "section",
    "проверка": "control", "опубликовано": "published", "направления": "directions", "носитель": "medium", "документ": "document",
    "учебный_год": "school_year", "формат": "format", "подписано": "signed", "начало": "starts_at", "конец": "ends_at",
    "доказательство": "evidence", "не_раньше": "notbefore",
}  # fmt: skip
"""Russian words for the commonest fields; a word that has two meanings takes the one that its event type knows."""


class NotationError(ValueError):
    """A line that cannot be read; `str(error)` says why, in the user's language."""


@dataclass(frozen=True)
class Token:
    """A word of a line, with its key where one stands before `=`."""

    key: str | None
    text: str


def tokens(line: str) -> list[Token]:
    """Split a line into words; texts with spaces stand in "…" or «…». Raises NotationError for a quote that is not closed."""
    found, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(line, at)
        if match is None:
            raise NotationError(_("не читается с «{rest}»: проверьте кавычки").format(rest=line[at : at + 20]))
        text = next(part for part in (match["double"], match["angle"], match["bare"]) if part is not None)
        found.append(Token(match["key"], text))
        at = match.end()
    return found


def day(text: str) -> date:
    """Give the date of «2024-11-13» or «13.11.2024»; raises NotationError."""
    try:
        return date.fromisoformat("-".join(reversed(text.split(".")))) if text.count(".") == 2 else date.fromisoformat(text)
    except ValueError:
        raise NotationError(_("«{text}» — не дата; пример: 13.11.2024").format(text=text)) from None


def instant(text: str) -> str:
    """Give the ISO text, without an offset, of «13.11.2024 14:24»; raises NotationError."""
    first, _space, time = text.strip().replace("T", " ").partition(" ")
    if not _TIME.match(time):
        raise NotationError(_("«{text}» — не время; пример: 14:24").format(text=text))
    return f"{day(first).isoformat()}T{time if len(time.split(':')[0]) > 1 else '0' + time}" + ("" if time.count(":") == 2 else ":00")


def event(line: str) -> Data:
    """Give the event of a line, without id and source: when, who (`-`: nobody known), type, fields. Raises NotationError."""
    words = tokens(line)
    if len(words) < 4 or any(word.key for word in words[:4]):
        example = "13.11.2024 14:24 t-01 тема урок=L-5 текст=«Дроби»"
        raise NotationError(_("строка события: дата, время, кто, вид события, поля; пример: {example}").format(example=example))
    moment, actor, kind = instant(f"{words[0].text} {words[1].text}"), words[2].text, EVENT_WORDS.get(words[3].text, words[3].text)
    if kind not in models():
        known = [*EVENT_WORDS, *models()]
        raise NotationError(_("вида события «{kind}» нет{near}").format(kind=words[3].text, near=nearest(words[3].text, known)))
    made: Data = {"specversion": "1.0", "type": kind, "time": moment}
    if actor != "-":
        made["actor"] = actor
    data: Data = {}
    for word in words[4:]:
        if word.key is None:
            raise NotationError(_("«{text}»: после вида события стоят поля вида поле=значение").format(text=word.text))
        name = _field(word.key, kind)
        if name in _ENVELOPE:
            made[name] = instant(word.text) if name == "notbefore" else word.text
        else:
            data[name] = _value(name, word.text, kind)
    made["data"] = data
    return made


def lesson(line: str) -> Data:
    """Give the data of a scheduled lesson from «L-5 13.11.2024 08:30-09:10 7А Алгебра t-01 группа=1»; raises NotationError."""
    words = tokens(line)
    times = words[2].text.replace("–", "-").split("-") if len(words) > 2 else []
    if len(words) < 6 or len(times) != 2:
        example = "L-5 13.11.2024 08:30-09:10 7А Алгебра t-01"
        raise NotationError(_("строка урока: имя, дата, начало-конец, класс, предмет, учитель; пример: {example}").format(example=example))
    on = words[1].text
    data: Data = {
        "lesson": words[0].text,
        "class": words[3].text,
        "subject": words[4].text,
        "teacher": words[5].text,
        "starts_at": instant(f"{on} {times[0]}"),
        "ends_at": instant(f"{on} {times[1]}"),
    }
    for word in words[6:]:
        name = _field(word.key or word.text, "lesson.scheduled")
        data[name] = _value(name, word.text, "lesson.scheduled")
    return data


def _field(word: str, kind: str) -> str:
    known = [column.name for column in columns(kind)]
    if word in known or word in _ENVELOPE:
        return word
    # «отметка» and «работа» name an event and a field; «по» and «кому» are both `to`.
    meant = FIELD_WORDS.get(word)
    if meant in known or meant in _ENVELOPE:
        return str(meant)
    raise NotationError(
        _("у события {kind} нет поля «{field}»{near} Бывают: {known}.").format(
            kind=kind, field=word, near=nearest(word, known) or ".", known=", ".join(known)
        )
    )


def _value(name: str, text: str, kind: str) -> object:
    column = next(column for column in columns(kind) if column.name == name)
    match column.kind:
        case "list":
            return [part.strip() for part in text.split(",") if part.strip()]
        case "bool":
            if text.lower() not in (*_YES, *_NO):
                raise NotationError(_("поле {field}: да или нет, а здесь «{text}»").format(field=name, text=text))
            return text.lower() in _YES
        case "int":
            if not text.lstrip("-").isdigit():
                raise NotationError(_("поле {field}: нужно целое число, а здесь «{text}»").format(field=name, text=text))
            return int(text)
        case "date":
            return day(text).isoformat()
        case "instant":
            return instant(text)
        case _:
            return text
