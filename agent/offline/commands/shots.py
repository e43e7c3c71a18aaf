"""Pictures are asked for: shoot, of planned slates or of shots that are described.

Cuts some words into their shots, shares what was said for all of them, and reads each one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands.base import Command
from agent.offline.dialogue_state import DialogueState, who_question
from agent.offline.patterns import Block, Groups, Patterns
from agent.offline.pictures import DescribedShot, read_shot, sizes_at
from agent.offline.references import scene_in, slates_meant
from agent.offline.sentences import trimmed
from agent.offline.strangers import default_person, shots_of, stranger_asked, strangers_of
from tools.contracts.digest import ShownKind
from tools.language.numbers import number_of
from tools.language.picture.people import first_stranger
from tools.language.slate import slate_of, slates_in
from tools.language.text import NAME_MARK, Text

MAX_SHOTS = 12
_MOST_TAKES = 10
_SHORT = 6
_A_FEW = 3


@dataclass(frozen=True)
class ShootWords(Block, block="shoot", file="commands/shots.yaml"):
    """How pictures are asked for."""

    command: Patterns
    verb: Patterns
    strong_verb: Patterns
    question: Patterns
    again: Patterns
    only_again: Patterns
    settles: Patterns
    """Words of picking and rejecting."""
    more_takes: Annotated[Patterns, Groups(("n", "m", "k", "twice"))]
    takes_word: Patterns
    counted_slate: Patterns
    the_framed: Patterns
    pronoun: Patterns
    two_shot: Patterns
    scene_words: Patterns
    count_words: Patterns
    header: Patterns
    order: Patterns
    separator: Patterns
    before_framing: Patterns
    slate_link: Patterns
    sketch: Patterns
    """A sketch is asked for, at the start: `a quick sketch of`, `sketch`."""
    sketch_word: Patterns
    as_sketch: Patterns
    the_sketches: Patterns
    """Sketches that are there: asked to be looked at, or spoken of."""
    real: Patterns
    """A sketch's shot is wanted as a take: `make it real`."""
    all_sketches: Patterns
    asking: Patterns


def read_more_takes(text: Text, _state: DialogueState) -> Reading | None:
    """Understand `shoot` where takes of a slate are counted: "one more of 12A", "two takes of 3B"."""
    if not ShootWords.read().counted_slate.first(text.small):
        return None
    slates: list[Value] = [*slates_in(text.small).slates]
    return Reading(Call.of("shoot", {"slates": slates, "takes": takes_wanted(text)}))


def read_shoot(text: Text, state: DialogueState) -> Reading | None:
    """Understand `shoot`: "shoot 12A and B", "a close-up of Lirien smiling at dawn"."""
    words = ShootWords.read()
    if words.question.opens(text.small):
        return None
    command = words.command.first(text.small)
    asks = command or words.again.first(text.small) or _only_slates(text)
    planned = _planned(text, state) if asks and not words.settles.first(text.small) else ()
    takes = takes_wanted(text)
    if planned:
        return Reading(Call.of("shoot", {"slates": [*planned], "takes": takes}))
    rest = trimmed(text.without(*words.scene_words.spans(text.small)))
    verb = words.verb.first(rest.small)
    shots = shots_in(_from_picture(rest.part(verb.end()) if verb else rest), state)
    if not _is_shot(shots, text, bool(command), state):
        return None
    return _described(shots, text, state, takes if words.takes_word.first(text.small) else None)


def _only_slates(text: Text) -> bool:
    """Say whether nothing but slates and a number of takes is said: `4A to C, two each`."""
    words, slates = ShootWords.read(), slates_in(text.small)
    scene = words.scene_words.spans(text.small) if takes_wanted(text) else []
    rest = text.without(*slates.spans, *scene, *words.count_words.spans(text.small)).small
    return bool(slates.slates or scene) and words.slate_link.first(rest) is not None


def _from_picture(text: Text) -> Text:
    """Leave out how a picture is asked for: `what we need here is a wide of Joseph`."""
    sizes = sizes_at(text.small)
    head = text.small[: sizes[0]] if sizes else ""
    asking = list(ShootWords.read().asking.all(head)) if NAME_MARK not in head else []
    return text.part(asking[-1].end()) if asking else text


def takes_wanted(text: Text) -> int | None:
    """Return how many takes of each shot some words ask for."""
    match = ShootWords.read().more_takes.first(text.small)
    if match is None:
        return None
    groups = match.groupdict()
    if groups.get("twice"):
        return 2
    word = next((groups[key] for key in ("n", "m", "k") if groups.get(key)), "")
    number = _A_FEW if word == "a few" else number_of(word.removesuffix(" of"))
    return number if number and 1 <= number <= _MOST_TAKES else None


def _described(
    shots: Sequence[DescribedShot], text: Text, state: DialogueState, takes: int | None
) -> Reading:
    """Return the call for shots that were described, or the question who is in frame."""
    people: tuple[Value, ...] = ()
    asked: list[Value] = []
    nobody = () if state.cast and first_stranger(text) else default_person(state)
    for shot in shots[:MAX_SHOTS]:
        people = shot.people or people or nobody
        asked.append({**shot.slots, "characters": [*people]})
    call = Call.of("shoot", {"shots": asked, "scene": scene_in(text), "takes": takes})
    taken = tuple(word for shot in shots for word in shot.taken)
    strangers = strangers_of(call, state.cast)
    if strangers:
        return stranger_asked(Reading(call, taken=taken), strangers[0], state.cast)
    if any(isinstance(shot, dict) and not shot["characters"] for shot in asked):
        question = who_question(text, state, "Who is in frame")
        return Reading(call, "characters", question, state.cast, taken=taken)
    return Reading(call, taken=taken)


def shots_in(text: Text, state: DialogueState) -> list[DescribedShot]:
    """Cut words into shots and read each; a bare framing takes what the next one says."""
    head, rest = _header(text.without(*ShootWords.read().count_words.spans(text.small)))
    shared = read_shot(head, state) if head else DescribedShot()
    shots = [read_shot(part, state) for part in _cut(rest)]
    carried = {key: value for key, value in shared.slots.items() if key != "framing"}
    shots = [
        replace(
            shot,
            slots={**carried, **shot.slots},
            people=shot.people or shared.people,
            taken=(*shared.taken, *shot.taken),
        )
        for shot in shots
    ]
    for at in range(len(shots) - 2, -1, -1):
        following = shots[at + 1]
        if shots[at].is_bare and "framing" in shots[at].slots:
            slots = {**following.slots, **shots[at].slots}
            shots[at] = replace(shots[at], slots=slots, people=following.people)
    return [shot for shot in shots if shot.slots or shot.people]


def _header(text: Text) -> tuple[Text | None, Text]:
    """Part `three shots of Lirien in the kitchen: ...` from the shots."""
    head, colon = ShootWords.read().header.first(text.small), text.small.find(":")
    if head and colon > 0:
        return text.part(head.end(), colon), text.part(colon + 1)
    places = sizes_at(text.small)
    if colon > 0 and places and places[0] > colon:
        return text.part(0, colon), text.part(colon + 1)
    return None, text.part(head.end()) if head and head.end() < len(text.small) else text


def _cut(text: Text) -> list[Text]:
    """Cut words before each framing from the second on, and at `;` where each part has a name."""
    words, cuts, places = ShootWords.read(), [0], sizes_at(text.small)
    named = [
        end for _, end in words.separator.spans(text.small) if text.small.startswith(NAME_MARK, end)
    ]
    if len(places) > 1 and _one_each([0, *named, len(text.small)], places):
        return [text.part(start, end) for start, end in pairwise([0, *named, len(text.small)])]
    for start, end in words.separator.spans(text.small):
        opening = words.before_framing.first(text.small[end:])
        at = end + (opening.end() if opening else 0)
        starts = any(end <= place <= at for place in places)
        earlier = any(cuts[-1] <= place < start for place in places)
        ends = text.small[start:end].strip()[:1] in (";", ".", "\n")
        if (starts and earlier) or (ends and text.small.startswith(NAME_MARK, end)):
            cuts.append(end)
    parts = [text.part(start, end) for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
    return [_without_order(part) for part in parts if part.small]


def _one_each(cuts: Sequence[int], places: Sequence[int]) -> bool:
    """Say whether every piece holds one size: `Mara in the rain, close-up, and Joseph, medium`."""
    held = (sum(start <= place < end for place in places) for start, end in pairwise(cuts))
    return all(count == 1 for count in held)


def _without_order(part: Text) -> Text:
    match = ShootWords.read().order.first(part.small)
    return part.part(match.end()) if match and match.start() == 0 else part


def _planned(text: Text, state: DialogueState) -> tuple[str, ...]:
    """Return the planned slates that some words ask for, unless they describe a new shot."""
    words = ShootWords.read()
    if slates_in(text.small).slates:
        return slates_meant(text, state)
    if sizes_at(text.small) and not words.the_framed.first(text.small):
        return ()
    if text.names or words.pronoun.first(text.small):
        return ()
    if state.shows(ShownKind.TAKES) and words.only_again.first(text.small):
        slates = dict.fromkeys(slate_of(label) for label in state.studio.shown.labels)
        return tuple(slates) if len(slates) == 1 else ()
    return slates_meant(text, state)


def _is_shot(
    shots: Sequence[DescribedShot], text: Text, command: bool, state: DialogueState
) -> bool:
    """Say whether words describe a picture: a person or a framing, and something to see."""
    if not shots:
        return False
    words, slots = ShootWords.read(), {slot for shot in shots for slot in shot.slots}
    people = any(shot.people for shot in shots)
    if "framing" in slots or words.two_shot.first(text.small):
        return command or people or len(slots) > 1 or len(text.small.split()) <= _SHORT
    seen = slots & {"place", "light", "view", "expression", "lens", "angle"}
    strong = words.strong_verb.first(text.small)
    if people:
        return bool(seen or strong)
    return bool(strong and seen and state.cast) or (command and len(seen) > 1)


def goes_on_shooting(earlier: Reading, later: Reading) -> bool:
    """Say whether later shots belong to a list that was begun: they come without a verb of asking."""
    both = "shots" in earlier.call.args and "shots" in later.call.args
    asked = ShootWords.read().verb.first(later.said.small)
    return both and not asked and not later.call.args.get("takes")


def joined(earlier: Reading, later: Reading) -> Reading:
    """Put the shots of a sentence that goes on into the call before it."""
    shots: list[Value] = [dict(shot) for each in (earlier, later) for shot in shots_of(each.call)]
    call = earlier.call.with_args(shots=shots[:MAX_SHOTS])
    kept = later if later.missing else earlier
    return replace(kept, call=call, taken=(*earlier.taken, *later.taken))


def _merged(earlier: Reading, later: Reading) -> Reading | None:
    if goes_on_shooting(earlier, later):
        return joined(earlier, later)
    slates = [each.call.args.get("slates") for each in (earlier, later)]
    bare = set(earlier.call.args) == set(later.call.args) == {"slates"}
    if not bare or ShootWords.read().verb.first(later.said.small):
        return None
    listed = [str(slate) for each in slates if isinstance(each, list) for slate in each]
    return earlier.with_args(slates=[*dict.fromkeys(listed)])


def _more_of_shot(
    reading: Reading, text: Text, whole: Text, state: DialogueState
) -> Reading | None:
    """Add words that go on: more shots, or more of the picture."""
    if "shots" not in reading.call.args:
        return None
    more = read_shoot(text, state)
    if more and "shots" in more.call.args:
        return joined(reading, more)
    return read_shoot(whole, state.undone())


COUNTED = Command("shoot", ShootWords, read_more_takes, extends=_more_of_shot)
SHOOT = Command("shoot", ShootWords, read_shoot, extends=_more_of_shot, merge=_merged)
