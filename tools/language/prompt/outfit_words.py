"""The colours of clothes and hair that an identity block of a closed base names.

Knows a base's own forms (`{colour} coat`, `long {colour} hair`); must not know pictures. An open base says
what it likes, so nothing is read from its blocks.
"""

from __future__ import annotations

import re

from tools.contracts.model import Contract
from tools.language.prompt.vocabulary import SlotRule, Vocabulary

BALD = "bald"
"""What a look without hair is called, as a colour is."""


class OutfitWords(Contract):
    """What a block says; None where it says nothing."""

    garment: str | None = None
    garment_noun: str | None = None
    hair: str | None = None


def outfit_words(block: str, vocabulary: Vocabulary) -> OutfitWords:
    """Read a block's phrases by the base's own forms.

    Args:
        block: an identity block as `tools.language.prompt.identity` writes it.
        vocabulary: of the base that it was written for.
    """
    if not vocabulary.closed:
        return OutfitWords()
    phrases = [phrase.strip() for phrase in block.split(",")]
    worn = _first(phrases, vocabulary.slots.get("wardrobe", SlotRule()))
    hair = _first(phrases, vocabulary.slots.get("hair", SlotRule()))
    return OutfitWords(
        garment=worn[1] if worn else None,
        garment_noun=worn[0] if worn else None,
        hair=None if hair is None else BALD if hair[0].startswith(BALD) else hair[1],
    )


def _first(phrases: list[str], rule: SlotRule) -> tuple[str, str | None] | None:
    """The first phrase that a form of the slot fits: what it says without the colour, and the colour."""
    for phrase in phrases:
        bare = re.sub(r"^an? ", "", phrase.removeprefix(rule.prefix))
        if rule.prefix and not phrase.startswith(rule.prefix):
            continue
        for style in rule.styles.values():
            match = re.fullmatch(_form(style.template, tuple(rule.colours)), bare)
            if match:
                colour = match.groupdict().get("colour")
                noun = " ".join(style.template.replace("{colour}", "").split())
                return noun, colour
    return None


def _form(template: str, colours: tuple[str, ...]) -> str:
    """The pattern of a form; the colour may be left out."""
    escaped = re.escape(template)
    colour = f"(?:(?P<colour>{'|'.join(map(re.escape, colours))}) )?"
    return escaped.replace(re.escape("{colour} "), colour)
