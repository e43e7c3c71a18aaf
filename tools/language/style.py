"""A production's locked style from free text, by rules.

Knows film stocks, lenses, palettes and aspect ratios; must not know shots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pydantic import Field, ValidationError

from tools.contracts.briefs import ProductionStyle
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.language.lexicon import character_lexicon, one_line, word_file
from tools.language.picture.phrases import pattern_of
from tools.language.syntax import clean
from tools.language.text import plain_text, words_of

MAX_STYLE = 2000
_CLAUSE_END = re.compile(r"\s*[,;\n]\s*|\.\s+|\.$")


class StyleWords(Contract):
    """The lists of `prompts/lexicon/style.yaml`."""

    style_words: tuple[str, ...]
    """What a scene may say of its style by the way."""
    style_labels: dict[str, str]
    aspect_ratios: dict[str, tuple[str, ...]] = Field(min_length=1)
    leads: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]
    """Slot to the words that tell it, in the order in which they are asked."""


@lru_cache(maxsize=1)
def style_words() -> StyleWords:
    """Read the file once."""
    return word_file(StyleWords, "lexicon", "style.yaml")


def parse_style(text: str) -> ProductionStyle:
    """Read a style of up to 2,000 characters, clause by clause.

    Raises:
        BadInput: empty, too long, or two aspect ratios.
    """
    plain = plain_text(clean(text).text)
    if not plain.strip() or len(plain) > MAX_STYLE:
        raise BadInput(
            f"a style needs 1 to {MAX_STYLE} characters; say film stock, palette or lens"
        )
    said: dict[str, list[str]] = {}
    for clause in filter(None, (part.strip(" -*") for part in _CLAUSE_END.split(plain))):
        slot, words = _classified(clause)
        said.setdefault(slot, []).append(words)
    ratios = {_ratio_of(words) or words for words in said.get("aspect_ratio", [])}
    if len(ratios) > 1:
        raise BadInput(f"two aspect ratios: {' and '.join(sorted(ratios))}; keep one of them")
    values: dict[str, object] = {
        slot: ", ".join(said[slot])
        for slot in ("film_stock", "palette", "lens_family")
        if slot in said
    }
    if ratios:
        values["aspect_ratio"] = ratios.pop()
    values |= {"tone": tuple(said.get("tone", [])), "free_words": tuple(said.get("free", []))}
    try:
        return ProductionStyle.model_validate(values)
    except ValidationError as error:
        raise BadInput(f"the style does not fit: {one_line(error)}") from error


def _classified(clause: str) -> tuple[str, str]:
    label, colon, value = clause.partition(":")
    slot = style_words().style_labels.get(label.strip().lower()) if colon else None
    if slot:
        return slot, value.strip()
    bare = _without_leads(clause)
    if _ratio_of(bare):
        return "aspect_ratio", bare
    for kind, phrases in style_words().kinds.items():
        if pattern_of(phrases).search(bare.lower()):
            return kind, bare
    tones = character_lexicon().slots["tone"].lone
    is_tone = any(word.lower in tones for word in words_of(bare))
    return ("tone" if is_tone else "free"), bare


def _without_leads(clause: str) -> str:
    """Take off what only leads to a style, the longest first: `shot on`."""
    for lead in sorted(style_words().leads, key=len, reverse=True):
        if clause.lower().startswith(f"{lead} "):
            return clause[len(lead) + 1 :].lstrip()
    return clause


def _ratio_of(clause: str) -> str | None:
    names = ((ratio, (ratio, *also)) for ratio, also in style_words().aspect_ratios.items())
    return next((ratio for ratio, said in names if _says_one_of(said, clause.lower())), None)


def _says_one_of(names: Iterable[str], low: str) -> bool:
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.:])", low) for name in names)
