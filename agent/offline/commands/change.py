"""A person changes: change_character, either the identity itself or a look.

Finds the look's name (a name that was given, or the moment or occasion) and the words of the change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from re import Match
from typing import Annotated

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.dialogue_state import DialogueState, about, mentioned, who_question
from agent.offline.patterns import Block, Groups, Patterns
from agent.offline.pictures import read_shot
from tools.contracts.limits import LONGEST_LOOK
from tools.language.names import bare_letters
from tools.language.picture.people import may_be_name
from tools.language.slate import slates_in
from tools.language.spelling import is_word
from tools.language.text import Text

_TOOL = "change_character"
_SEEN = frozenset({"place", "light", "framing", "view", "angle", "lens"})


@dataclass(frozen=True)
class ChangeCommandWords(Block, block="change_character", file="commands/change.yaml"):
    """How a change of a person is asked for."""

    subject_change: Patterns
    should: Patterns
    owned: Patterns
    """Starts with somebody's own: `her hair`."""
    look_words: Patterns
    named_look: Annotated[Patterns, Groups(("look",))]
    no_look: Patterns
    look_article: Patterns
    moment: Annotated[Patterns, Groups(("look",))]
    identity: Patterns
    wearing: Patterns
    verb: Patterns
    kept_verb: Patterns
    """Verbs that say themselves what is different."""
    camera: Patterns
    who_start: Patterns
    who_later: Patterns
    of_whom: Patterns
    look_noun: Patterns
    lead: Patterns
    tail: Patterns
    should_be: Patterns
    article: Patterns
    bare_article: Patterns
    stranger: Annotated[Patterns, Groups(("who",))]


@dataclass(frozen=True)
class NamedLook:
    """The look that some words name, and where all words that give it stand."""

    name: str
    span: tuple[int, int]


def read_change(text: Text, state: DialogueState) -> Reading | None:
    """Understand `change_character`: "give her a scar", "after the fight: torn sleeve"."""
    look = _look(text)
    stranger = _stranger(text)
    if stranger:
        question = who_question(text, state, "Who is that", stranger.group("who"))
        call = Call(_TOOL, {"change": text.part(stranger.end()).text})
        return Reading(call, "character", question, state.cast)
    if not _asks(text, state, look):
        return None
    reading = about(_TOOL, text, state, "Whom do you want to change")
    if _is_picture(text, reading.person, look, state):
        return None
    name = look.name if look else None
    owners = [each.name for each in state.studio.characters if name and name in each.looks]
    if reading.missing and len(owners) == 1:
        reading = Reading(Call(_TOOL, {"character": owners[0]}))
    change = change_of(text, look) or (name or "")
    if not change:
        return _what(reading, name)
    return reading.with_args(change=change, look=name)


def _stranger(text: Text) -> Match[str] | None:
    """Find the unknown name with which a sentence about somebody begins: `Élodie is in her forties`."""
    words = ChangeCommandWords.read()
    match = words.stranger.opens(text.text)
    told = words.identity.first(text.small) or words.wearing.first(text.small)
    if match is None or not told or text.names or text.text.isupper():
        return None
    name = match.group("who")
    unknown = name[0].isupper() and may_be_name(name) and not is_word(bare_letters(name))
    return match if unknown else None


def _is_picture(text: Text, name: str | None, look: NamedLook | None, state: DialogueState) -> bool:
    """Say whether a look that there is already is only worn in a picture that is described."""
    known = state.character(name) if name else None
    if look is None or known is None or look.name not in {each.lower() for each in known.looks}:
        return False
    return bool(_SEEN & set(read_shot(text, state).slots))


def _asks(text: Text, state: DialogueState, look: NamedLook | None) -> bool:
    words = ChangeCommandWords.read()
    if words.camera.first(text.small) or slates_in(text.small).slates:
        return False
    about_somebody = mentioned(text, state) is not None or bool(text.names)
    starts = _starts(text)
    if look:
        return starts or about_somebody or look.span[0] == 0 or _says_look(text)
    if _says_look(text) and starts and words.look_noun.first(_after_verb(text).small):
        return True
    attribute = words.identity.first(text.small) or words.wearing.first(text.small)
    return bool(attribute) and starts and (about_somebody or len(state.cast) <= 1)


def _starts(text: Text) -> bool:
    words = ChangeCommandWords.read()
    ways = (words.verb, words.subject_change, words.should, words.owned)
    return any(way.first(text.small) for way in ways)


def _says_look(text: Text) -> bool:
    return ChangeCommandWords.read().look_words.first(text.small) is not None


def _look(text: Text) -> NamedLook | None:
    words = ChangeCommandWords.read()
    named = words.named_look.first(text.small) if _says_look(text) else None
    if named and not words.no_look.first(named.group("look")):
        article = words.look_article.first(text.small[: named.start()])
        start = article.start() if article else named.start()
        return NamedLook(_tidy(text.text[slice(*named.span("look"))]), (start, named.end()))
    moment = words.moment.first(text.small)
    if moment is None:
        return None
    span = moment.span("look")
    return NamedLook(_tidy(text.text[slice(*span)]), span)


def _tidy(said: str) -> str:
    small = said.strip(" \"'.,:;-").lower()
    article = ChangeCommandWords.read().article.opens(small)
    return small[article.end() if article else 0 :][:LONGEST_LOOK].strip()


def _after_verb(text: Text) -> Text:
    words = ChangeCommandWords.read()
    verb = words.verb.first(text.small) or words.subject_change.first(text.small)
    return text.part(verb.end()) if verb and not words.kept_verb.first(verb.group()) else text


def change_of(text: Text, look: NamedLook | None) -> str:
    """Return what is different: words less asking, person and the look's name."""
    words = ChangeCommandWords.read()
    rest = text.without(look.span) if look else text
    rest = _after_verb(rest.without(*words.who_later.spans(rest.small)))
    for _ in range(3):
        for before in (words.who_start, words.look_noun, words.lead):
            match = before.first(rest.small)
            rest = rest.part(match.end()) if match and match.start() == 0 else rest
    rest = rest.without(*words.of_whom.spans(rest.small, 1))
    rest = rest.without(*words.should_be.spans(rest.small))
    tail = words.tail.first(rest.small)
    rest = rest.part(0, tail.start()) if tail else rest
    said = " ".join(rest.text.split()).replace(" ,", ",").strip(" ,:;-")
    article = words.bare_article.opens(said.lower())
    return said[article.end() if article else 0 :]


def _what(reading: Reading, look: str | None) -> Reading:
    if reading.missing:
        return reading
    which = f"the look '{look}'" if look else f"{reading.person}"
    question = f"What is different in {which}: clothes, hair, marks, age?"
    call = Call.of(reading.call.tool, {**reading.call.args, "look": look})
    return Reading(call, "change", question)


def _more_of_change(
    _reading: Reading, _text: Text, whole: Text, state: DialogueState
) -> Reading | None:
    """Read words that go on together with those before them: more that is different."""
    return read_change(whole, state.undone())


def _merged(earlier: Reading, later: Reading) -> Reading | None:
    """Put `after the flood: torn shirt` into `a new look for Daro`, which lacks what is different."""
    same = later.person in (None, earlier.person)
    if earlier.missing != "change" or later.missing or not same:
        return None
    return replace(earlier.with_args(**later.call.args), missing="", question="")


CHANGE_CHARACTER = Command(
    _TOOL, ChangeCommandWords, read_change, extends=_more_of_change, merge=_merged
)
