"""Prose of a screenplay's kind as planned shots, by the written rules of `prompts/scenes/`.

Knows headings, clauses, people and coverage; asks no model and draws nothing. Every phrase of a
shot is the text's own, people who are not in the cast are in no shot, and words that no shot covers
are said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.contracts.briefs import Person
from tools.contracts.planning import PlannedScene
from tools.errors import BadInput
from tools.language.scenes.leftovers import leftovers
from tools.language.scenes.listed_shots import is_direction, list_in
from tools.language.scenes.parse_scene import MAX_SCENE
from tools.language.scenes.scene_lines import joined_lines
from tools.language.scenes.scene_plan import ScenePlan
from tools.language.scenes.screenplay import Element, ElementKind, elements_of
from tools.language.text import plain_text


def plan_scene(
    text: str,
    known: Sequence[str],
    looks: Mapping[str, Sequence[str]] | None = None,
    persons: Mapping[str, Person] | None = None,
) -> PlannedScene:
    """Cover a scene with shots.

    Args:
        text: a scene in prose, 1 to 4,000 characters: a screenplay's lines, sentences, or a list of
            shots, which is honoured as given.
        known: names of the production's characters; nobody else is put into a shot.
        looks: the looks that each has, beside the default one.
        persons: woman, man, girl or boy, by which `she` and `he` are told apart.

    Raises:
        BadInput: empty or too long.
    """
    plain = plain_text(text)
    if not any(letter.isalnum() for letter in plain) or len(plain) > MAX_SCENE:
        raise BadInput(
            f"a scene needs 1 to {MAX_SCENE} characters; say place, light and what happens"
        )
    plain = joined_lines(plain)
    elements = _elements(plain, known)
    plan = ScenePlan.of(elements, known, looks or {}, persons or {})
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
