"""A checker for the part of JSON Schema that our published schemas use; other keywords are errors."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
BOUNDS: dict[str, Callable[[float, float], bool]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}
NOTES = {"title", "description", "default", "$defs"}


def violations(value: Any, schema: Schema) -> list[str]:
    """Where a JSON value breaks a schema."""
    return list(_check(value, schema, schema["$defs"], "$"))


def _check(value: Any, schema: Schema, models: Schema, at: str) -> Iterator[str]:
    """Bounds hold for numbers, patterns for strings and so on; other values are left to `type`."""
    for keyword, rule in schema.items():
        if keyword in NESTED:
            yield from NESTED[keyword](value, rule, models, at)
        elif keyword == "additionalProperties":
            assert rule is False
            extra = sorted(value.keys() - schema["properties"].keys())
            yield from (f"{at}: {name} is not known" for name in extra)
        elif keyword not in NOTES and not _holds(keyword, rule, value):
            yield f"{at}: {value!r} breaks {keyword} {rule}"


def _holds(keyword: str, rule: Any, value: Any) -> bool:
    if keyword in BOUNDS:
        return not isinstance(value, int | float) or BOUNDS[keyword](value, rule)
    if keyword == "pattern":
        return not isinstance(value, str) or re.search(rule, value) is not None
    if keyword == "type":
        return isinstance(value, TYPES[rule]) and isinstance(value, bool) == (rule == "boolean")
    return bool({"const": operator.eq, "enum": operator.contains}[keyword](rule, value))


def _reference(value: Any, rule: str, models: Schema, at: str) -> Iterator[str]:
    return _check(value, models[rule.rpartition("/")[2]], models, at)


def _any_of(value: Any, rule: list[Schema], models: Schema, at: str) -> Iterator[str]:
    if all(any(_check(value, each, models, at)) for each in rule):
        yield f"{at}: {value!r} is none of {rule}"


def _required(value: Any, rule: list[str], models: Schema, at: str) -> Iterator[str]:
    yield from (f"{at}: {name} is missing" for name in rule if name not in value)


def _properties(value: Any, rule: Schema, models: Schema, at: str) -> Iterator[str]:
    for name in rule.keys() & value.keys():
        yield from _check(value[name], rule[name], models, f"{at}.{name}")


def _items(value: Any, rule: Schema, models: Schema, at: str) -> Iterator[str]:
    for index, each in enumerate(value):
        yield from _check(each, rule, models, f"{at}[{index}]")


NESTED: dict[str, Callable[[Any, Any, Schema, str], Iterator[str]]] = {
    "$ref": _reference,
    "anyOf": _any_of,
    "required": _required,
    "properties": _properties,
    "items": _items,
}
