"""A production's locked style from free text, by rules.

Knows film stocks, lenses, palettes and aspect ratios; must not know shots.
"""

from __future__ import annotations

import re

from pydantic import ValidationError

from tools.contracts.briefs import ProductionStyle
from tools.errors import BadInput
from tools.language.briefs.lexicon import character_lexicon
from tools.language.briefs.yaml_errors import one_line
from tools.language.scenes.parse_scene import scene_words
from tools.language.words import plain_text, words_of

MAX_STYLE = 2000
_CLAUSE_END = re.compile(r"\s*[,;\n]\s*|\.\s+|\.$")
_LABEL = re.compile(r"^([A-Za-z][A-Za-z ]{1,20}?)\s*:\s+(.*)$")
_KINDS = (
    (
        "lens_family",
        re.compile(
            r"\b(?:lens(?:es)?|primes?|zooms?|glass|anamorphic|cooke|(?:2[48]|40|50|85|100|135)\s?mm)\b",
            re.I,
        ),
    ),
    (
        "film_stock",
        re.compile(
            r"\b(?:kodak|portra|vision3|ektachrome|kodachrome|fuji\w*|ilford|cinestill|tri-x|eastman|"
            r"agfa|polaroid|super 8|(?:8|16|35|65|70)\s?mm|film stock|celluloid|digital)\b",
            re.I,
        ),
    ),
    (
        "palette",
        re.compile(
            r"\b(?:palette|colou?rs?|hues?|muted|desaturated|pastels?|monochrome|black[ -]and[ -]white|sepia|"
            r"teal and orange|earth tones?|(?:warm|cool|cold) tones?|saturated|ochres?)\b",
            re.I,
        ),
    ),
)  # fmt: skip
_LEADS = re.compile(
    r"^(?:shot|filmed|photographed)\s+(?:on|with|in)\s+|^(?:on|with|in|and|an?|the)\s+", re.I
)


def parse_style(text: str) -> ProductionStyle:
    """Read a style of up to 2,000 characters, clause by clause.

    Raises:
        BadInput: empty, too long, or two aspect ratios.
    """
    plain = plain_text(text)
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
    label = _LABEL.match(clause)
    slot = scene_words().style_labels.get(label.group(1).lower()) if label else None
    if label and slot:
        return slot, label.group(2).strip()
    bare = _LEADS.sub("", clause)
    if _ratio_of(bare):
        return "aspect_ratio", bare
    for kind, pattern in _KINDS:
        if pattern.search(bare):
            return kind, bare
    tones = character_lexicon().slots["tone"].lone
    is_tone = any(word.lower in tones for word in words_of(bare))
    return ("tone" if is_tone else "free"), bare


def _ratio_of(clause: str) -> str | None:
    lower = clause.lower()
    for ratio, names in scene_words().aspect_ratios.items():
        if any(
            re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.:])", lower) for name in (ratio, *names)
        ):
            return ratio
    return None
