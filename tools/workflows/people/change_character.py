"""Change a character: the identity block that never changes by itself, or a look.

Knows briefs and blocks; every block that is in force is worded again, for every look and every base's
vocabulary that has one, so that no prompt keeps the old words. Must not ask for approval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.contracts.briefs import MOST_LOOKS, CharacterBrief, LookBrief
from tools.errors import BadInput
from tools.language.change import parse_change
from tools.language.look import parse_look
from tools.language.prompt.identity import DEFAULT_LOOK, WrittenIdentity, identity_block, look_of
from tools.language.prompt.vocabulary import Vocabulary, load_vocabulary
from tools.services import Services
from tools.store.character import (
    LookCreate,
    add_look,
    find_look,
    list_looks,
    update_brief,
    update_look,
)
from tools.store.identity_block import (
    IdentityBlockCreate,
    block_in_force,
    confirm_block,
    propose_block,
)
from tools.store.lora_version import list_lora_versions
from tools.store.reference_set import newest_set
from tools.workflows.people.characters import LoadedCharacter, load_character, vocabulary_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from tools.store.character import Look

LONGEST_WORDS = 1200


@dataclass(frozen=True)
class PlannedChange:
    """A change that is not stored yet."""

    character: LoadedCharacter
    brief: CharacterBrief
    """As it would be."""
    look: str
    """Whose block is shown; `default` for a change of the identity."""
    is_new_look: bool
    before: WrittenIdentity
    """The block in force; of a new look, the default look's."""
    after: WrittenIdentity
    absent: tuple[str, ...]
    """What was to go and is not there."""
    identity: tuple[str, ...]
    """What no look changes."""
    rest: tuple[str, ...]
    """What was not understood."""
    versions: int
    """LoRA versions made for the block in force."""
    sets: int
    """Reference sets made for it."""

    @property
    def changes_nothing(self) -> bool:
        """Whether the character is so already."""
        return self.brief == self.character.brief


def plan_change(
    services: Services, production: str, name: str, base: str, words: str, look: str | None
) -> PlannedChange:
    """Read a change and word the blocks before and after it, without storing anything.

    Args:
        services: the studio.
        production: the film or series.
        name: the character.
        base: the base in whose words the blocks are shown.
        words: what is different.
        look: the look to make or change; None changes the identity.

    Raises:
        UnknownName: no such character or base.
        BadInput: nothing was understood, the default look was named as a look, or there is no room for
            another one.
    """
    character = load_character(services, production, name)
    vocabulary = vocabulary_of(services, base)
    known = look is not None and any(each.name == look for each in character.brief.looks)
    brief, absent, identity, rest = _read(character.brief, words, look)
    shown = look or DEFAULT_LOOK
    before = _block_before(services, character, shown if known else DEFAULT_LOOK, vocabulary)
    versions, sets = _made_for_it(services, character.id)
    return PlannedChange(
        character=character,
        brief=brief,
        look=shown,
        is_new_look=look is not None and not known,
        before=before,
        after=identity_block(brief, shown, vocabulary),
        absent=absent,
        identity=identity,
        rest=rest,
        versions=versions,
        sets=sets,
    )


def store_change(services: Services, planned: PlannedChange, base: str) -> None:
    """Store a planned change, and word and confirm again every block that it touches."""
    with services.database.session() as session:
        update_brief(session=session, character_id=planned.character.id, brief=planned.brief)
        if planned.look != DEFAULT_LOOK:
            _store_look(session, planned)
        used = services.catalog.row(base).vocabulary
        names = sorted({row.vocabulary for row in services.catalog.rows()} | {used})
        for row in list_looks(session=session, character_id=planned.character.id):
            if row.name == DEFAULT_LOOK or _has_look(planned.brief, row.name):
                for vocabulary in names:
                    wanted = vocabulary == used and row.name == planned.look
                    _word_again(session, planned, row, vocabulary, wanted=wanted)


def look_words(look: LookBrief) -> str:
    """Return a look in plain words: `white coat with a torn sleeve; split lip; without scarf`."""
    parts = (
        ", ".join(look.wardrobe),
        look.headwear,
        look.hair_styling,
        look.facial_hair,
        ", ".join(look.injuries),
        f"aged {look.ageing}" if look.ageing else None,
        f"without {', '.join(look.without)}" if look.without else None,
    )
    return "; ".join(part for part in parts if part)


def _read(
    brief: CharacterBrief, words: str, look: str | None
) -> tuple[CharacterBrief, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the brief as it would be, and what is absent, of the identity, or not understood."""
    if look is None:
        change = parse_change(words, brief)
        return change.brief, change.absent, (), change.rest
    if look == DEFAULT_LOOK:
        raise BadInput("the default look is the identity block's; give the look another name")
    before = next((each for each in brief.looks if each.name == look), None)
    if before is None and len(brief.looks) >= MOST_LOOKS:
        raise BadInput(
            f"{brief.name} has {MOST_LOOKS} looks, which is the most; change one of them"
        )
    read = parse_look(words, look, brief, before)
    looks = [read.look if each.name == look else each for each in brief.looks]
    looks = looks if before else [*looks, read.look]
    after = brief.model_copy(update={"looks": tuple(looks)})
    return after, read.absent, read.identity, read.rest


def _block_before(
    services: Services, character: LoadedCharacter, look: str, vocabulary: Vocabulary
) -> WrittenIdentity:
    """The block in force, or as it would be worded; reading it stores nothing."""
    fresh = identity_block(character.brief, look, vocabulary)
    with services.database.reading() as session:
        row = find_look(session=session, character_id=character.id, name=look)
        locked = row and block_in_force(session=session, look_id=row.id, vocabulary=vocabulary.name)
    return fresh.model_copy(update={"text": locked.text}) if locked else fresh


def _made_for_it(services: Services, character_id: str) -> tuple[int, int]:
    with services.database.reading() as session:
        versions = list_lora_versions(session=session, character_id=character_id)
        newest = newest_set(session=session, character_id=character_id)
    return len(versions), newest.version if newest else 0


def _store_look(session: Session, planned: PlannedChange) -> None:
    words = look_words(look_of(planned.brief, planned.look))[:LONGEST_WORDS]
    row = find_look(session=session, character_id=planned.character.id, name=planned.look)
    if row is None:
        look = LookCreate(character_id=planned.character.id, name=planned.look, words=words)
        add_look(session=session, look=look)
    else:
        update_look(session=session, look_id=row.id, words=words)


def _has_look(brief: CharacterBrief, name: str) -> bool:
    return any(look.name == name for look in brief.looks)


def _word_again(
    session: Session, planned: PlannedChange, row: Look, vocabulary: str, *, wanted: bool
) -> None:
    """Confirm the new wording where one is in force, or is wanted now."""
    if (
        not wanted
        and block_in_force(session=session, look_id=row.id, vocabulary=vocabulary) is None
    ):
        return
    text = identity_block(planned.brief, row.name, load_vocabulary(vocabulary)).text
    proposed = propose_block(
        session=session,
        block=IdentityBlockCreate(
            character_id=row.character_id, look_id=row.id, vocabulary=vocabulary, text=text
        ),
        anew=planned.look == DEFAULT_LOOK,
    )
    confirm_block(session=session, block_id=proposed.id)
