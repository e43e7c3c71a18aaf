"""Takes in a sentence: `12A T3`, `take 3 of 12A`, `1 and 3`, `the last one`, `all but 2`, `it`.

Knows what was shown last; gives what `agent.arguments.TakeName` holds. Must not know what is done
with a take.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from agent.offline.clause import Clause
from agent.offline.numbers import NUMBER, ORDINAL, number_of, ordinal_of
from agent.offline.room import Room
from tools.contracts.digest import ShownKind

_N = rf"(?:{NUMBER}|{ORDINAL})"
_NOUN = (
    r"(?:takes?|numbers?|nos?\.?|pictures?|images?|frames?|ones?|shots?|options?|versions?|the|#|t)"
)
_LINK = r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s*&\s*|\s*\+\s*|\s+or\s+|\s+plus\s+)"
_ITEM = rf"(?:{_NOUN}\s*)*{_N}(?:\s+(?:one|take|picture|image|frame)s?\b)?"
_SETUP = r"\d{1,4}\s?[a-hj-np-z]{1,2}"
_UNIT = (
    r"(?!\s*(?:mm\b|%|steps?\b|years?\b|more\b|degrees|takes\b|versions\b|shots\b|images\b|pictures\b"
    r"|times\b|days?\b|hours?\b|minutes?\b|seconds?\b|-year|faces\b|candidates\b|per\b|percent|k\b))"
)

_OF_SLATE = re.compile(
    rf"\b(?P<list>{_ITEM}(?:{_LINK}{_ITEM})*)\s+(?:of|from|in|on|for)\s+(?:(?:slate|shot|setup)\s+)?(?P<slate>{_SETUP})\b"
)
_SLATE_FIRST = re.compile(
    rf"(?<![\w.])(?P<slate>{_SETUP})(?:\s*/\s*|\s*,?\s*takes?\s*|\s*-?\s*t\s?|\s*#\s*)(?P<list>\d{{1,4}}"
    rf"(?:{_LINK}t?\s?\d{{1,4}}(?!\s?[a-z]))*)\b"
)
_EXCEPT = re.compile(
    rf"\b(?:all|everything|every (?:one|take)|the lot|them all)(?: of (?:them|these|those))?,?\s+"
    rf"(?:but|except(?: for)?|apart from|save|other than|without|bar)\s+(?P<list>{_ITEM}(?:{_LINK}{_ITEM})*)"
)
_RANGE = re.compile(
    rf"(?<![\w.:/])(?:{_NOUN}\s*)*(?P<first>\d{{1,3}})\s*(?:-|to|through|till|until)\s*(?P<last>\d{{1,3}})(?![\w:/.]*\w){_UNIT}"
)
_COUNTED = re.compile(
    r"\b(?P<end>first|last)\s+(?P<count>two|three|four|five|six|couple|2|3|4|5|6)\b"
)
_PLAIN = re.compile(
    r"(?<!other )"
    rf"(?<![\w.:/$])(?:{_NOUN}\s*)*(?P<number>\d{{1,3}})(?:'s)?\b(?!:\d|/\d|\.\d|-\w)(?!\s?(?:[a-hj-np-z]|mm)\b(?<!\ba)){_UNIT}"
)
_WORD = re.compile(
    rf"\b(?:takes?|numbers?|no\.?|pictures?|frames?|images?)\s+(?P<number>{NUMBER})\b{_UNIT}"
)
_ALL_COUNT = re.compile(
    r"\b(?:all|the) (?:two|three|four|five|six|seven|eight|\d)(?: of (?:them|these|those)| takes)?\b"
    r"(?=(?: are| is|,|\.|$| look| please| have))"
)
_BARE = re.compile(
    r"(?<!the )(?<!st )(?<!nd )(?<!rd )(?<!th )(?<!his )(?<!hat )(?<!other )\b"
    r"(?P<number>one(?=\s*(?:,|and\b|&))|two|three|four|five|six|seven|eight|nine|ten)\b"
    rf"(?! of )(?! ones?\b){_UNIT}"
)
_PLACE = re.compile(
    rf"\b(?:the\s+|take the\s+|my\s+)?(?P<place>{ORDINAL})(?:\s+(?:one|take|picture|image|frame))?\b"
    r"(?! (?:light|take of|time))"
)
_ALL = re.compile(
    r"\b(?:both(?: of (?:them|these|those)| takes)?"
    r"|all(?: of (?:them|these|those)| (?:the )?takes| three| four| five| two| of it)?"
    r"|every (?:one|take)|them all|these|those|them|everything|the (?:whole )?lot"
    r"|none of (?:these|them|those)|neither(?: of (?:them|these|those))?"
    r"|(?:the )?(?:takes|lot))\b(?! is\b)"
)
_REST = re.compile(
    r"\b(?:the (?:rest|other (?:ones?|two|three|four|five|\d|takes?)|others?|remaining (?:ones?|takes?)))\b"
)
_IT = re.compile(
    r"\b(?:it(?:'s)?|this(?: one| take)?|that(?: one| take|'s (?:it|the one))?|the take|the picture)\b"
)

_Span = tuple[int, int]


@dataclass(frozen=True)
class FoundTakes:
    """Takes, and where in the clause they were said."""

    takes: tuple[str, ...] = ()
    spans: tuple[_Span, ...] = ()

    def __bool__(self) -> bool:
        """True when there is a take."""
        return bool(self.takes)


def takes_in(
    clause: Clause, room: Room, *, also: tuple[str, ...] = (), vague: bool = True
) -> FoundTakes:
    """Return the takes that a clause means, in the order said.

    Args:
        clause: what was said.
        room: where; numbers stand for what was shown last.
        also: takes that were said before in the message, which `the others` leaves out.
        vague: also what `it`, `them` and `the rest` mean.
    """
    low = list(clause.low)
    found: list[tuple[int, int, list[str]]] = []
    for pattern, meaning in _MEANINGS:
        if pattern in _VAGUE and (found or not vague):
            break
        for match in pattern.finditer("".join(low)):
            takes = meaning(match, room, also)
            if takes:
                found.append((match.start(), match.end(), takes))
                low[match.start() : match.end()] = "\ue002" * (match.end() - match.start())
    found.sort()
    each_once = dict.fromkeys(take for _, _, group in found for take in group)
    return FoundTakes(tuple(each_once), tuple((start, end) for start, end, _ in found))


def shown_takes(room: Room) -> tuple[str, ...]:
    """Return the numbers of the takes that were shown last."""
    if not room.shows(ShownKind.TAKES):
        return ()
    return tuple(str(place) for place in range(1, len(room.studio.shown.labels) + 1))


def _of_slate(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del also
    slate = match.group("slate").replace(" ", "").upper()
    count = next((shot.takes for shot in room.shots if shot.slate == slate), 0)
    return [f"{slate} T{number}" for number in _numbers(match.group("list"), count)]


def _all_but(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del also
    shown = shown_takes(room)
    left_out = {str(number) for number in _numbers(match.group("list"), len(shown))}
    return [take for take in shown if take not in left_out]


def _range(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del room, also
    first, last = int(match.group("first")), int(match.group("last"))
    return [str(number) for number in range(first, last + 1)] if 0 < first < last < 61 else []


def _counted(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del also
    count = number_of(match.group("count")) or 0
    shown = shown_takes(room)
    return list(shown[:count] if match.group("end") == "first" else shown[-count:])


def _number(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del also
    number = number_of(match.group("number"))
    named = re.match(r"(?:takes?|numbers?|no|#)\b", match.group())
    most = 999 if named or not shown_takes(room) else len(shown_takes(room))
    return [str(number)] if number and number <= most else []


def _place(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del also
    number = ordinal_of(match.group("place"), len(shown_takes(room)))
    return [str(number)] if number else []


def _all(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del match, also
    return list(shown_takes(room))


def _rest(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del match
    return [take for take in shown_takes(room) if take not in also]


def _it(match: re.Match[str], room: Room, also: tuple[str, ...]) -> list[str]:
    del match, also
    shown = shown_takes(room)
    return list(shown) if len(shown) == 1 else []


def _numbers(text: str, count: int) -> list[int]:
    values: list[int] = []
    for word in re.findall(rf"{_N}", text):
        value = ordinal_of(word, count) if re.fullmatch(ORDINAL, word) else number_of(word)
        if value:
            values.append(value)
    return values


_Meaning = Callable[[re.Match[str], Room, tuple[str, ...]], list[str]]
_MEANINGS: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    (_SLATE_FIRST, _of_slate),
    (_OF_SLATE, _of_slate),
    (_EXCEPT, _all_but),
    (_RANGE, _range),
    (_COUNTED, _counted),
    (_ALL_COUNT, _all),
    (_PLAIN, _number),
    (_WORD, _number),
    (_BARE, _number),
    (_PLACE, _place),
    (_REST, _rest),
    (_ALL, _all),
    (_IT, _it),
)
_VAGUE = frozenset({_REST, _ALL, _IT})
"""Once something said which takes, vaguer words (`them`, `it`) say nothing more."""
