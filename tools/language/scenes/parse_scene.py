"""A scene brief from free text, by rules: slugline, labels, or plain sentences.

Knows places, lights and names; asks no model. What no slot takes is kept as free words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import ValidationError

from tools.contracts.briefs import SceneBrief, SceneCast
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.language.lexicon import character_lexicon, one_line
from tools.language.names import tidy_name
from tools.language.prompt.vocabulary import load_vocabulary
from tools.language.style import style_words
from tools.language.text import join_words, plain_text, words_of

MAX_SCENE = 4000
_NUMBER = re.compile(r"^\W*(?:scene|sc\.?)\s*(\d{1,4})\b\s*[:.,-]?\s*", re.IGNORECASE)
_SLUGLINE = re.compile(
    r"^(?:(\d{1,4})[.\s]+)?(?:INT|EXT|INT/EXT|I/E)[./]*\s+(?P<place>[^-\n]+?)(?:\s+-\s+(?P<time>[^\n]+))?$"
)
_LABEL = re.compile(r"^([A-Za-z][A-Za-z ]{1,20}?)\s*:\s*(.*)$")
_LOOK_OF_NAME = (
    r"(?:\s*\((?:the )?(?P<look>[\w -]{1,50}?)(?: look)?\)| in the (?P<worn>[\w-]{1,50}) look)?"
)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


class SceneWords(Contract):
    """The lists of `prompts/lexicon/scene.yaml`."""

    times: tuple[str, ...]
    place_leads: tuple[str, ...]
    light_leads: tuple[str, ...]
    scene_labels: dict[str, str]


@dataclass
class _Draft:
    number: int | None = None
    slots: dict[str, list[str]] = field(
        default_factory=lambda: {"place": [], "light": [], "action": [], "style": []}
    )
    cast: dict[str, str] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def scene_words() -> SceneWords:
    """Read the lexicon once."""
    text = files("prompts").joinpath("lexicon", "scene.yaml").read_text(encoding="utf-8")
    return SceneWords.model_validate(yaml.safe_load(text))


def parse_scene(text: str, *, known: Sequence[str] = ()) -> SceneBrief:
    """Read a scene of up to 4,000 characters into slots.

    Args:
        text: a slugline, labelled lines or sentences.
        known: names of the production's characters; without them capitalised words count as names.

    Raises:
        BadInput: empty or too long.
    """
    plain = plain_text(text)
    if not plain.strip() or len(plain) > MAX_SCENE:
        raise BadInput(
            f"a scene needs 1 to {MAX_SCENE} characters; say place, light and what happens"
        )
    draft = _Draft()
    for line in plain.splitlines():
        _read_line(line.strip(" -*#"), draft, known)
    return _brief(draft)


def _read_line(line: str, draft: _Draft, known: Sequence[str]) -> None:
    number = _NUMBER.match(line)
    if number:
        draft.number = int(number.group(1))
        line = line[number.end() :]
    slugline = _SLUGLINE.match(line)
    if slugline:
        draft.number = int(slugline.group(1)) if slugline.group(1) else draft.number
        draft.slots["place"].append(slugline.group("place").strip().lower())
        if slugline.group("time"):
            draft.slots["light"].append(slugline.group("time").strip().lower())
        return
    for sentence in filter(None, _SENTENCE_END.split(line)):
        label = _LABEL.match(sentence)
        slot = scene_words().scene_labels.get(label.group(1).lower()) if label else None
        if label and slot:
            _read_labelled(slot, label.group(2).strip(" ."), draft)
        else:
            _read_sentence(sentence, draft, known)


def _read_labelled(slot: str, value: str, draft: _Draft) -> None:
    if slot != "cast":
        draft.slots[slot].extend([value] if value else [])
        return
    for part in re.split(r"\s*,\s*|\s+and\s+", value):
        match = re.match(rf"(?P<name>[^()]+?){_LOOK_OF_NAME}$", part)
        if match and tidy_name(match.group("name")):
            look = match.group("look") or match.group("worn") or "default"
            draft.cast[tidy_name(match.group("name"))] = look


def _read_sentence(sentence: str, draft: _Draft, known: Sequence[str]) -> None:
    names = _take_names(sentence, draft, known)
    rest = re.sub(r"\s*\([^()]*\)| in the [\w-]+ look", "", sentence) if names else sentence
    for slot in ("style", "light", "place"):
        rest = _take_phrases(rest, slot, draft)
    rest = _tidied(rest)
    if not rest:
        return
    if names:
        alone = len(names) == 1 and rest.startswith(names[0])
        action = rest[len(names[0]) :].strip(" ,") if alone else rest
        draft.slots["action"].extend([action] if action else [])
    else:
        draft.free.append(rest)


def _take_names(sentence: str, draft: _Draft, known: Sequence[str]) -> list[str]:
    names: list[str] = []
    candidates = known or _capitalised(sentence)
    for name in candidates:
        match = re.search(rf"\b{re.escape(name)}\b(?:'s)?{_LOOK_OF_NAME}", sentence)
        if match:
            names.append(name)
            look = match.group("look") or match.group("worn")
            draft.cast.setdefault(name, look or "default")
    return names


def _capitalised(sentence: str) -> list[str]:
    lexicon = character_lexicon()
    words = [word.text.removesuffix("'s") for word in words_of(sentence)]
    return [
        word
        for index, word in enumerate(words)
        if re.fullmatch(r"[A-Z][a-z]+", word)
        and not lexicon.knows(word.lower())
        and word.lower() not in style_words().style_words
        and (index > 0 or _verb_follows(words))
    ]


def _verb_follows(words: Sequence[str]) -> bool:
    following = words[1] if len(words) > 1 else ""
    return bool(re.fullmatch(r"[a-z]+(?:s|ed)|and|in|at|sat|ran|stood|is|\(|,", following))


def _phrases(slot: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a slot and the prepositions that lead to them."""
    words = scene_words()
    if slot == "style":
        return style_words().style_words, ("in", "on", "shot on", "with", "filmed in")
    rule = load_vocabulary("maquette").slots[slot]
    listed = [*rule.words, *(each for group in rule.synonyms.values() for each in group)]
    if slot == "light":
        return (*listed, *words.times), words.light_leads
    return tuple(listed), words.place_leads


@lru_cache(maxsize=4)
def _pattern(slot: str) -> re.Pattern[str]:
    nouns, leads = _phrases(slot)
    noun = "|".join(re.escape(word) for word in sorted(nouns, key=len, reverse=True))
    lead = "|".join(re.escape(word) for word in sorted(leads, key=len, reverse=True))
    modifiers = r"(?:[\w'-]+\s+){0,3}?" if slot == "place" else _light_modifiers()
    needs_lead = "" if slot == "place" else "?"
    return re.compile(
        rf"(?:(?:\b(?:{lead})\s+|^)){needs_lead}(?:(?:the|an?|his|her|their)\s+)?(?P<said>{modifiers}(?:{noun}))\b(?!-)",
        re.IGNORECASE,
    )


def _light_modifiers() -> str:
    listed = "|".join(map(re.escape, character_lexicon().slots["signature_light"].modifiers))
    return rf"(?:(?:{listed})\s+){{0,3}}?"


def _take_phrases(text: str, slot: str, draft: _Draft) -> str:
    """Move the phrases of a slot out of a sentence; an open `light` needs no preposition."""

    def take(match: re.Match[str]) -> str:
        draft.slots[slot].append(match.group("said"))
        return " "

    return _pattern(slot).sub(take, text)


def _tidied(rest: str) -> str:
    words = [word.text for word in words_of(rest)]
    stop = character_lexicon().stop
    content = [word for word in words if word[0].isalnum() and word.lower() not in stop]
    text = re.sub(r"\s*([,;:])(?:\s*[,;:.])+", r"\1", join_words(words))
    return text.strip(" ,;:.-") if content else ""


def _brief(draft: _Draft) -> SceneBrief:
    joined = {
        slot: ", ".join(dict.fromkeys(draft.slots[slot])) or None
        for slot in ("place", "light", "action")
    }
    cast = [{"character": name, "look": look} for name, look in draft.cast.items()]
    try:
        return SceneBrief.model_validate(
            {
                "number": draft.number,
                **joined,
                "cast": tuple(SceneCast.model_validate(each) for each in cast),
                "style": tuple(dict.fromkeys(draft.slots["style"])),
                "free_words": tuple(draft.free),
            }
        )
    except ValidationError as error:
        raise BadInput(f"the scene does not fit: {one_line(error)}") from error
