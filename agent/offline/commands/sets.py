"""The reference set and what is made of it: build, review, gate, train, versions."""

from __future__ import annotations

from dataclasses import dataclass
from re import Match
from typing import Annotated

from agent.offline.calls import Call, Reading, Value
from agent.offline.commands.base import Command, more_details, no_details, of_person
from agent.offline.commands.shots import ShootWords
from agent.offline.dialogue_state import DialogueState, about, person_in
from agent.offline.patterns import Block, Groups, Numbered, Patterns
from agent.offline.pictures import sizes_at
from tools.contracts.digest import ShownKind
from tools.language.numbers import number_of, ordinal_of
from tools.language.text import Text

_MOST_IN_RANGE = 60


@dataclass(frozen=True)
class BuildWords(Block, block="build_references", file="commands/sets.yaml"):
    """How a reference set is asked for."""

    command: Patterns
    images: Numbered
    review: Patterns
    varied: Patterns
    next_layer: Patterns
    goes_on: Patterns
    nouns: Patterns


@dataclass(frozen=True)
class ReviewWords(Block, block="review_references", file="commands/sets.yaml"):
    """How reference images are looked at and thrown out."""

    drop: Annotated[Patterns, Groups(("numbers",))]
    drop_named: Patterns
    named: Numbered
    look: Patterns
    next_layer: Patterns
    images: Patterns
    set_words: Patterns
    layer: Patterns
    show: Patterns
    item: Annotated[Patterns, Groups(("first", "end", "nth", "n"))]


@dataclass(frozen=True)
class GateWords(Block, block="gate", file="commands/sets.yaml"):
    """How the gate is asked."""

    command: Patterns
    nouns: Patterns


@dataclass(frozen=True)
class TrainWords(Block, block="train", file="commands/sets.yaml"):
    """How training is asked for."""

    command: Patterns
    paper: Patterns
    steps: Numbered
    nouns: Patterns


@dataclass(frozen=True)
class VersionsWords(Block, block="list_versions", file="commands/sets.yaml"):
    """How versions are asked about."""

    command: Patterns
    nouns: Patterns


@dataclass(frozen=True)
class ChooseWords(Block, block="choose_version", file="commands/sets.yaml"):
    """How a version is chosen."""

    version: Annotated[Patterns, Groups(("n", "nth"))]
    command: Patterns
    about: Patterns
    newest: Patterns
    oldest: Patterns
    previous: Patterns


def _asks_to_build(text: Text, state: DialogueState) -> bool:
    """Say whether a set is asked for; `draw the next layer` speaks of one that is being built."""
    words = BuildWords.read()
    goes_on = state.shows(ShownKind.REFERENCES) and words.goes_on.first(text.small)
    is_next = words.next_layer.first(text.small) or goes_on
    return bool(words.command.first(text.small)) and not is_next


def _build_details(text: Text, _state: DialogueState) -> dict[str, Value | None]:
    images = BuildWords.read().images.first(text.small)
    return {
        "images": number_of(images.group("n")) if images else None,
        "review": True if BuildWords.read().review.first(text.small) else None,
        "wardrobe": "varied" if BuildWords.read().varied.first(text.small) else None,
    }


def _only_review(text: Text) -> bool:
    return BuildWords.read().review.first(text.small) is not None


def read_review_references(text: Text, state: DialogueState) -> Reading | None:
    """Understand `review_references`: "drop 3 and 7, next layer", "show her references"."""
    words = ReviewWords.read()
    shown = state.shows(ShownKind.REFERENCES) or _means_references(text, state)
    of_set = words.set_words.first(text.small) is not None
    may_drop = shown or of_set or state.last_tool == "review_references"
    drop = dropped_in(text, state) if may_drop else []
    layer = shown or words.layer.first(text.small)
    goes_on = layer and words.next_layer.first(text.small)
    looks = words.show if of_set else words.look if shown else None
    if not (drop or goes_on or (looks and looks.first(text.small))):
        return None
    reading = about("review_references", text, state, "Whose references do you mean")
    if reading.missing and state.spoken_of:
        reading = Reading(Call("review_references", {"character": state.spoken_of[0]}))
    return reading.with_args(drop=[*drop] or None, next_layer=True if goes_on else None)


def _means_references(text: Text, state: DialogueState) -> bool:
    """Say whether `images 4 and 9` are references although nothing with numbers is on show."""
    words = ReviewWords.read()
    if not words.images.first(text.small) or state.shows(ShownKind.TAKES):
        return False
    spoken_of = words.set_words.first(state.last_answer.lower())
    there_are = any(each.references for each in state.studio.characters)
    return bool(spoken_of) or (there_are and state.studio.shown.kind is ShownKind.NOTHING)


def dropped_in(text: Text, state: DialogueState) -> list[int]:
    """Return the numbers of the images that some words throw out, in order."""
    words, count = ReviewWords.read(), len(state.studio.shown.labels)
    for match in words.drop.all(text.small):
        items = words.item.all(match.group("numbers"))
        found = [number for item in items for number in _images(item, count)]
        if found:
            return [*dict.fromkeys(found)]
    if words.drop_named.first(text.small):
        named = words.named.all(state.last_answer.lower())
        return [*dict.fromkeys(int(match.group("n")) for match in named)]
    return []


def _images(item: Match[str], count: int) -> list[int]:
    if item.group("first"):
        first, last = int(item.group("first")), int(item.group("end"))
        fits = 0 < first < last < first + _MOST_IN_RANGE
        return list(range(first, last + 1)) if fits else []
    nth = item.group("nth")
    place = ordinal_of(nth, count) if nth else number_of(item.group("n"))
    return [place] if place and place < 1000 else []


def _merged_review(earlier: Reading, later: Reading) -> Reading | None:
    """Put "drop 3" and "go on" into one call; None when they are not of one set."""
    if earlier.person != later.person or earlier.call.args.get("next_layer"):
        return None
    drops = (each.call.args.get("drop") for each in (earlier, later))
    drop = [number for numbers in drops if isinstance(numbers, list) for number in numbers]
    return earlier.with_args(drop=drop or None, next_layer=later.call.args.get("next_layer"))


def _more_review(
    reading: Reading, text: Text, _whole: Text, state: DialogueState
) -> Reading | None:
    goes_on = ReviewWords.read().next_layer.first(text.small)
    drop = dropped_in(text, state)
    more = Reading(Call.of("review_references", {"drop": [*drop] or None}))
    return _merged_review(reading, more.with_args(next_layer=True if goes_on else None))


def _asks_gate(text: Text, _state: DialogueState) -> bool:
    drawn = ShootWords.read().strong_verb.first(text.small) or sizes_at(text.small)
    return not drawn and GateWords.read().command.first(text.small) is not None


def _asks_training(text: Text, _state: DialogueState) -> bool:
    return TrainWords.read().command.first(text.small) is not None


def _train_details(text: Text, _state: DialogueState) -> dict[str, Value | None]:
    words = TrainWords.read()
    steps = words.steps.first(text.small)
    return {
        "preset": "paper" if words.paper.first(text.small) else None,
        "steps": _steps(steps.group("n")) if steps else None,
    }


def _steps(words: str) -> int | None:
    parts = words.split()
    if parts[-1] in ("hundred", "thousand"):
        return (number_of(parts[0]) or 1) * (100 if parts[-1] == "hundred" else 1000)
    return number_of(words)


def _asks_versions(text: Text, _state: DialogueState) -> bool:
    return VersionsWords.read().command.first(text.small) is not None


def read_choose_version(text: Text, state: DialogueState) -> Reading | None:
    """Understand `choose_version`: "go back to v1", "use her newest version"."""
    words = ChooseWords.read()
    if not (words.command.first(text.small) and words.about.first(text.small)):
        return None
    reading = about("choose_version", text, state, "Whose version do you mean")
    version = _version(text, person_in(text, state) or "", state)
    if version is not None:
        return reading.with_args(version=version)
    if reading.missing:
        return reading
    return Reading(reading.call, "version", f"Which version of {reading.person} shall I use?")


def _version(text: Text, name: str, state: DialogueState) -> int | None:
    """Return the first version that some words tell; `the older one` tells none."""
    found = (_meant(match, name, state) for match in ChooseWords.read().version.all(text.small))
    return next((version for version in found if version is not None), None)


def _meant(match: Match[str], name: str, state: DialogueState) -> int | None:
    groups, known = match.groupdict(), state.character(name)
    if groups.get("n"):
        return number_of(groups["n"])
    versions = known.versions if known else ()
    return _relative(groups["nth"], versions, known.version_in_use if known else None)


def _relative(word: str, versions: tuple[int, ...], in_use: int | None) -> int | None:
    """Return the version that `newest`, `the one before` or `the second` means."""
    words = ChooseWords.read()
    if not versions:
        return None
    if words.newest.first(word):
        return versions[-1]
    if words.oldest.first(word):
        return versions[0]
    if words.previous.first(word):
        current = in_use if in_use in versions else versions[-1]
        earlier = [version for version in versions if version < current]
        return earlier[-1] if earlier else None
    return ordinal_of(word, len(versions))


def _more_version(
    reading: Reading, text: Text, _whole: Text, state: DialogueState
) -> Reading | None:
    version = _version(text, reading.person or "", state)
    return Reading(reading.call.with_args(version=version)) if version else reading


BUILD_REFERENCES = Command(
    "build_references",
    BuildWords,
    of_person(
        "build_references", "Whose reference set shall I build", _asks_to_build, _build_details
    ),
    extends=more_details(_build_details),
    only_goes_on=_only_review,
    per_person=True,
)
REVIEW_REFERENCES = Command(
    "review_references",
    ReviewWords,
    read_review_references,
    extends=_more_review,
    merge=_merged_review,
)
GATE = Command(
    "gate",
    GateWords,
    of_person("gate", "Whose set shall the gate look at", _asks_gate, no_details),
    informs=True,
    per_person=True,
)
TRAIN = Command(
    "train",
    TrainWords,
    of_person("train", "Whom shall I train", _asks_training, _train_details),
    extends=more_details(_train_details),
    per_person=True,
)
LIST_VERSIONS = Command(
    "list_versions",
    VersionsWords,
    of_person("list_versions", "Whose versions do you want to see", _asks_versions, no_details),
    informs=True,
    per_person=True,
)
CHOOSE_VERSION = Command("choose_version", ChooseWords, read_choose_version, extends=_more_version)
