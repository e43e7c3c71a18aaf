"""What a sentence is read against: the studio, who was spoken of, and what was said just before.

Finds the person whom some words mean (names, pronouns, whoever is shown, the only one).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from agent.offline.calls import Call, Reading
from agent.offline.conversation import Heard
from agent.offline.sentences import MessageWords
from tools.contracts.digest import CharacterState, ShotState, ShownKind, StudioDigest
from tools.language.picture.people import first_stranger
from tools.language.text import Text, read_text


@dataclass(frozen=True)
class DialogueState:
    """The studio and the conversation at one point of a message."""

    studio: StudioDigest
    spoken_of: tuple[str, ...] = ()
    """Characters in the order in which they were spoken of last, newest first."""
    before: tuple[Reading, ...] = ()
    """What this message asked for so far."""
    last_said: tuple[str, ...] = ()
    """The director's earlier messages, newest first."""
    last_answer: str = ""
    """What was answered to the newest of them."""

    @property
    def cast(self) -> tuple[str, ...]:
        """Names of the characters."""
        return tuple(character.name for character in self.studio.characters)

    def character(self, name: str) -> CharacterState | None:
        """Return how far a character has come; None for one who is only being made."""
        return next((each for each in self.studio.characters if each.name == name), None)

    @property
    def shots(self) -> tuple[ShotState, ...]:
        """Every shot in the order of the digest."""
        return tuple(shot for scene in self.studio.scenes for shot in scene.shots)

    def shows(self, kind: ShownKind) -> bool:
        """Say whether numbers stand for this kind of thing now."""
        return self.studio.shown.kind is kind and bool(self.studio.shown.labels)

    def text(self, words: str) -> Text:
        """Prepare words with this cast's names."""
        return read_text(words, self.cast)

    @property
    def last_tool(self) -> str:
        """The tool that this message asked for last."""
        return self.before[-1].call.tool if self.before else ""

    def after(self, reading: Reading) -> DialogueState:
        """Return the state after one more thing was asked for."""
        named = [*reversed(reading.said.names)]
        if reading.person:
            named = [reading.person, *named]
        order = dict.fromkeys([*named, *self.spoken_of])
        return replace(self, before=(*self.before, reading), spoken_of=tuple(order))

    def undone(self) -> DialogueState:
        """Return the state as it was before the last thing was asked for."""
        return replace(self, before=self.before[:-1])


def enter(heard: Heard) -> DialogueState:
    """Return the state in which the newest message is said."""
    cast = [character.name for character in heard.studio.characters]
    order: dict[str, None] = {}
    for line in reversed(heard.earlier):
        for name in (*line.people, *reversed(read_text(line.text, cast).names)):
            order.setdefault(name)
    said = tuple(line.text for line in reversed(heard.earlier) if line.by_director)
    last = heard.earlier[-1] if heard.earlier else None
    answer = "" if last is None or last.by_director else last.text
    return DialogueState(heard.studio, tuple(order), last_said=said, last_answer=answer)


def person_in(text: Text, state: DialogueState) -> str | None:
    """Return the character whom some words mean; None when nothing tells."""
    if text.names:
        return text.names[0]
    wanted = _pronoun(text)
    if wanted:
        return _by_pronoun(wanted, state)
    if first_stranger(text):
        return None
    known = next((each.person for each in reversed(state.before) if each.person), None)
    return known or state.studio.shown.character or _only(list(state.cast))


def mentioned(text: Text, state: DialogueState) -> str | None:
    """Return the character that some words name or point at by a pronoun, else None."""
    wanted = _pronoun(text)
    return text.names[0] if text.names else (_by_pronoun(wanted, state) if wanted else None)


def about(tool: str, text: Text, state: DialogueState, asking: str) -> Reading:
    """Return a call about the person whom some words mean, or the question who it is.

    Args:
        tool: the tool.
        text: what was said.
        state: where it was said.
        asking: the question's start, as `Whom shall I train`.
    """
    name = person_in(text, state)
    if name is not None:
        return Reading(Call(tool, {"character": name}))
    return Reading(Call(tool), "character", who_question(text, state, asking), state.cast)


def who_question(text: Text, state: DialogueState, asking: str, stranger: str | None = None) -> str:
    """Ask for a person, naming those there are; a stranger that was named is said to be one."""
    if not state.cast:
        return "There is nobody in the cast yet; who is the character? Describe one in your words."
    stranger = stranger or first_stranger(text)
    lead = f"{stranger} is not in the cast. " if stranger else ""
    listed = " or ".join(filter(None, [", ".join(state.cast[:-1]), state.cast[-1]]))
    return f"{lead}{asking}: {listed}?"


def _pronoun(text: Text) -> Literal["woman", "man"] | None:
    words = MessageWords.read()
    if words.woman_meant.first(text.small):
        return "woman"
    return "man" if words.man_meant.first(text.small) else None


def _by_pronoun(wanted: Literal["woman", "man"], state: DialogueState) -> str | None:
    fitting = [each.name for each in state.studio.characters if _fits(each, wanted)]
    made = [each.makes for each in state.before if each.makes]
    shown = [state.studio.shown.character or ""]
    order = [*reversed(made), *state.spoken_of, *shown]
    spoken = next((name for name in order if name in fitting or name in made), None)
    sure = [each.name for each in state.studio.characters if each.person != "person"]
    return spoken or _only(fitting) or _only([name for name in fitting if name in sure])


def _fits(character: CharacterState, wanted: Literal["woman", "man"]) -> bool:
    kinds = {"woman": ("woman", "girl"), "man": ("man", "boy")}[wanted]
    return character.person in kinds or character.person == "person"


def _only(names: list[str]) -> str | None:
    return names[0] if len(names) == 1 else None
