"""Prose of a screenplay's kind as planned shots, by the written rules of `prompts/scenes/`.

Knows headings, clauses, people and coverage; asks no model and draws nothing. Every phrase of a
shot is the text's own, people who are not in the cast are in no shot, and words that no shot covers
are said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.contracts.briefs import Person
from tools.contracts.limits import LONGEST_TEXT
from tools.contracts.planning import PlannedScene
from tools.errors import BadInput
from tools.language.lexicon import character_lexicon
from tools.language.scene.coverage import ScenePlan
from tools.language.scene.rules import coverage_rules
from tools.language.scene.screenplay import (
    Element,
    ElementKind,
    elements_of,
    scenes_in,
    script_text,
)
from tools.language.scene.shot_list import is_direction, list_in
from tools.language.syntax import Cleaned, clean
from tools.language.text import words_of


def plan_scenes(
    text: str,
    known: Sequence[str],
    looks: Mapping[str, Sequence[str]] | None = None,
    persons: Mapping[str, Person] | None = None,
) -> tuple[PlannedScene, ...]:
    """Cover every scene of a text with shots; each heading begins one.

    Args:
        text: scenes in prose, 1 to 4,000 characters: a screenplay's lines, sentences, or a list of
            shots, which is honoured as given.
        known: names of the production's characters; nobody else is put into a shot.
        looks: the looks that each has, beside the default one.
        persons: woman, man, girl or boy, by which `she` and `he` are told apart.

    Raises:
        BadInput: empty or too long.
    """
    cleaned = scene_text(text)
    parts = scenes_in(cleaned.text)
    first, *further = (_planned(part, known, looks or {}, persons or {}) for part in parts)
    return (first.model_copy(update={"removed": cleaned.removed}), *further)


def scene_text(text: str) -> Cleaned:
    """Return the words of a scene that are read: without a script's marks and other programs' syntax.

    Raises:
        BadInput: empty or too long.
    """
    cleaned = clean(script_text(text))
    if not any(letter.isalnum() for letter in cleaned.text) or len(text) > LONGEST_TEXT:
        raise BadInput(
            f"a scene needs 1 to {LONGEST_TEXT} characters; say place, light and what happens"
        )
    return cleaned


def _planned(
    plain: str,
    known: Sequence[str],
    looks: Mapping[str, Sequence[str]],
    persons: Mapping[str, Person],
) -> PlannedScene:
    elements = _elements(plain, known)
    plan = ScenePlan.of(elements, known, looks, persons)
    for element in elements:
        plan.read(element)
    return plan.finished(leftovers(plain, plan.accounted()))


def _elements(plain: str, known: Sequence[str]) -> list[Element]:
    """Cut the text; shots that it lists become elements of their own."""
    found: list[Element] = []
    for element in elements_of(plain, known):
        if element.kind is ElementKind.ACTION:
            found.extend(_with_lists(element))
        else:
            found.append(element)
    return found


def _with_lists(element: Element) -> list[Element]:
    listed = list_in(element.text)
    if listed is not None:
        before, announced, items = listed
        opening = [Element(ElementKind.ACTION, before)] if before else []
        return [
            *opening,
            Element(ElementKind.ANNOUNCED, announced),
            *(Element(ElementKind.LISTED, item) for item in items),
        ]
    if is_direction(element.text):
        return [Element(ElementKind.LISTED, element.text)]
    return [element]


def leftovers(text: str, covers: Sequence[str]) -> tuple[str, ...]:
    """Return the runs of a text that are in none of the covers, in reading order.

    Runs of nothing but connective words, marks and numbers do not count. White space is folded.
    """
    rest = " ".join(text.split())
    for cover in sorted({" ".join(cover.split()) for cover in covers}, key=len, reverse=True):
        if cover:
            rest = rest.replace(cover, "\n")
    runs = [run.strip(" ,;:.-*#") for run in rest.split("\n")]
    return tuple(run for run in runs if _has_content(run))


def _has_content(run: str) -> bool:
    if run.lower() in coverage_rules().labels:
        return False
    stop = character_lexicon().stop | coverage_rules().connectives
    return any(
        word.lower not in stop and not word.text.isdigit()
        for word in words_of(run)
        if not word.is_mark
    )
