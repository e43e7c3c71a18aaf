"""A note while its words are being given to the fields of a shot, and the written rules of notes.

Knows `prompts/scenes/notes.yaml`, which words are taken, which are denied, and where the note's pieces
end; must not know fields.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from re import Match

from tools.contracts.model import Contract
from tools.contracts.photography import Framing
from tools.language.lexicon import Words, word_file
from tools.language.picture.phrases import pattern_of, words_in
from tools.language.picture.picture import as_meant
from tools.language.syntax import clean
from tools.language.text import TAKEN, Text, plain_text, read_text, words_of

Phrases = tuple[str, ...]
_PIECE_END = re.compile(
    r"[,.;!?:]+|\s+(?:and|but|instead of|rather than)\s+(?!shoulders\b)|\s+(?=not\s)"
)
_INSTEAD = ("instead of", "rather than")


class ComparedLight(Contract):
    """A light that is only compared with the one so far."""

    words: Phrases
    day: Phrases
    night: Phrases


class NoteRules(Contract):
    """Every list of the file."""

    closer: Phrases
    wider: Phrases
    only: dict[Framing, Phrases]
    show: dict[Framing, Phrases]
    see_verbs: Phrases
    heights: dict[str, Phrases]
    night_lights: Phrases
    compared: dict[str, ComparedLight]
    not_lights: Words
    lit_people: Phrases
    lit_leads: Phrases
    identity: dict[str, Phrases]
    wrong_words: Phrases
    wear_verbs: Phrases
    put_verbs: Phrases
    filler: Words
    denials: Words
    sentence_like: Words
    wanted: Phrases
    unwanted: Phrases
    things: Phrases
    no_action: Words
    not_doubled: Words

    @cached_property
    def typed(self) -> frozenset[str]:
        """Single words of the rules; typing errors are mended to these."""
        compared = [words for row in self.compared.values() for words in row.words]
        return words_in([*self.closer, *self.wider, *compared])


@lru_cache(maxsize=1)
def note_rules() -> NoteRules:
    """Read the file once."""
    return word_file(NoteRules, "scenes", "notes.yaml")


@dataclass
class Note:
    """The words of a note and which of them are taken."""

    words: Text
    idle: list[str] = field(default_factory=list)
    """Words that were understood and change nothing, because it is so already."""

    @classmethod
    def of(cls, text: str, names: Sequence[str]) -> Note:
        """Read a note; syntax of other programs goes and typing errors of camera words are mended."""
        cleaned = clean(text)
        plain = " ".join(plain_text(cleaned.text).split())
        words = as_meant(read_text(plain, names), note_rules().typed)
        return cls(words, [removal.term for removal in cleaned.removed])

    @property
    def small(self) -> str:
        """The words in small letters, names and taken words masked."""
        return self.words.small

    def take(self, start: int, end: int) -> None:
        """Mark words as understood."""
        self.words = self.words.taking((start, end))

    def find(self, phrases: Phrases, *, denied_too: bool = False) -> Match[str] | None:
        """Return the first of these phrases that is free and not denied."""
        for match in pattern_of(phrases, plural=False).finditer(self.small):
            if denied_too or not self.is_denied(match.start()):
                return match
        return None

    def take_all(self, phrases: Phrases) -> bool:
        """Take every place where these phrases stand undenied; say whether there was one."""
        found = False
        while match := self.find(phrases):
            self.take(*match.span())
            found = True
        return found

    def is_denied(self, start: int) -> bool:
        """Say whether `not`, `no` or `without` stands before a word in its piece of the note."""
        begin, _ = self.piece_at(start)
        low = self.words.text.lower()
        before = low[begin:start].split()
        links = low[max(0, begin - 12) : begin].rstrip()
        return links.endswith(_INSTEAD) or not note_rules().denials.isdisjoint(before)

    def piece_at(self, position: int) -> tuple[int, int]:
        """Return where the piece of the note that holds a position begins and ends."""
        held = (piece for piece in self.pieces() if piece[0] <= position < piece[1])
        return next(held, (0, len(self.words.text)))

    def said_at(self, position: int) -> str:
        """Return the piece of the note that holds a position, as it was said."""
        start, end = self.piece_at(position)
        return self.words.text[start:end].strip()

    def pieces(self) -> list[tuple[int, int]]:
        """Return the note's pieces between commas, stops and conjunctions."""
        spans: list[tuple[int, int]] = []
        start = 0
        for match in _PIECE_END.finditer(self.words.text.lower()):
            spans.append((start, match.start()))
            start = match.end()
        spans.append((start, len(self.words.text)))
        return [(start, end) for start, end in spans if end > start]

    def left(self, start: int, end: int) -> str:
        """Return what is not taken in a piece, as it was said; taken words are gaps."""
        pairs = zip(self.words.text[start:end], self.small[start:end], strict=True)
        return "".join("\n" if masked == TAKEN else letter for letter, masked in pairs)

    def unused(self) -> list[str]:
        """Return the pieces that nothing was done with, without words that say nothing."""
        runs = [run for piece in self.pieces() for run in self.left(*piece).split("\n")]
        named = {self.words.text[each.start : each.end].lower() for each in self.words.named}
        said = (run.strip(" -'\"") for run in runs if says_something(run))
        return [*self.idle, *(run for run in said if run.lower() not in named)]


def says_something(words: str) -> bool:
    """Say whether words are more than filler."""
    filler = note_rules().filler
    said = (word.lower for word in words_of(words) if not word.is_mark)
    return any(word not in filler and word.removesuffix("'s") not in filler for word in said)


def names_thing(words: str) -> bool:
    """Say whether words are a thing that a note may name by itself, or end in one of several words."""
    said = words.strip()
    found = pattern_of(note_rules().things, plural=False).finditer(said)
    last = next((each.group() for each in found if each.end() == len(said)), "")
    return bool(last) and (" " in last or last == said)
