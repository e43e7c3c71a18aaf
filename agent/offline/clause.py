"""Some words of the director, and the same words prepared for patterns: names and quotes masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.language.briefs.lexicon import character_lexicon

NAME_MARK = "\ua66e"
QUOTE_MARK = "\ua847"
_QUOTED = re.compile(r"\"[^\"\n]{1,3900}\"|(?<!\w)'[^'\n]{1,300}'(?!\w)")
_EDGE = " \t\r\n,;:.!?-\"'"


@dataclass(frozen=True)
class Named:
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    text: str
    small: str
    named: tuple[Named, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.name for each in self.named))

    def part(self, start: int, end: int | None = None) -> Text:
        stop = len(self.small) if end is None else end
        while start < stop and self.small[start] in _EDGE:
            start += 1
        while stop > start and self.small[stop - 1] in _EDGE:
            stop -= 1
        return self._cut(start, stop)

    def tail(self, start: int) -> Text:
        while start < len(self.small) and self.small[start] in _EDGE:
            start += 1
        return self._cut(start, len(self.small))

    def without(self, *spans: tuple[int, int]) -> Text:
        text, small, at = "", "", 0
        named: list[Named] = []
        for start, end in [*sorted(spans), (len(self.text), len(self.text))]:
            if start >= at:
                shift = len(text) - at
                kept = (each for each in self.named if at <= each.start and each.end <= start)
                named += [Named(each.name, each.start + shift, each.end + shift) for each in kept]
                text, small = f"{text}{self.text[at:start]} ", f"{small}{self.small[at:start]} "
            at = max(at, end)
        return Text(text, small, tuple(named)).part(0)

    def _cut(self, start: int, stop: int) -> Text:
        inside = (each for each in self.named if start <= each.start and each.end <= stop)
        named = tuple(Named(each.name, each.start - start, each.end - start) for each in inside)
        return Text(self.text[start:stop], self.small[start:stop], named)


def small(text: str) -> str:
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def read_text(text: str, names: Sequence[str] = ()) -> Text:
    plain = text.replace(NAME_MARK, "").replace(QUOTE_MARK, "")
    low = _QUOTED.sub(lambda match: QUOTE_MARK * len(match.group()), small(plain))
    named: list[Named] = []
    for alias, name in _aliases(names):
        found = re.compile(rf"(?<![\w]){re.escape(small(alias))}(?=\b|'s)(?!-)")
        for match in found.finditer(low):
            named.append(Named(name, match.start(), match.end()))
        low = found.sub(lambda match: NAME_MARK * len(match.group()), low)
    return Text(plain, low, tuple(sorted(named, key=lambda each: each.start)))


def _aliases(cast: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [(name, name) for name in cast]
    for name in cast:
        for word in name.split() if " " in name else ():
            owners = [other for other in cast if word in other.split()]
            known = character_lexicon().knows(word.lower()) or _is_title(word)
            if len(owners) == 1 and len(word) > 2 and not known:
                pairs.append((word, name))
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _is_title(word: str) -> bool:
    return word.lower().rstrip(".") in character_lexicon().titles
