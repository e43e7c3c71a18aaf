"""Lists of phrases as patterns: `facing (the) camera|lens`, with plurals and both spellings.

Knows how a phrase of a word file is written; must not know what a phrase means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from re import Pattern

from tools.language.text import NAME_MARK

_BLANK = "[ -]"
_PLURAL = r"(?:s|es)?"
_NO_PLURAL = ("s", "ing", "ed", "ly", "left", "right", "er")


def pattern_of(phrases: Iterable[str], *, plural: bool = True) -> Pattern[str]:
    """Return a pattern of phrases as whole words, in small letters; longer phrases first.

    Args:
        phrases: in a word file's notation: `a|b` one of these words, `(a)` may be missing, `*` any
            word, a hyphen also a blank or nothing, a blank also a hyphen.
        plural: whether the last word of a phrase may have a plural ending.
    """
    return re.compile(whole(either(phrases, plural=plural)))


def either(phrases: Iterable[str], *, plural: bool = False) -> str:
    """Return the source of a pattern for one of some phrases."""
    ordered = sorted(phrases, key=lambda phrase: (-phrase.count(" "), -len(phrase), phrase))
    return f"(?:{'|'.join(_source(phrase, plural) for phrase in ordered)})"


def whole(source: str) -> str:
    """Return the source of a pattern that stands for whole words only."""
    return rf"(?<![\w'-])(?:{source})(?![\w-])(?!'[a-z])"


def words_in(phrases: Iterable[str]) -> frozenset[str]:
    """Return the single words that phrases are made of, as they may be typed."""
    text = " ".join(phrases).translate(_NOTATION)
    return frozenset(word for word in text.split() if word.isalpha())


_NOTATION = str.maketrans(dict.fromkeys("()|*@-'", " "))


@lru_cache(maxsize=4096)
def _source(phrase: str, plural: bool) -> str:
    parts = phrase.split(" ")
    made = [_word(part) for part in parts[:-1]]
    last = _alternatives(parts[-1].strip("()"))
    last += _PLURAL if plural and not parts[-1].strip(")").endswith(_NO_PLURAL) else ""
    if parts[-1].startswith("(") and made:
        return f"{''.join(made).removesuffix(_BLANK)}(?:{_BLANK}{last})?"
    return f"{''.join(made)}{last}"


def _word(part: str) -> str:
    if part.startswith("("):
        return f"(?:{_alternatives(part.strip('()'))}{_BLANK})?"
    return f"{_alternatives(part)}{_BLANK}"


def _alternatives(part: str) -> str:
    words = [_spelled(word) for word in part.split("|")]
    return words[0] if len(words) == 1 else f"(?:{'|'.join(words)})"


def _spelled(word: str) -> str:
    """Write one word so that both spellings match; `*` is any word, `*ing` one that ends so, `@` a name."""
    if word.startswith("@"):
        return f"{NAME_MARK}+{re.escape(word[1:])}"
    if word.startswith("*"):
        return rf"[a-z']+{re.escape(word[1:])}"
    source = re.escape(word).replace(r"\-", "[- ]?")
    source = re.sub(r"(?<=[a-z]{2})our", "ou?r", source) if len(word) > 5 else source
    source = source.replace("grey", "gr[ae]y").replace("theatre", "theat(?:re|er)")
    return source.replace("centre", "cent(?:re|er)")
