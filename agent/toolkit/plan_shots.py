"""`plan_shots`: a scene in prose becomes proposed shots; nothing is drawn."""

from __future__ import annotations

import itertools

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import (
    listed,
    taken_out,
)
from agent.toolkit.numbers import show
from agent.toolkit.tool import ChatTool, Words
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.language.text import plural
from tools.workflows.shots.cards.shot_card import card_lines, headline, terms_line
from tools.workflows.shots.plan.plan_shots import StoredPlan, StoredShot
from tools.workflows.shots.plan.plan_shots import plan_shots as store_plan

MOST_WITH_PROMPTS = 12
"""A longer plan lists its shots in one line each."""
_LONGEST_QUOTE = 120
_LONGEST_TEXT = 19_000


class PlanShots(Contract):
    """Turn a scene in prose into proposed shots; nothing is drawn."""

    text: Words = Field(description="The scene as the director wrote it.")
    scene: int | None = Field(default=None, ge=1, le=9999)


def plan_shots(arguments: PlanShots, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Store the scene and its shots, and say them as numbered cards.

    Raises:
        BadInput: too long, or a scene that was omitted.
    """
    plan = store_plan(context.services, context.production, arguments.text, arguments.scene)
    slates = tuple(shot.card.slate for scene in plan.scenes for shot in scene.shots)
    if slates:
        show(context, Shown(kind=ShownKind.SHOTS, labels=slates))
    numbers = itertools.accumulate((len(scene.shots) for scene in plan.scenes), initial=1)
    parts = [
        part
        for scene, first in zip(plan.scenes, numbers, strict=False)
        for part in _scene(scene, first)
    ]
    return Answer(text=_shortened("\n\n".join(parts)))


def _scene(plan: StoredPlan, first: int) -> list[str]:
    """Say one scene; its shots are numbered on from those before it."""
    if not plan.shots:
        return [_nothing(plan)]
    return [_opening(plan), *_cards(plan, first), *_terms(plan), *_questions(plan)]


def _opening(plan: StoredPlan) -> str:
    where = ", ".join(part for part in (plan.brief.place, plan.brief.light) if part)
    named = f"Scene {plan.scene}" + (f" ({where})" if where else "")
    more = "" if plan.is_new_scene else "more "
    return f"{named}: {plural(len(plan.shots), f'{more}shot')} planned; nothing is drawn yet."


def _cards(plan: StoredPlan, first: int) -> list[str]:
    compact = len(plan.shots) > MOST_WITH_PROMPTS
    cards = [_card(number, shot, compact) for number, shot in enumerate(plan.shots, start=first)]
    return ["\n".join(cards)] if compact else cards


def _card(number: int, shot: StoredShot, compact: bool) -> str:
    covers = " ".join(" ".join(shot.covers).split())
    quote = covers if len(covers) <= _LONGEST_QUOTE else f"{covers[: _LONGEST_QUOTE - 1]}…"
    first = f"{number}. {headline(shot.card)}"
    first += f": {shot.action}" if shot.action else ""
    if compact:
        return first
    rest = card_lines(shot.card)[1:]
    return "\n".join([first, f"Covers: “{quote}”", *rest])


def _terms(plan: StoredPlan) -> list[str]:
    """Say what a shot takes once for all shots that take the same."""
    terms: dict[str, list[str]] = {}
    for shot in plan.shots:
        if len(shot.card.cast) == 1:
            terms.setdefault(terms_line(shot.card), []).append(shot.card.slate)
    lines = [f"{listed(slates)}: {line}" for line, slates in terms.items()]
    return ["\n".join(lines)] if lines else []


def _questions(plan: StoredPlan) -> list[str]:
    said: list[str] = []
    for missing in plan.unknown_looks:
        said.append(
            f"{missing.character} has no look “{missing.look}” yet, so the default look is planned; "
            "say what it is to make it."
        )
    said += taken_out(plan.removed)
    if plan.uncovered:
        said.append(f"Not for the camera, left out: {_quoted(plan.uncovered)}.")
    if plan.unknown:
        said.append(_who(plan))
    return said


def _who(plan: StoredPlan) -> str:
    names = listed(list(plan.unknown))
    one = len(plan.unknown) == 1
    return (
        f"{names} {'is' if one else 'are'} not in the cast, so no shot shows "
        f"{'them' if not one else 'that person'}. Who {'is that' if one else 'are they'}: shall I create "
        f"{'a character' if one else 'characters'}, or leave {'them' if not one else 'the person'} "
        "out of frame?"
    )


def _nothing(plan: StoredPlan) -> str:
    if plan.unknown:
        return f"No shots planned: nobody of the cast is in this scene. {_who(plan)}"
    return (
        "No shots planned: nobody of the cast does anything in this text. "
        "Who is in the scene, and what happens?"
    )


def _quoted(words: tuple[str, ...]) -> str:
    some = [f"“{each}”" for each in words[:6]]
    more = len(words) - len(some)
    return listed([*some, plural(more, "more piece")] if more > 0 else some)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


TOOL = ChatTool("plan_shots", PlanShots, plan_shots)
