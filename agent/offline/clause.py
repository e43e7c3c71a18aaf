"""A part of a message: its words as said, and the same words prepared for patterns.

Names and quotes are masked letter by letter, so that a place in one text is the same place in the
other. Must not know what a clause means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.offline.patterns import NAME_MARK, QUOTE_MARK, intent_words, pattern, said, spans
from tools.language.lexicon import character_lexicon

_QUOTED = re.compile(r"\"[^\"\n]{1,3900}\"|(?<!\w)'[^'\n]{1,300}'(?!\w)")
_EDGE = " \t\r\n,;:.!?-\"'"


@dataclass(frozen=True)
class Clause:
    """Some words of the director."""

    text: str
    low: str
    """In small letters, names and quotes masked; as long as `text`."""
    names: tuple[str, ...] = ()
    """The cast's full names that stand in it or around it, in order, each once; none where none does."""
    joint: str = ""
    """Words that tie it to what was said before, where they are more than a mark: ` and`."""

    def part(self, start: int, end: int | None = None) -> Clause:
        """Return the words from one place to another, without marks around them."""
        stop = len(self.low) if end is None else end
        while start < stop and self.low[start] in _EDGE:
            start += 1
        while stop > start and self.low[stop - 1] in _EDGE:
            stop -= 1
        low = self.low[start:stop]
        return Clause(self.text[start:stop], low, self.names if NAME_MARK in low else ())

    def tail(self, start: int) -> Clause:
        """Return everything from a place on; marks at its end stay, as prose needs them."""
        while start < len(self.low) and self.low[start] in _EDGE:
            start += 1
        return Clause(self.text[start:], self.low[start:], self.names)

    def without(self, *spans: tuple[int, int]) -> Clause:
        """Return the words less those in some spans; each gap becomes one blank."""
        text, low, at = "", "", 0
        for start, end in sorted(spans):
            if start >= at:
                text, low = f"{text}{self.text[at:start]} ", f"{low}{self.low[at:start]} "
            at = max(at, end)
        return Clause(text + self.text[at:], low + self.low[at:], self.names).part(0)


def small(text: str) -> str:
    """Write in small letters, keeping the length."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def read_clause(text: str, cast: Sequence[str]) -> Clause:
    """Prepare a text for patterns.

    Args:
        text: plain text; the marks' own letters are dropped from it.
        cast: names of the production's characters.
    """
    plain = text.replace(NAME_MARK, "").replace(QUOTE_MARK, "")
    low = _QUOTED.sub(lambda match: QUOTE_MARK * len(match.group()), small(plain))
    names: list[str] = []
    for alias, name in _aliases(cast):
        found = re.compile(rf"(?<![\w]){re.escape(small(alias))}(?=\b|'s)(?!-)")
        for match in found.finditer(low):
            names.append(f"{match.start():05d}{name}")
        low = found.sub(lambda match: NAME_MARK * len(match.group()), low)
    in_order = tuple(dict.fromkeys(each[5:] for each in sorted(names)))
    return Clause(plain, low, in_order)


def names_in(clause: Clause, cast: Sequence[str]) -> tuple[str, ...]:
    """Return the cast's names that stand in the words of a part, in order."""
    return read_clause(clause.text, cast).names


def trimmed(clause: Clause) -> Clause:
    """Take politeness and connecting words off both ends; may leave nothing."""
    words = intent_words()
    start = pattern(rf"^[\s,.;:!?-]*(?:{'|'.join(words.polite_start)})(?=[\s,.;:!?-]|$)")
    end = pattern(rf"(?:^|[\s,]+)(?:{'|'.join(words.polite_end)})[\s,.;:!?-]*$")
    left = clause.part(0)
    while match := start.match(left.low):
        left = left.part(match.end())
    while match := end.search(left.low):
        left = left.part(0, match.start())
    return left


def past(clause: Clause, tool: str, group: str) -> Clause:
    """Return the words behind a pattern of a tool's group that stands at their start."""
    match = said(tool, group, clause.low)
    return clause.part(match.end()) if match and match.start() == 0 else clause


def less(clause: Clause, tool: str, group: str, inside: int = 0) -> Clause:
    """Return the words less what a tool's group of patterns finds in them."""
    return clause.without(*spans(tool, group, clause.low, inside))


def _aliases(cast: Sequence[str]) -> list[tuple[str, str]]:
    """Pair what a character may be called with the name: in full, or by one word only theirs."""
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
