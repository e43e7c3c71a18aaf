"""A shot in words, closed by the SAME anchor; captions and the sheet's prompt by the same renderer.

Training text and shooting text agree, because one renderer writes both. Captions are modular: the scene
stands apart from the person, who is in the anchor (the paper, section III-C). Knows shots, people in frame
and the words of a base; must not know how a prompt is encoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.contracts.briefs import ProductionStyle
from tools.contracts.images import CastMember
from tools.contracts.model import Contract, Name, Phrase
from tools.contracts.shots import ComposedPrompt, Removal, Replacement, ShotRequest
from tools.errors import BadInput
from tools.language.names import trigger_of, with_triggers
from tools.language.prompt.anchor import with_anchor
from tools.language.prompt.identity import WrittenIdentity, is_replacement
from tools.language.prompt.lint import lint
from tools.language.prompt.vocabulary import Vocabulary
from tools.language.text import with_article

SHEET_WORDS = ("character sheet", "character sheet of")
"""What the linter may leave in a prompt of the sheet layer, and only there."""
_COUNTS = {3: "three", 4: "four"}


class PersonInFrame(Contract):
    """A character of a shot with the identity block of the look worn."""

    name: Name
    block: WrittenIdentity
    signature_light: Phrase | None = None


@dataclass
class _PromptNotes:
    """What a shot card must say about a prompt."""

    vocabulary: Vocabulary
    keep: tuple[str, ...]
    removed: list[Removal] = field(default_factory=list)
    replaced: list[Replacement] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def say(self, slot: str, phrase: str | None) -> str:
        """Return a phrase in the base's words, empty when it has none, and note what happened."""
        if not phrase:
            return ""
        cleaned = lint(phrase, keep=self.keep)
        self.removed.extend(cleaned.removed)
        if not cleaned.text:
            return ""
        words = self.vocabulary.nearest(slot, cleaned.text)
        if words is None:
            self.left_out.append(f"{slot}: {cleaned.text}")
            return ""
        if words and is_replacement(cleaned.text, words):
            self.replaced.append(Replacement(slot=slot, said=cleaned.text, used=words))
        return with_triggers(words, self.keep)


def compose_prompt(
    shot: ShotRequest,
    people: Sequence[PersonInFrame],
    vocabulary: Vocabulary,
    style: ProductionStyle | None = None,
) -> ComposedPrompt:
    """Write the prompt of a shot.

    Args:
        shot: what is asked for; its cast stands from the viewer's left to right.
        people: one for each of the shot's cast, in the same order.
        vocabulary: the base's slots, their order and its words.
        style: the production's locked style.

    Raises:
        BadInput: people and cast differ, or the base draws fewer people at once.
    """
    _check_people(shot, people, vocabulary)
    card = _PromptNotes(vocabulary, keep=tuple(person.name for person in people))
    subjects = [with_article(person.block.subject) for person in people]
    scene = _scene(shot, subjects, style, card)
    cast = _cast(shot, people, card)
    blocks = [person.block for person in people]
    return ComposedPrompt(
        text=with_anchor(scene, cast),
        negative=vocabulary.negative or "",
        cast=cast,
        removed=(*card.removed, *(item for block in blocks for item in block.removed)),
        replaced=(
            *dict.fromkeys(card.replaced),
            *(item for block in blocks for item in block.replaced),
        ),
        left_out=(
            *dict.fromkeys(card.left_out),
            *(item for block in blocks for item in block.left_out),
        ),
    )


def compose_class_prompt(
    shot: ShotRequest,
    people: Sequence[PersonInFrame],
    vocabulary: Vocabulary,
    style: ProductionStyle | None = None,
) -> ComposedPrompt:
    """Write the same scene with the class in place of each person: no name, no anchor, no traits.

    Raises:
        BadInput: as `compose_prompt`.
    """
    _check_people(shot, people, vocabulary)
    card = _PromptNotes(vocabulary, keep=())
    subjects = [with_article(person.block.class_noun) for person in people]
    scene = _scene(shot, subjects, style, card)
    return ComposedPrompt(
        text=scene,
        negative=vocabulary.negative or "",
        cast=(),
        removed=tuple(card.removed),
        replaced=tuple(card.replaced),
        left_out=tuple(card.left_out),
    )


def reference_caption(name: str, composed: ComposedPrompt) -> str:
    """Put a character's trigger word before the prompt that would draw the picture."""
    return f"{trigger_of(name)}, {composed.text}"


def regularisation_caption(
    shot: ShotRequest,
    people: Sequence[PersonInFrame],
    vocabulary: Vocabulary,
    style: ProductionStyle | None = None,
) -> str:
    """Return the caption of the same picture with the class in place of the person.

    No trigger, no anchor, no traits: `close-up film still of a man, smiling, golden hour, forest`.
    """
    return compose_class_prompt(shot, people, vocabulary, style).text


def sheet_prompt(
    person: PersonInFrame,
    vocabulary: Vocabulary,
    *,
    light: str | None = None,
    place: str | None = None,
) -> ComposedPrompt:
    """Write the prompt of a character sheet: six portraits of one person in one picture.

    Args:
        person: the character.
        vocabulary: the base's words; the sheet's sentence is data of the base.
        light: the sheet's light; without it the character's signature light or the base's default.
        place: the sheet's background; without it the base's studio.
    """
    lit_by = light_on(light, person.signature_light, None, vocabulary)
    background = vocabulary.nearest("place", place) if place else None
    scene = vocabulary.sheet.format(
        subject=person.block.subject,
        traits=person.block.text,
        light=lit_by,
        place=background or vocabulary.sheet_place,
    )
    cleaned = lint(scene, keep=(*SHEET_WORDS, person.block.text))
    cast = (CastMember(name=person.name, identity_block=person.block.text, light=lit_by),)
    return ComposedPrompt(
        text=with_anchor(cleaned.text, cast),
        negative=vocabulary.negative or "",
        cast=cast,
        removed=(*cleaned.removed, *person.block.removed),
        replaced=person.block.replaced,
        left_out=person.block.left_out,
    )


def _check_people(
    shot: ShotRequest, people: Sequence[PersonInFrame], vocabulary: Vocabulary
) -> None:
    asked = [member.character for member in shot.cast]
    given = [person.name for person in people]
    if asked != given:
        raise BadInput(
            f"shot {shot.slate} asks for {', '.join(asked) or 'nobody'} and was given "
            f"{', '.join(given) or 'nobody'}; give the people in the shot's order"
        )
    if len(people) > vocabulary.max_people:
        raise BadInput(
            f"shot {shot.slate} has {len(people)} people; {vocabulary.name} draws at most "
            f"{vocabulary.max_people}: split the shot"
        )


def _scene(
    shot: ShotRequest, subjects: Sequence[str], style: ProductionStyle | None, card: _PromptNotes
) -> str:
    style = style or ProductionStyle()
    expression = card.say("expression", shot.expression.value if shot.expression else None)
    said = {
        "opening": _opening(shot, subjects, expression, style, card),
        "action": card.say("action", shot.action),
        "expression": "" if _is_pair(subjects, card) else expression,
        "view": card.say("view", shot.view.value if shot.view else None),
        "place": card.say("place", shot.place),
        "angle": card.say("angle", shot.angle),
        "lens": card.say("lens", shot.lens or style.lens_family),
        "light": card.say("light", shot.light),
        "style": _style_words(style, card),
        "free": ", ".join(
            words for phrase in shot.free_words if (words := card.say("free", phrase))
        ),
    }
    return ", ".join(said[slot] for slot in card.vocabulary.scene_order if said[slot])


def _is_pair(subjects: Sequence[str], card: _PromptNotes) -> bool:
    """In a closed base's captions of two people, the expression stands beside each of them."""
    return card.vocabulary.closed and len(subjects) == 2


def _opening(
    shot: ShotRequest,
    subjects: Sequence[str],
    expression: str,
    style: ProductionStyle,
    card: _PromptNotes,
) -> str:
    vocabulary = card.vocabulary
    medium = vocabulary.medium
    if vocabulary.closed and style.film_stock:
        medium = card.say("medium", style.film_stock) or medium
    who = [
        ", ".join(
            part for part in (subject, expression if _is_pair(subjects, card) else "") if part
        )
        for subject in subjects
    ]
    template = vocabulary.opening[_opening_of(len(who))]
    return template.format(
        framing=card.say("framing", shot.framing.value),
        medium=medium,
        who=who[0] if who else "",
        first=who[0] if who else "",
        second=who[-1] if who else "",
        count=_COUNTS.get(len(who), ""),
        everyone=", ".join(who),
    )


def _opening_of(people: int) -> str:
    return {0: "none", 1: "one", 2: "two"}.get(people, "many")


def _style_words(style: ProductionStyle, card: _PromptNotes) -> str:
    stock = (
        None if card.vocabulary.closed or not style.film_stock else f"shot on {style.film_stock}"
    )
    phrases = (stock, style.palette, *style.tone, *style.free_words)
    return ", ".join(words for phrase in phrases if (words := card.say("style", phrase)))


def _cast(
    shot: ShotRequest, people: Sequence[PersonInFrame], card: _PromptNotes
) -> tuple[CastMember, ...]:
    return tuple(
        CastMember(
            name=person.name,
            identity_block=person.block.text,
            light=light_on(member.light, person.signature_light, shot.light, card.vocabulary),
        )
        for member, person in zip(shot.cast, people, strict=True)
    )


def light_on(
    own: str | None, signature: str | None, scene: str | None, vocabulary: Vocabulary
) -> str:
    """Return the light on a character in the base's words.

    The shot's own word for the character, else the signature light, else the scene's, else the
    base's default; a word for which the base has nothing near gives way to the next.
    """
    for phrase in (own, signature, scene):
        words = vocabulary.nearest("light", lint(phrase).text) if phrase else None
        if words:
            return words
    return vocabulary.default_light
