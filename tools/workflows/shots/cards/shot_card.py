"""A shot card: everything that a person should know before a shot is drawn.

Knows prompts, bases, LoRA versions and how long takes took; must not draw nor start anything.
"""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from tools.contracts.bases import BaseRow
from tools.contracts.digest import Slate
from tools.contracts.model import Contract
from tools.contracts.photography import Framing
from tools.contracts.shots import CharacterInShot, ComposedPrompt, Removal, Replacement, ShotRequest
from tools.language.prompt.identity import DEFAULT_LOOK
from tools.language.prompt.prompt import compose_prompt
from tools.language.prompt.vocabulary import load_vocabulary
from tools.services import Services
from tools.store.character import get_character, lora_in_use
from tools.workflows.costs import seconds_per
from tools.workflows.digest import base_of, production_row
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter, load_character, person_in_frame
from tools.workflows.shots.shoot.requests import NO_ROOM, compose_take

FREE = Decimal(0)
"""Drawing on a base that is installed here costs no money."""


class ShotCard(Contract):
    """A shot as it would be drawn."""

    slate: Slate
    framing: Framing
    lens: str | None
    light: str | None
    place: str | None
    cast: tuple[CharacterInShot, ...]
    prompt: str | None
    """The exact prompt, closed by its SAME anchor; None when nobody is in frame or too many are."""
    replaced: tuple[Replacement, ...] = ()
    """Words that the base says otherwise."""
    left_out: tuple[str, ...] = ()
    """What the base does not understand, as `slot: words`."""
    removed: tuple[Removal, ...] = ()
    base: str
    takes: int = Field(ge=1)
    """At most so many; QC may be content earlier."""
    seconds: float | None = Field(ge=0)
    """Wall time of all takes by what earlier ones took; None while nothing was drawn here."""
    cost: Decimal = Field(ge=0)
    """US dollars."""
    lora_version: int | None = None
    is_sketch: bool = False
    """Whether the base would draw it alone: to look at, never delivered."""
    waits: str | None = None
    """Why it cannot be drawn yet."""


def shot_card(
    services: Services,
    production: str,
    shot: ShotRequest,
    takes: int | None = None,
    *,
    as_sketch: bool | None = None,
) -> ShotCard:
    """Write the card of a shot.

    Args:
        services: the studio.
        production: whose base, style and characters hold.
        shot: with its slate.
        takes: takes that are wanted; None is up to the studio's cap, as QC asks.
        as_sketch: whether it would be drawn as a sketch; None where the person has no LoRA.

    Raises:
        UnknownName: somebody in frame who is not in the cast, or a look that they do not have.
    """
    owner = production_row(services, production)
    row = services.catalog.row(base_of(services, owner))
    people = [load_character(services, production, each.character) for each in shot.cast]
    composed = _composed(services, people, shot, row)
    count = takes or services.settings.max_tries
    lora = _lora(services, people, row.name)
    is_sketch = len(people) == 1 and (lora is None if as_sketch is None else as_sketch)
    each_take = seconds_per(services, Kind.SKETCH if is_sketch else Kind.SHOOT, base=row.name)
    return ShotCard(
        slate=shot.slate,
        framing=shot.framing,
        lens=shot.lens,
        light=shot.light,
        place=shot.place,
        cast=shot.cast,
        prompt=composed.text if composed else None,
        replaced=composed.replaced if composed else (),
        left_out=composed.left_out if composed else (),
        removed=composed.removed if composed else (),
        base=row.name,
        takes=count,
        seconds=None if each_take is None else each_take * count,
        cost=FREE,
        lora_version=None if is_sketch else lora,
        is_sketch=is_sketch,
        waits=_waits(people),
    )


def card_text(card: ShotCard) -> str:
    """Say a card in plain lines: what is seen, the prompt, unknown words, and what it takes."""
    return "\n".join([*card_lines(card), terms_line(card)])


def card_lines(card: ShotCard) -> list[str]:
    """Say what is seen, the exact prompt, and the words that the base does not know."""
    lines = [headline(card)]
    if card.prompt:
        lines.append(f"Prompt: {card.prompt}")
    unknown = [
        f"“{each.said}” becomes “{each.used}”" for each in card.replaced if each.said != each.used
    ]
    unknown += [
        each if each.startswith(NO_ROOM) else f"no word for {each}" for each in card.left_out
    ]
    if unknown:
        lines.append(f"In {card.base}'s words: {'; '.join(dict.fromkeys(unknown))}.")
    lines += [f"Taken out: “{each.term}” {each.reason}." for each in dict.fromkeys(card.removed)]
    if card.waits and len(card.cast) != 1:
        lines.append(f"Waits: {card.waits}.")
    return lines


def headline(card: ShotCard) -> str:
    """Say slate, framing, people with their looks, place, light and lens in one line."""
    parts = [card.framing.value, who_in_frame(card.cast)]
    parts += [part for part in (card.place, card.light, card.lens) if part]
    return f"{card.slate}: {', '.join(parts)}"


def who_in_frame(cast: tuple[CharacterInShot, ...]) -> str:
    """Name the people of a frame with their looks: `Lirien (after the fight) and Daro`."""
    names = [
        each.character if each.look == DEFAULT_LOOK else f"{each.character} ({each.look})"
        for each in cast
    ]
    return " and ".join(names) or "nobody of the cast"


def terms_line(card: ShotCard) -> str:
    """Say base, LoRA version, takes or sketches, time and money of one shot."""
    noun, nouns = ("sketch", "sketches") if card.is_sketch else ("take", "takes")
    version = "a sketch without a LoRA" if card.is_sketch else f"LoRA v{card.lora_version}"
    takes = f"1 {noun}" if card.takes == 1 else f"up to {card.takes} {nouns}"
    time = f"time unknown until a {noun} was drawn" if card.seconds is None else _time(card.seconds)
    money = "no cost" if card.cost == FREE else f"{card.cost:.2f} US dollars"
    return f"{card.base}, {version}, {takes} a shot, {time}, {money}."


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"


def _composed(
    services: Services, people: list[LoadedCharacter], shot: ShotRequest, row: BaseRow
) -> ComposedPrompt | None:
    vocabulary = load_vocabulary(row.vocabulary)
    if not people or len(people) > vocabulary.max_people:
        return None
    if len(people) == 1:
        return compose_take(services, people[0], shot, row)
    framed = [
        person_in_frame(services, person, vocabulary, member.look)
        for person, member in zip(people, shot.cast, strict=True)
    ]
    return compose_prompt(shot, framed, vocabulary, people[0].style)


def _lora(services: Services, people: list[LoadedCharacter], base: str) -> int | None:
    """The version in use of the one person in frame, for this base."""
    if len(people) != 1:
        return None
    person, bases = people[0], services.catalog.adapter_bases(base)
    with services.database.reading() as session:
        character = get_character(
            session=session, production_id=person.production_id, name=person.name
        )
        found = lora_in_use(session=session, character=character, bases=bases)
    return found.version if found else None


def _waits(people: list[LoadedCharacter]) -> str | None:
    if not people:
        return "nobody of the cast is in frame"
    if len(people) > 1:
        names = " and ".join(person.name for person in people)
        return f"{names} are in one frame, and this studio draws one person a frame so far"
    return None
