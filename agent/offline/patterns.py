"""The word patterns of `prompts/agent/offline/`: one strict loader, checked when a file is read.

Knows the files' form (short names and parts in braces, no pattern over 200 letters) and that a pattern
holds every named group that is read from it; must not know what a tool is asked with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files
from itertools import count
from re import Match, Pattern
from typing import Annotated, ClassVar, Self, get_type_hints

import yaml
from pydantic import JsonValue, TypeAdapter, ValidationError

from tools.errors import BadInput
from tools.language.lexicon import character_lexicon, one_line
from tools.language.text import NAME_MARK, QUOTE_MARK

MAX_PATTERN = 200

_BRACED = re.compile(r"\{([a-z_][a-z_0-9]*)\}")
_Blocks = dict[str, dict[str, JsonValue]]
_FILE: TypeAdapter[_Blocks] = TypeAdapter(_Blocks)
_NO_NAMES = frozenset({"lead", "extra", "coach", "major"})


@dataclass(frozen=True)
class Patterns:
    """What may be said for one thing."""

    each: tuple[Pattern[str], ...]

    def first(self, small: str) -> Match[str] | None:
        """Return the first of the patterns, in their order, that a text holds."""
        return next(filter(None, (pattern.search(small) for pattern in self.each)), None)

    def opens(self, small: str, at: int = 0) -> Match[str] | None:
        """Return the first of the patterns that a text holds at a place."""
        return next(filter(None, (pattern.match(small, at) for pattern in self.each)), None)

    def all(self, small: str) -> Iterator[Match[str]]:
        """Return every place where one of the patterns is said."""
        return (match for pattern in self.each for match in pattern.finditer(small))

    def spans(self, small: str, inside: int = 0) -> list[tuple[int, int]]:
        """Return where the patterns, or one group of them, are said."""
        return [match.span(inside) for match in self.all(small)]

    def taken(self, small: str) -> Iterator[tuple[int, int]]:
        """Return the letters that the patterns say themselves, without what stands in their gaps."""
        for match in self.all(small):
            at = match.start()
            for start, end in sorted(match.span(group) for group in _gaps(match)):
                yield at, start
                at = end
            yield at, match.end()


@dataclass(frozen=True)
class Groups:
    """Names of groups that are read from patterns; every pattern holds one of them, and all are held."""

    names: tuple[str, ...]


Numbered = Annotated[Patterns, Groups(("n",))]
"""Patterns that say a number in the group `n`."""


@dataclass(frozen=True)
class Block:
    """One block of a pattern file; a subclass names its groups, which are exactly those of the block."""

    block: ClassVar[str]
    file: ClassVar[str]

    def __init_subclass__(cls, *, block: str, file: str) -> None:
        """Say where it stands: the block's name, and the file under `prompts/agent/offline`."""
        cls.block, cls.file = block, file

    @classmethod
    @cache
    def read(cls) -> Self:
        """Read it once.

        Raises:
            BadInput: a group is missing or nobody reads it, a short name is unknown, a pattern is too
                long, does not compile or lacks a group that is read; the message names file and group.
        """
        where = f"{cls.file}: {cls.block}"
        groups = dict(_file(cls.file).get(cls.block, {}))
        short = _named(groups.pop("parts", {}), dict(_short_names()), where)
        hints = get_type_hints(cls, include_extras=True)
        wanted = [field.name for field in fields(cls)]
        if set(wanted) != set(groups):
            raise BadInput(f"{where}: expected the groups {sorted(wanted)}, got {sorted(groups)}")
        return cls(
            **{
                group: _patterns(
                    groups[group], short, f"{where}.{group}", _read_groups(hints[group])
                )
                for group in wanted
            }
        )


def patterns_by_name(block: str, file: str) -> Mapping[str, Patterns]:
    """Read a block whose groups have names of their own, under `things`."""
    groups = _file(file)[block]
    short = _named(groups["parts"], dict(_short_names()), block)
    things = groups["things"]
    listed = things if isinstance(things, dict) else {}
    return {thing: _patterns(each, short, thing, ()) for thing, each in listed.items()}


@lru_cache(maxsize=16)
def _file(path: str) -> _Blocks:
    text = files("prompts").joinpath("agent", "offline", path).read_text(encoding="utf-8")
    try:
        return _FILE.validate_python(yaml.safe_load(text))
    except ValidationError as error:
        raise BadInput(f"{path}: {one_line(error)}") from error


def _patterns(
    sources: JsonValue, short: Mapping[str, str], where: str, read: Iterable[str]
) -> Patterns:
    gap = count()
    compiled: list[Pattern[str]] = []
    for source in map(str, sources if isinstance(sources, list) else []):
        if len(source) > MAX_PATTERN:
            raise BadInput(f"{where}: {len(source)} letters; name parts of {source[:40]!r}")
        try:
            compiled.append(re.compile(_with_gaps(_filled(source, short, where), gap)))
        except re.error as error:
            raise BadInput(f"{where}: {source!r} is no pattern: {error}") from error
    wanted = set(read)
    held = [set(pattern.groupindex) & wanted for pattern in compiled]
    if wanted and (not all(held) or set[str]().union(*held) != wanted):
        raise BadInput(
            f"{where}: every pattern needs one of the groups {wanted}, and each is needed"
        )
    return Patterns(tuple(compiled))


def _with_gaps(source: str, gap: Iterator[int]) -> str:
    """Name what stands for any words, so that it is not taken for said."""
    return re.sub(r"\{gap\}", lambda _: f"(?P<gap{next(gap)}>.*?)", source)


def _gaps(match: Match[str]) -> list[str]:
    named = match.re.groupindex
    return [group for group in named if group.startswith("gap") and match.start(group) >= 0]


def _read_groups(hint: object) -> list[str]:
    told = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Groups)]
    return [name for groups in told for name in groups.names]


def _filled(source: str, short: Mapping[str, str], where: str) -> str:
    def put_in(match: Match[str]) -> str:
        if match.group(1) not in short and match.group(1) != "gap":
            raise BadInput(f"{where}: unknown short name {match.group()}")
        return short.get(match.group(1), match.group())

    return _BRACED.sub(put_in, source)


def _named(parts: JsonValue, known: dict[str, str], where: str) -> dict[str, str]:
    """Add what short names stand for; each may use those before it."""
    for name, source in parts.items() if isinstance(parts, dict) else ():
        listed = [str(each) for each in (source if isinstance(source, list) else [source])]
        if max(map(len, listed)) > MAX_PATTERN:
            raise BadInput(f"{where}: the part {name} holds more than {MAX_PATTERN} letters")
        known[name] = f"(?:{'|'.join(_filled(each, known, where) for each in listed)})"
    return known


@lru_cache(maxsize=1)
def _short_names() -> dict[str, str]:
    lexicon = character_lexicon()
    persons = sorted({*lexicon.person, *lexicon.roles} - _NO_NAMES)
    names = {
        "name": f"{NAME_MARK}+",
        "quoted": f"{QUOTE_MARK}+",
        "person": f"(?:{'|'.join(map(re.escape, persons))})",
    }
    return _named(_file("message.yaml")["short"], names, "short")
