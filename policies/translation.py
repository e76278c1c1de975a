"""Validation errors of the models as Russian sentences with the nearest valid word."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ingest.wording import _
from policies.positions import Path_


def nearest(word: str, known: Iterable[str]) -> str:
    """Give « — может быть, «x»?» for the known word nearest to `word`, "" when none is near."""
    names = list(known)
    found = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return _(" — может быть, «{word}»?").format(word=found[0]) if found else ""


def keys_at(model: type[BaseModel], path: Path_) -> list[str]:
    """Give the keys that may stand in the mapping at `path` inside `model`, [] where it is no mapping of a model."""
    here: Any = model
    for step in path:
        here = _inside(here, step)
        if here is None:
            return []
    found = _model(here)
    if found is None:
        return []
    return [info.alias or name for name, info in found.model_fields.items() if name != "assumed" or found.__name__ == "Parameter"]


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, types.UnionType):
        return next((found for part in get_args(annotation) if (found := _model(part))), None)
    return None


def _inside(annotation: Any, step: str | int) -> Any:
    model = _model(annotation)
    if model is not None:
        return next((info.annotation for name, info in model.model_fields.items() if step in (name, info.alias)), None)
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        return next((found for part in arguments if (found := _inside(part, step)) is not None), None)
    if get_origin(annotation) in (tuple, list) and arguments:
        return arguments[0]
    if get_origin(annotation) is dict:
        return arguments[1]
    return None


# Long: it is a table, one case per kind of error.
def sentence(error: ErrorDetails, model: type[BaseModel]) -> tuple[Path_, str, bool]:
    """Give (path, Russian message, whether the key is meant) for one validation error of `model`."""
    path: Path_ = tuple(error["loc"])
    context = error.get("ctx", {})
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    match error["type"]:
        case "missing":
            return path[:-1], _("нет обязательного ключа «{key}»").format(key=name), True
        case "extra_forbidden":
            known = keys_at(model, path[:-1])
            allowed = _(" Здесь бывают: {keys}.").format(keys=", ".join(known)) if known else ""
            return (
                path,
                _("неизвестный ключ «{key}»{near}").format(key=name, near=nearest(name, known))
                + "." * (not nearest(name, known))
                + allowed,
                True,
            )
        case "literal_error":
            choices = [str(choice) for choice in _choices(model, path)]
            given = str(error["input"])
            allowed = ", ".join(choices) if choices else str(context.get("expected", ""))
            return (
                path,
                _("«{key}»: значения «{value}» нет{near} Бывает: {allowed}.").format(
                    key=name, value=given, near=nearest(given, choices) or ".", allowed=allowed
                ),
                False,
            )
        case "int_type" | "int_parsing" | "int_from_float":
            return path, _("«{key}»: нужно целое число без кавычек, а здесь «{value}»").format(key=name, value=error["input"]), False
        case "bool_type" | "bool_parsing":
            return path, _("«{key}»: нужно true или false, а здесь «{value}»").format(key=name, value=error["input"]), False
        case "string_type":
            return path, _("«{key}»: нужен текст, а здесь {value}").format(key=name, value=_described(error["input"])), False
        case "date_type" | "date_parsing" | "date_from_datetime_parsing":
            return path, _("«{key}»: нужна дата вида 2024-09-01, а здесь «{value}»").format(key=name, value=error["input"]), False
        case "tuple_type" | "list_type":
            return (
                path,
                _("«{key}»: нужен список в квадратных скобках, а здесь {value}").format(key=name, value=_described(error["input"])),
                False,
            )
        case "dict_type" | "model_type" | "model_attributes_type":
            return (
                path,
                _("«{key}»: нужны вложенные ключи, а здесь {value}").format(key=name or "…", value=_described(error["input"])),
                False,
            )
        case "greater_than_equal" | "less_than_equal":
            bound = context.get("ge", context.get("le"))
            word = _("не меньше") if "ge" in context else _("не больше")
            return (
                path,
                _("«{key}»: нужно число {word} {bound}, а здесь {value}").format(key=name, word=word, bound=bound, value=error["input"]),
                False,
            )
        case "string_pattern_mismatch":
            return (
                path,
                _("«{key}»: «{value}» не подходит под образец {pattern}").format(
                    key=name, value=error["input"], pattern=context.get("pattern")
                ),
                False,
            )
        case "string_too_short" | "too_short":
            return path, _("«{key}»: пусто или слишком коротко").format(key=name), False
        case _:
            return path, _("«{key}»: {message}").format(key=name or "…", message=_known_errors(str(error["msg"]))), False


def _choices(model: type[BaseModel], path: Path_) -> list[str]:
    here: Any = model
    for step in path:
        here = _inside(here, step)
    parts = [here, *get_args(here)]
    return [str(choice) for part in parts if get_origin(part) is Literal for choice in get_args(part)]


def _described(value: object) -> str:
    if isinstance(value, dict):
        return _("вложенные ключи")
    if isinstance(value, list):
        return _("список")
    return f"«{value}»"


def _known_errors(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if text.startswith("a term has exactly one form"):
        return _("срок записывается ровно одним способом: {forms}").format(forms=text.partition(": ")[2])
    if text.startswith("a duty recurs in exactly one form"):
        return _("частота записывается ровно одним способом: {forms}").format(forms=text.partition(": ")[2])
    if text.startswith("a clause has exactly one way"):
        return _("у пункта ровно один ключ из четырёх: {ways}").format(ways=text.partition(": ")[2])
    if text.startswith("a window is either"):
        return _("окно задаётся либо днями (days), либо сроками других правил (terms_of)")
    if text.startswith("unknown role"):
        given, _sep, known = text.removeprefix("unknown role ").partition("; one of ")
        return _("роли {given} нет{near} Бывает: {known}.").format(
            given=given, near=nearest(given.strip("'"), known.split(", ")) or ".", known=known
        )
    if text.startswith("a number is written"):
        return _("нужно число, например 0.5 или 40")
    if text.startswith("a date of the year"):
        return _("дата года пишется как месяц-день, например 06-30")
    if text.startswith("unknown time zone"):
        return _("такого часового пояса нет; пример: Asia/Yekaterinburg")
    said = _duty_errors() | _people_errors() | _judgement_errors()
    return next((message for start, message in said.items() if text.startswith(start)), text)


def _duty_errors() -> dict[str, str]:
    """What can be wrong with a recurring duty, by the beginning of the error."""
    return {
        "grace is either": _("отсрочка задаётся либо рабочими днями (grace_working_days), либо календарными (grace_days)"),
        "grace goes with": _("отсрочка (grace_…) бывает только у week, month и period"),
        "`lead_days` goes": _("lead_days пишется только вместе с отсрочкой (grace_…), vacations: stop — только с days"),
        "a control names": _("нужны виды контроля (controls) или то, что передаётся (handed)"),
        "only `controls` are": _("published и directions бывают только у контроля (controls)"),
        "`instead` stands": _("instead пишется рядом с directions"),
        "a class or teacher owes": _("у класса и учителя частота — day: school, week, month, period или once"),
        "results are": _("результаты публикуются (published) или передаются (handed)"),
        "paper and days": _("бумажные отчёты и частота days бывают только по ученикам (per: student)"),
        "families are told": _("семьям сообщают в дни с уроками: day: school"),
        "parents look": _("родители смотрят по неделям, месяцам или учебным периодам"),
    }


def _people_errors() -> dict[str, str]:
    """What can be wrong with a norm on orders, accounts and access, by the beginning of the error."""
    return {
        "this term is counted in days": _("здесь срок считается в днях: same_day, working_days, calendar_days, week_end, date"),
        "acts of one rule rest": _("в одном правиле действия опираются либо на согласие (account, credentials), либо на приказ"),
        "who may issue": _("для check: issuer нужно by (кто выдаёт), для check: issued — срок due"),
    }


def _judgement_errors() -> dict[str, str]:
    """What can be wrong with a rule of judgement or the scoring, by the beginning of the error."""
    return {
        "words are compared": _("слово сравнивается ровно одним способом: is, is_not или one_of"),
        "a number is compared": _("число сравнивается с другим: is, is_not, at_least, at_most"),
        "a condition speaks": _("условие — ровно об одном: finding, remark, decision, conclusion или totals"),
        "only findings are": _("считаются (count) только нарушения (finding)"),
        "severity goes with": _("severity пишется тогда и только тогда, когда concludes: severity"),
        "severity and exempt": _("severity и exempt — о нарушении: нужно when: {finding: …}"),
        "what is late": _("опоздание (late) не стоит больше, чем выполнение в срок (met)"),
        "a graver violation": _("более тяжкое нарушение отнимает не меньше: critical ≥ major ≥ minor"),
    }
