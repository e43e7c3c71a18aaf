"""The words of camera, light and place, ready to ask: `prompts/agent/offline/camera.yaml` and the
maquette's vocabulary.

Knows lists; must not know in which order a shot's words are taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from agent.offline.clause import NAME_MARK
from tools.contracts.model import Contract
from tools.contracts.photography import Expression, Framing, View
from tools.language.vocabulary import load_vocabulary


class CameraWords(Contract):
    """The file as it is written."""

    framings: dict[Framing, str]
    views: dict[View, str]
    lens: tuple[str, ...]
    angle: tuple[str, ...]
    expressions_more: dict[Expression, str]
    expression_lead: str
    expression_tail: str
    light_nouns_sure: str
    light_nouns_led: str
    light_modifiers: str
    light_leads: str
    light_not_before: str
    place_leads: str
    place_words: str
    not_place: str
    wearing: str
    aimed_verbs: str
    verbs: str
    place_end: str
    action_lead: str
    action_tail: str


@dataclass(frozen=True)
class ShotPatterns:
    """Every pattern of a shot, compiled."""

    framings: tuple[tuple[Framing, re.Pattern[str]], ...]
    views: tuple[tuple[View, re.Pattern[str]], ...]
    expressions: tuple[tuple[Expression, re.Pattern[str]], ...]
    lens: tuple[re.Pattern[str], ...]
    angle: tuple[re.Pattern[str], ...]
    light_led: re.Pattern[str]
    """A light behind a preposition; group `said` is the phrase."""
    light: re.Pattern[str]
    """A light that needs no preposition."""
    place: re.Pattern[str]
    """A preposition and what may be a place; groups `lead` and `said`."""
    known_place: re.Pattern[str]
    not_place: re.Pattern[str]
    wearing: re.Pattern[str]
    aimed: re.Pattern[str]
    """A verb at the end of a text that takes the next preposition as its own."""
    verb: re.Pattern[str]
    place_end: re.Pattern[str]
    action_lead: re.Pattern[str]
    action_tail: re.Pattern[str]


@lru_cache(maxsize=1)
def shot_patterns() -> ShotPatterns:
    """Compile them once."""
    text = files("prompts").joinpath("agent", "offline", "camera.yaml").read_text(encoding="utf-8")
    words = CameraWords.model_validate(yaml.safe_load(text))
    return ShotPatterns(
        framings=tuple((key, _words(value)) for key, value in words.framings.items()),
        views=tuple((key, _words(value)) for key, value in words.views.items()),
        expressions=tuple(
            (key, _expression(words, value)) for key, value in words.expressions_more.items()
        ),
        lens=tuple(_from_word(each) for each in words.lens),
        angle=tuple(_from_word(each) for each in words.angle),
        light_led=_light(words, led=True),
        light=_light(words, led=False),
        place=_place(words),
        known_place=re.compile(rf"\b(?:{_place_nouns()}|{words.place_words})s?\b"),
        not_place=re.compile(rf"(?:{words.not_place})(?=$|[\s,.;])"),
        wearing=re.compile(words.wearing),
        aimed=re.compile(rf"\b(?:{words.aimed_verbs})\s*$"),
        verb=re.compile(words.verbs),
        place_end=re.compile(words.place_end),
        action_lead=re.compile(words.action_lead),
        action_tail=re.compile(words.action_tail),
    )


def framing_places(low: str) -> list[int]:
    """Return where framings are named in a text, two-shots included."""
    found: list[tuple[int, int]] = []
    patterns = [pattern for _, pattern in shot_patterns().framings]
    for pattern in [*patterns, re.compile(r"\b(?:two|three)[- ]shot\b|\bprofile\b")]:
        for match in pattern.finditer(low):
            if not any(start <= match.start() < end for start, end in found):
                found.append(match.span())
    return sorted(start for start, _ in found)


def _words(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_expanded(source)})(?![\w-])")


def _from_word(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_expanded(source)})")


def _expression(words: CameraWords, source: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-]){words.expression_lead}(?P<said>{source}){words.expression_tail}(?![\w-])"
    )


def _light(words: CameraWords, *, led: bool) -> re.Pattern[str]:
    nouns = f"{words.light_nouns_sure}|{words.light_nouns_led}" if led else words.light_nouns_sure
    lead = rf"(?P<lead>{words.light_leads})[ :]+" if led else ""
    phrase = (
        rf"(?:(?:{words.light_modifiers})[ -](?:and )?){{0,4}}(?:{nouns})"
        rf"(?:[ -](?:light|lights|lighting|glow|sun|sky|rain|fog|mist))*"
        rf"(?: (?:from|through|of|behind|on) (?:the |a |an |her |his )?[\w'-]+"
        rf"(?: (?:window|lamp|side|blinds|candle|fire|street|moon|sun|sign|bulb))?)?"
    )
    return re.compile(
        rf"(?<![\w-])(?:and )?{lead}(?:(?:the|a|an|some|only|just|nothing but) )*"
        rf"(?:light of (?:a |an |the )?)?(?P<said>{phrase})"
        rf"(?![\w'-])(?! (?:{words.light_not_before})\b)"
    )


def _place(words: CameraWords) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?P<lead>{words.place_leads}) (?:(?:the|a|an|her|his|their|some|my|our|this|that) )?"
        r"(?P<said>[^\n,;:.!?()\ue003]+)"
    )


def _place_nouns() -> str:
    rule = load_vocabulary("maquette").slots["place"]
    nouns = {*rule.words, *(word for group in rule.synonyms.values() for word in group)}
    return "|".join(re.escape(noun) for noun in sorted(nouns, key=len, reverse=True))


def _expanded(source: str) -> str:
    return source.replace("{name}", f"{NAME_MARK}+")
