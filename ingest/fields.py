"""Kinds of fields that events have, and how an event type's model becomes a table of fields."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo


@dataclass(frozen=True)
class Domain:
    """The id space of a field: columns of one domain, in all tables, share their codes."""

    name: str


Lesson = Annotated[str, Domain("lesson")]
Person = Annotated[str, Domain("person")]
Class = Annotated[str, Domain("class")]
Subject = Annotated[str, Domain("subject")]
Group = Annotated[str, Domain("group")]
Work = Annotated[str, Domain("work")]
WorkKind = Annotated[str, Domain("work_kind")]
Period = Annotated[str, Domain("period")]
Code = Annotated[str, Domain("code")]
Value = Annotated[str, Domain("value")]
Text = Annotated[str, Domain("text")]
Exam = Annotated[str, Domain("exam")]
Order = Annotated[str, Domain("order")]
Remark = Annotated[str, Domain("remark")]
Clause = Annotated[str, Domain("clause")]
Finding = Annotated[str, Domain("finding")]
Word = Annotated[str, Domain("word")]
"""Words of small sets: kinds, roles, media, reasons."""


@dataclass(frozen=True)
class Column:
    """One data field as a column: kind `id` (any text of a domain), `date`, `instant`, `bool`, `int` or `list`; `choices` when fixed."""

    name: str
    kind: Literal["id", "date", "instant", "bool", "int", "list"]
    domain: str
    required: bool
    choices: tuple[str, ...] = ()


class EventData(BaseModel):
    """The `data` of one event type; the wire names `class`, `from` and so on are aliases."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)
    type: ClassVar[str]

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """Give the fields as columns, in the order of the contract."""
        return tuple(_column(info.alias or name, info) for name, info in cls.model_fields.items())


_KINDS: dict[object, Literal["date", "instant", "bool", "int"]] = {date: "date", datetime: "instant", bool: "bool", int: "int"}


def _column(name: str, info: FieldInfo) -> Column:
    domain = next((item.name for item in info.metadata if isinstance(item, Domain)), "")
    kind: Literal["id", "date", "instant", "bool", "int", "list"] = "id"
    choices: tuple[str, ...] = ()
    for part in _parts(info.annotation):
        if isinstance(part, Domain):
            domain = part.name
        elif part in _KINDS:
            kind = _KINDS[part]
        elif get_origin(part) is list:
            kind, domain = "list", "text"
        elif get_origin(part) is Literal:
            choices = get_args(part)
    return Column(name, kind, domain or "word", info.is_required(), choices)


def _parts(annotation: object) -> list[object]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [part for item in get_args(annotation) for part in _parts(item)]
    if get_origin(annotation) is Annotated:
        return [*get_args(annotation)[1:], *_parts(get_args(annotation)[0])]
    return [annotation]
