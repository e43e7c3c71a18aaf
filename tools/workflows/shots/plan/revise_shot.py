"""Change a stored shot by a director's note; earlier takes keep what they were asked with.

Knows the shot table, characters and bases; must not know how a note is read nor draw.
"""

from __future__ import annotations

from tools.contracts.briefs import CharacterBrief
from tools.contracts.digest import Slate
from tools.contracts.model import Contract
from tools.contracts.planning import Revision
from tools.contracts.shots import ComposedPrompt, ShotRequest
from tools.language.note import revise
from tools.language.prompt.anchor import split_anchor
from tools.language.prompt.vocabulary import load_vocabulary
from tools.services import Services
from tools.store.character import find_character
from tools.store.shot import get_shot
from tools.store.shot import revise_shot as store_revision
from tools.workflows.digest import base_of, production_row
from tools.workflows.people.characters import load_character
from tools.workflows.shots.shoot.requests import compose_take


class RevisedShot(Contract):
    """What a note did to a stored shot."""

    slate: Slate
    revision: Revision
    base: str
    scene_part: str | None = None
    """The next prompt without its anchor; None when nothing changed or not one person is in frame."""
    anchor: str | None = None
    """The SAME anchor that closes it."""
    unknown_to_base: tuple[str, ...] = ()
    """Changed fields that the base has no word for, as `slot: words`."""
    said_otherwise: tuple[tuple[str, str], ...] = ()
    """Changed words, and the ones that the base has for them."""


def revise_shot(
    services: Services, production: str, slate: str, note: str, *, keep_anchor: bool = False
) -> RevisedShot:
    """Read a note on a take of a shot and store the shot that is drawn next.

    Args:
        services: the studio.
        production: the film or series.
        slate: the shot's, as `12A`.
        note: the director's words.
        keep_anchor: pass over words against the identity block.

    Raises:
        UnknownName: there is no such shot.
        BadInput: the shot was omitted.
    """
    owner = production_row(services, production)
    base = base_of(services, owner)
    vocabulary = load_vocabulary(services.catalog.row(base).vocabulary)
    with services.database.session() as session:
        row = get_shot(session=session, production_id=owner.id, slate=slate)
        shot = ShotRequest.model_validate_json(row.request)
        first = shot.cast[0].character if shot.cast else ""
        found = find_character(session=session, production_id=owner.id, name=first)
        brief = CharacterBrief.model_validate_json(found.brief) if found else None
        revision = revise(shot, note, vocabulary, brief, keep_anchor=keep_anchor)
        if revision.changes:
            store_revision(session=session, shot_id=row.id, request=revision.shot)
    composed = _composed(services, production, revision, base)
    if composed is None:
        return RevisedShot(slate=shot.slate, revision=revision, base=base)
    scene_part, anchor = split_anchor(composed.text, composed.cast)
    changed = {change.field for change in revision.changes}
    return RevisedShot(
        slate=shot.slate,
        revision=revision,
        base=base,
        scene_part=scene_part,
        anchor=anchor,
        unknown_to_base=tuple(
            words for words in composed.left_out if words.partition(":")[0] in changed
        ),
        said_otherwise=tuple(
            (each.said, each.used) for each in composed.replaced if each.slot in changed
        ),
    )


def _composed(
    services: Services, production: str, revision: Revision, base: str
) -> ComposedPrompt | None:
    if not revision.changes or len(revision.shot.cast) != 1:
        return None
    character = load_character(services, production, revision.shot.cast[0].character)
    return compose_take(services, character, revision.shot, services.catalog.row(base))
