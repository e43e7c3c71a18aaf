"""One picture in a director's words, as `agent.toolkit.shoot.ShotAsk` takes it.

The one seam to `tools.language.picture`: says whom a pronoun means, and gives slots as arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.offline.calls import Value
from agent.offline.dialogue_state import DialogueState, mentioned
from tools.language.picture.camera import counts_in, framings_in
from tools.language.picture.people import InPicture
from tools.language.picture.picture import read_picture
from tools.language.text import Text, words_of

_SLOTS = ("framing", "view", "expression", "angle", "lens", "light", "place", "action")


@dataclass(frozen=True)
class DescribedShot:
    """What some words say of a picture."""

    slots: Mapping[str, Value] = field(default_factory=dict)
    people: tuple[Value, ...] = ()
    """Who is in frame, as `CharacterInShot` holds them; a stranger stands there by the name alone."""
    taken: tuple[str, ...] = ()
    """Words that a slot took."""

    @property
    def is_bare(self) -> bool:
        """Say whether nothing but a size was said."""
        return not self.people and not set(self.slots) - {"framing"}


def read_shot(text: Text, state: DialogueState) -> DescribedShot:
    """Sort the words of one shot."""
    pointed = mentioned(text, state)
    picture = read_picture(text, state.studio.characters, [pointed] if pointed else [])
    slots = {slot: getattr(picture, slot) for slot in _SLOTS}
    strangers = (InPicture(name) for name in picture.strangers)
    return DescribedShot(
        {slot: str(value) for slot, value in slots.items() if value is not None},
        tuple(_as_argument(each) for each in (*picture.people, *strangers)),
        tuple(_taken(text, picture.left)),
    )


def _taken(text: Text, left: Sequence[str]) -> Iterator[str]:
    """Return a picture's words less those that no slot took and that mean something."""
    lost = {word.lower for words in left for word in words_of(words)}
    return (word.lower for word in words_of(text.text) if word.lower not in lost)


def sizes_at(small: str) -> list[int]:
    """Return where sizes are named in a text; a two-shot is one, `in one frame` is none."""
    counts = [each for each in counts_in(small) if "shot" in each.words]
    sizes = [each for each in framings_in(small) if not each.denied]
    return sorted({each.start for each in (*sizes, *counts)})


def _as_argument(person: InPicture) -> dict[str, Value]:
    said: dict[str, Value] = {"character": person.name}
    if person.look:
        said["look"] = person.look
    if person.light:
        said["light"] = person.light
    return said
