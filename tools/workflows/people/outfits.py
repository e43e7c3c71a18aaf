"""What a character wears in each look, in words that a picture can be held against.

Knows locked blocks and what a reference set shows; must not judge. A set is what the adapter learns: where
nearly all of its pictures show one colour, that colour counts for the looks that say the same as the default
one, whatever the block says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tools.contracts.briefs import CharacterBrief
from tools.contracts.faces import OutfitSeen
from tools.contracts.outfits import WantedOutfit
from tools.language.prompt.identity import DEFAULT_LOOK, identity_block, look_of
from tools.language.prompt.outfit_words import OutfitWords, outfit_words
from tools.language.prompt.vocabulary import Vocabulary
from tools.qc.outfit import shown_by_most
from tools.services import Services
from tools.store.character import find_look
from tools.store.identity_block import block_in_force
from tools.workflows.people.characters import LoadedCharacter


def wanted_outfits(
    services: Services,
    character: LoadedCharacter,
    vocabulary: Vocabulary,
    shown: Sequence[OutfitSeen | None] = (),
) -> Mapping[str, WantedOutfit]:
    """Return what is wanted in each look of a character, by the look's name.

    Args:
        services: the studio.
        character: whose looks.
        vocabulary: of the base that draws.
        shown: what the pictures of the reference set show; none where there is no set yet.
    """
    looks = [DEFAULT_LOOK, *(look.name for look in character.brief.looks)]
    said = {look: _words(services, character, vocabulary, look) for look in looks}
    plain = said[DEFAULT_LOOK]
    garment = shown_by_most([each.garment for each in shown if each and each.garment])
    hair = shown_by_most([each.hair for each in shown if each])
    return {
        look: WantedOutfit(
            owner=character.name,
            garment=garment if garment and words.garment == plain.garment else words.garment,
            garment_noun=_said_noun(character.brief, look) or words.garment_noun or "garment",
            hair=hair if hair and words.hair == plain.hair else words.hair,
        )
        for look, words in said.items()
    }


def _said_noun(brief: CharacterBrief, look: str) -> str | None:
    """What the director calls the only garment, whatever the base asks for in its place: `coat`.

    Of several garments the block shows one, and which is not known here; a plural would want another verb.
    """
    worn = look_of(brief, look)
    garments = worn.wardrobe or brief.wardrobe
    if len(garments) != 1 or worn.without:
        return None
    noun = re.split(r" (?:with|of|in|over|under) ", garments[0].lower())[0].split()[-1]
    return None if noun.endswith("s") and not noun.endswith("ss") else noun


def _words(
    services: Services, character: LoadedCharacter, vocabulary: Vocabulary, look: str
) -> OutfitWords:
    """Read the block in force, or the one that would be written; nothing is locked by looking."""
    with services.database.reading() as session:
        row = find_look(session=session, character_id=character.id, name=look)
        block = row and block_in_force(session=session, look_id=row.id, vocabulary=vocabulary.name)
        text = block.text if block else None
    return outfit_words(text or identity_block(character.brief, look, vocabulary).text, vocabulary)
