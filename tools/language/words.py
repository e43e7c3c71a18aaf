"""Words of a text with their positions.

Knows how text is cut into words and put together again; must not know what the words mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_TOKEN = re.compile(r"[^\W_]+(?:['.\-/][^\W_]+)*|[^\w\s]|_")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "…": "..."})


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


def plain_text(text: str) -> str:
    """Write typographic quotes and dashes plainly, in composed Unicode; line breaks stay."""
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return "\n".join(" ".join(line.split()) for line in plain.splitlines())


def words_of(text: str) -> list[Word]:
    """Cut a text into words and marks; hyphens, apostrophes and dots inside a word belong to it."""
    return [Word(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def join_words(words: Iterable[str]) -> str:
    """Put words together with single spaces, marks close to the word before them."""
    text = " ".join(words)
    return re.sub(r" ([,.;:!?)])", r"\1", text)


def with_article(phrase: str) -> str:
    """Put `a` or `an` before a phrase by its first sound as spelled; plurals stay without.

    A phrase that already opens with an article, a number or a possessive is left alone.
    """
    words = phrase.split()
    if not words or words[0].lower() in _DETERMINERS or _is_plural(words[-1]):
        return phrase
    article = "an" if words[0][0].lower() in "aeiou" and not _SOUNDS_LIKE_Y.match(words[0]) else "a"
    return f"{article} {phrase}"


_DETERMINERS = frozenset(
    {"a", "an", "the", "his", "her", "their", "one", "two", "some", "no", "my", "its"}
)
_SOUNDS_LIKE_Y = re.compile(r"(?:uni|use|eu|one)", re.IGNORECASE)
_SINGULAR_IN_S = frozenset(
    {"dress", "headdress", "sundress", "cutlass", "cross", "canvas", "necklace"}
)
_MASS = frozenset(
    {
        "armour",
        "armor",
        "denim",
        "jewellery",
        "stubble",
        "lace",
        "black",
        "white",
        "scrubs",
        "vitiligo",
    }
)


def _is_plural(word: str) -> bool:
    lower = word.lower()
    return lower in _MASS or (lower.endswith("s") and lower not in _SINGULAR_IN_S)
