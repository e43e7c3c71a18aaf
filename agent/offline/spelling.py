"""Slips of the keyboard and shorthand of the set: what was meant, and the way back to what was typed.

Knows the words of commands and pictures and the names of the cast; a name that is near two of them is
left as it is, and so asked about. Must not know what a command means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import Match, Pattern

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.offline.calls import Call, Value
from agent.offline.dialogue_state import DialogueState
from tools.contracts.model import Contract
from tools.language.lexicon import Words, character_lexicon, word_file
from tools.language.names import bare_letters
from tools.language.picture.picture import picture_words
from tools.language.spelling import is_word
from tools.language.text import Text, small

_SHORTEST = 4
_LONG = 8
"""From this length on two letters may be wrong."""
_WORD = re.compile(r"(?<![\w/.~@])[^\W\d_]{3,24}(?![\w/@]|\.\w|'(?!s\b))")
_TOKEN = re.compile(r"[^\W_](?:['-]?\w)*")
_STARTS = re.compile(r"(?:^|[.!?\n])\s*[\"'(]?$")
_Edit = tuple[int, int, str]


class SpellingWords(Contract):
    """`prompts/agent/offline/spelling.yaml` as it is written."""

    shorthand: dict[str, str]
    words: Words


@dataclass(frozen=True)
class Mended:
    """A message as it is read, and the words in it that were typed otherwise."""

    words: str
    typed: Mapping[str, str]
    """Word as read to word as typed."""

    def as_typed(self, words: str) -> str:
        """Put the typed words back into words of the message."""
        for meant, typed in self.typed.items():
            words = words.replace(meant, typed) if " " in meant else words
        return _TOKEN.sub(lambda each: self.typed.get(each.group().lower(), each.group()), words)

    def call_as_typed(self, call: Call) -> Call:
        """Put the typed words back into a call's free words."""
        return Call(call.tool, {key: self._value(key, each) for key, each in call.args.items()})

    def _value(self, key: str, value: Value) -> Value:
        if isinstance(value, dict):
            return {name: self._value(name, each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(key, each) for each in value]
        return self.as_typed(value) if isinstance(value, str) and key in FREE_TEXT else value


FREE_TEXT = frozenset({"brief", "change", "style", "text", "note", "action", "place", "light"})
"""Arguments that keep the director's own words."""


def mended(words: str, state: DialogueState) -> Mended:
    """Read shorthand and slips of the keyboard as what was meant."""
    text = state.text(words)
    edits = [*_shorthand(text), *_slips(text, state)]
    if not edits:
        return Mended(words, {})
    said = frozenset(_TOKEN.findall(text.small))
    typed = {
        meant: text.text[start:end]
        for start, end, meant in edits
        if meant not in said and meant not in state.cast
    }
    return Mended(text.replacing(edits).text, typed)


@lru_cache(maxsize=1)
def spelling_words() -> SpellingWords:
    """Read the file once."""
    return word_file(SpellingWords, "agent", "offline", "spelling.yaml")


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    """Return every word that a slip may stand for."""
    lexicon = character_lexicon()
    listed = {*spelling_words().words, *picture_words(), *lexicon.person, *lexicon.roles}
    heads = {phrase[0] for phrase in (*lexicon.head_slot, *lexicon.lone_slot)}
    return tuple(sorted(word for word in listed | heads if len(word) >= _SHORTEST - 1))


@lru_cache(maxsize=1)
def _shorthand_pattern() -> Pattern[str]:
    keys = sorted(spelling_words().shorthand, key=len, reverse=True)
    each = (re.escape(key) + ("" if key.endswith("/") else r"(?![\w/'-])") for key in keys)
    return re.compile(rf"(?<![\w/.'-])(?:{'|'.join(each)})")


def _shorthand(text: Text) -> Iterator[_Edit]:
    known = spelling_words().shorthand
    for match in _shorthand_pattern().finditer(text.small):
        meant = known[match.group()]
        apart = meant.startswith("with") and match.group().endswith("/")
        yield match.start(), match.end(), f"{meant} " if apart and _joined(match, text) else meant


def _joined(match: Match[str], text: Text) -> bool:
    return text.small[match.end() : match.end() + 1].isalnum()


def _slips(text: Text, state: DialogueState) -> Iterator[_Edit]:
    names = {
        small(bare_letters(word)): word
        for name in state.cast
        for word in name.split()
        if len(word) >= _SHORTEST
    }
    for match in _WORD.finditer(text.small):
        word = bare_letters(match.group())
        if len(word) < _SHORTEST and text.text[match.start()].isupper():
            continue
        known = character_lexicon().knows(word) or word in names
        name = None if known else _nearest(word, tuple(names), swapped=is_word(word))
        if name:
            yield *match.span(), names[name]
        elif word.endswith("s") and word[:-1] in names:
            yield *match.span(), f"{names[word[:-1]]}'s"
        elif not known and not is_word(word):
            meant = _meant(word, match, text)
            if meant:
                yield *match.span(), meant


def _meant(word: str, match: Match[str], text: Text) -> str | None:
    """Return the known word that a word is a slip of; inside a sentence a capital is a name's."""
    if text.text[match.start()].isupper() and not text.text.isupper():
        begins = _STARTS.search(text.text[: match.start()])
        return _nearest(word, tuple(spelling_words().words)) if begins else None
    known = spelling_words().words if len(word) < _SHORTEST else _known()
    return None if word in _known() else _nearest(word, tuple(known))


def _nearest(word: str, known: Sequence[str], *, swapped: bool = False) -> str | None:
    """Return the one known word that a word is clearly near to; None when there are two, or none.

    Args:
        word: in small letters.
        known: in small letters.
        swapped: only with two letters changed over.
    """
    most = 2 if len(word) >= _LONG else 1
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=6)
    ranked = sorted(
        (distance, *_unlike(each, word), each not in spelling_words().words, each)
        for each, distance, _ in found
    )
    if swapped:
        ranked = [rank for rank in ranked if not rank[1] and len(word) > _SHORTEST]
    best = [rank[-1] for rank in ranked if rank[:-1] == ranked[0][:-1]]
    if len(best) > 1:
        best = [each for each in best if each[0] == word[0]]
    return best[0] if len(best) == 1 or _same_stem(best) else None


def _unlike(known: str, word: str) -> tuple[bool, bool]:
    """Rank letters changed over before a letter left out, and that before any other slip."""
    return sorted(known) != sorted(word), not set(word) <= set(known)


def _same_stem(words: Sequence[str]) -> bool:
    """Say whether words differ in their ending only: any of them says the same to a pattern."""
    return bool(words) and len({word[:4] for word in words}) == 1
