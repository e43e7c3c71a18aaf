"""Plain text: its words with their places, and the same text made ready for patterns.

Knows letters, marks, names that are given and quotes; must not know what a word means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tools.language.lexicon import english
from tools.language.names import aliases_of, bare_letters
from tools.language.spelling import is_word

NAME_MARK = "\ua66e"
"""Stands for every letter of a cast member's name in `Text.small`: a letter that nobody types, so that
names keep their word boundaries."""
QUOTE_MARK = "\ua847"
"""Stands for every letter of quoted text, which is data and never read for what to do."""
TAKEN = "\ue003"
"""Stands for letters that a slot took."""

_TOKEN = re.compile(r"[^\W_]+(?:['.\-/][^\W_]+)*|[^\w\s]|_")
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "…": "..."})
_SPACE_BEFORE_MARK = re.compile(r" ([,.;:!?)])")
_QUOTED = re.compile(r"\"[^\"\n]{1,3900}\"|(?<!\w)'[^'\n]{1,300}'(?!\w)")
_EDGE = " \t\r\n,;:.!?-\"'"


@dataclass(frozen=True)
class Word:
    """One word or punctuation mark as it was written."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in small letters."""
        return self.text.lower()

    @property
    def is_mark(self) -> bool:
        """True for punctuation."""
        return not self.text[0].isalnum()


@dataclass(frozen=True)
class Named:
    """A cast member's name where it stands in a text."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """Some words, and the same words prepared for patterns; a place in one is the same in the other."""

    text: str
    small: str
    """In small letters, names, quotes and taken words masked letter by letter; as long as `text`."""
    named: tuple[Named, ...] = ()
    """The cast's names in reading order; places count from the start of this text."""

    @property
    def names(self) -> tuple[str, ...]:
        """The cast's full names that stand in it, in order, each once."""
        return tuple(dict.fromkeys(each.name for each in self.named))

    def part(self, start: int, end: int | None = None) -> Text:
        """Return the words from one place to another, without marks around them."""
        stop = len(self.small) if end is None else end
        while start < stop and self.small[start] in _EDGE:
            start += 1
        while stop > start and self.small[stop - 1] in _EDGE:
            stop -= 1
        return self._cut(start, stop)

    def tail(self, start: int) -> Text:
        """Return everything from a place on; marks at its end stay, as prose needs them."""
        while start < len(self.small) and self.small[start] in _EDGE:
            start += 1
        return self._cut(start, len(self.small))

    def without(self, *spans: tuple[int, int]) -> Text:
        """Return the words less those in some spans; each gap becomes one blank."""
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

    def taking(self, *spans: tuple[int, int]) -> Text:
        """Return the same text with spans marked as taken; the masks of names in them stay."""
        small = self.small
        for start, end in spans:
            masked = (letter if letter == NAME_MARK else TAKEN for letter in small[start:end])
            small = small[:start] + "".join(masked) + small[end:]
        return replace(self, small=small)

    def replacing(self, edits: Sequence[tuple[int, int, str]]) -> Text:
        """Return the text with other words at some spans, a capital in front where one was."""
        text, small, named = self.text, self.small, list(self.named)
        for start, end, word in sorted(edits, reverse=True):
            said = word.capitalize() if text[start].isupper() else word
            text, small = text[:start] + said + text[end:], small[:start] + word + small[end:]
            shift = len(word) - (end - start)
            named = [_moved(each, shift) if each.start >= end else each for each in named]
        return Text(text, small, tuple(named))

    def is_free(self, start: int, end: int) -> bool:
        """Say whether no slot took a letter of a span."""
        return TAKEN not in self.small[start:end]

    def said(self, start: int, end: int) -> str:
        """Return the words of a span as they were said, without marks around them."""
        return self.text[start:end].strip(" ,;:.-")

    def _cut(self, start: int, stop: int) -> Text:
        inside = (each for each in self.named if start <= each.start and each.end <= stop)
        named = tuple(Named(each.name, each.start - start, each.end - start) for each in inside)
        return Text(self.text[start:stop], self.small[start:stop], named)


def _moved(named: Named, shift: int) -> Named:
    return Named(named.name, named.start + shift, named.end + shift)


def read_text(text: str, names: Sequence[str] = ()) -> Text:
    """Prepare a text for patterns.

    Args:
        text: plain text; the marks' own letters are dropped from it.
        names: of the production's characters; said in full, without their accents, by a word that
            is only theirs, or with two letters changed over.
    """
    plain = "".join(letter for letter in text if letter not in (NAME_MARK, QUOTE_MARK, TAKEN))
    low = _QUOTED.sub(lambda match: QUOTE_MARK * len(match.group()), small(plain))
    named: list[Named] = []
    for start, end, name in _names_at(low, names):
        if NAME_MARK not in low[start:end]:
            named.append(Named(name, start, end))
            low = low[:start] + NAME_MARK * (end - start) + low[end:]
    return Text(plain, low, tuple(sorted(named, key=lambda each: each.start)))


def _names_at(low: str, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Find names, the longest first; letters are compared without their accents."""
    bare = bare_letters(low)
    for alias, name in aliases_of(names):
        source = re.escape(bare_letters(small(alias)))
        for match in re.finditer(rf"(?<!\w){source}(?![\w-])", bare):
            yield match.start(), match.end(), name
    yield from _changed_over(bare, names)


def _changed_over(bare: str, names: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Find names with two neighbouring letters changed over, or one typed twice: `Mraa`, `Liirien`."""
    wanted = {
        typed: name
        for alias, name in aliases_of(names)
        if len(alias) > 3 and " " not in alias
        for typed in _mistyped(bare_letters(small(alias)))
    }
    for word in words_of(bare) if wanted else ():
        name = wanted.get(word.text)
        if name is not None and not is_word(word.text):
            yield word.start, word.end, name


def _mistyped(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        yield word[: at + 1] + word[at:]


def plain_text(text: str) -> str:
    """Write typographic quotes and dashes plainly, in composed Unicode; line breaks stay."""
    plain = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).translate(_PLAIN)
    return "\n".join(" ".join(line.split()) for line in plain.splitlines())


def small(text: str) -> str:
    """Write in small letters, keeping the length."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def words_of(text: str) -> list[Word]:
    """Cut a text into words and marks; hyphens, apostrophes and dots inside a word belong to it."""
    return [Word(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def join_words(words: Iterable[str]) -> str:
    """Put words together with single spaces, marks close to the word before them."""
    return _SPACE_BEFORE_MARK.sub(r"\1", " ".join(words))


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: `1 image`, `2 images`, `2 sketches`."""
    if count == 1:
        return f"{count} {noun}"
    return f"{count} {noun}es" if noun.endswith("ch") else f"{count} {noun}s"


def with_article(phrase: str) -> str:
    """Put `a` or `an` before a phrase by its first sound as spelled; plurals stay without.

    A phrase that already opens with an article, a number or a possessive is left alone.
    """
    known, words = english(), phrase.lower().split()
    if not words or words[0] in known.determined or _is_plural(words[-1]):
        return phrase
    is_vowel = words[0][0] in "aeiou" and not words[0].startswith(known.sounds_like_y)
    return f"{'an' if is_vowel else 'a'} {phrase}"


def _is_plural(word: str) -> bool:
    known = english()
    return word in known.mass or (word.endswith("s") and word not in known.singular_in_s)
