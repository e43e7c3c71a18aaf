"""`show_takes`: takes with their verdicts, numbered so that they can be picked and rejected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.numbers import show_takes_as
from agent.toolkit.take_pictures import take_pictures
from agent.toolkit.tool import ChatTool
from tools.contracts.digest import Slate
from tools.contracts.limits import MOST_AT_ONCE
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.store.shot import get_shot
from tools.store.take import Take, list_production_takes
from tools.workflows.digest import production_row
from tools.workflows.shots.cards.take_lines import count_words, take_line

MOST_SHOWN = 500
MOST_LINES = 80
NONE_OF = {
    "all": "No takes were drawn yet.",
    "picked": "No take is picked yet.",
    "rejected": "No take was rejected.",
    "open": "No take waits for a decision.",
    "sketches": "No sketches were drawn yet.",
}


class ShowTakes(Contract):
    """Show takes and sketches with their verdicts, numbered; no slates shows the newest of every shot."""

    slates: tuple[Slate, ...] = Field(default=(), max_length=MOST_AT_ONCE)
    which: Literal["all", "picked", "rejected", "open", "sketches"] = "all"


def show_takes(arguments: ShowTakes, context: ChatContext, _watch: ProgressSink) -> Answer:
    """Show the takes of some shots, or of every shot the newest that fits.

    Raises:
        UnknownName: a slate that no shot has.
    """
    takes = _fitting(arguments, context)[:MOST_SHOWN]
    if not takes:
        return Answer(text=_none(arguments))
    show_takes_as(context, [take.slate for take in takes])
    lines = [f"{number}. {take_line(take)}" for number, take in enumerate(takes, start=1)]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(takes) - MOST_LINES} more, shown as pictures"]
    return Answer(
        text="\n".join([_heading(arguments, takes), *lines]), pictures=take_pictures(takes)
    )


def _fitting(arguments: ShowTakes, context: ChatContext) -> list[Take]:
    owner = production_row(context.services, context.production).id
    with context.services.database.reading() as session:
        for slate in arguments.slates:
            get_shot(session=session, production_id=owner, slate=slate)
        rows = list_production_takes(session=session, production_id=owner, limit=100_000)
    drawn = [
        take
        for take, shot, _ in rows
        if take.digest is not None
        and (not arguments.slates or shot.slate in arguments.slates)
        and _is(take, arguments.which)
    ]
    if arguments.slates or arguments.which != "all":
        return drawn
    # A shot's newest take stands for it; its newest sketch only where there is no take.
    return list({take.shot_id: take for take in sorted(drawn, key=_is_take)}.values())


def _is_take(take: Take) -> bool:
    return not take.is_sketch


def _is(take: Take, which: str) -> bool:
    picked, rejected = take.picked_at is not None, take.rejected_at is not None
    wanted = {
        "picked": picked,
        "rejected": rejected,
        "open": not picked and not rejected and not take.is_sketch,
        "sketches": take.is_sketch,
    }
    return wanted.get(which, True)


def _none(arguments: ShowTakes) -> str:
    text = NONE_OF[arguments.which]
    if not arguments.slates:
        return text
    return f"{', '.join(arguments.slates)}: {text[0].lower()}{text[1:]}"


def _heading(arguments: ShowTakes, takes: Sequence[Take]) -> str:
    count = count_words(takes)
    kinds = {"picked": " picked", "rejected": " rejected", "open": " waiting for a decision"}
    if arguments.which in kinds:
        return f"{count}{kinds[arguments.which]}:"
    if arguments.slates:
        return f"{count} of {', '.join(dict.fromkeys(arguments.slates))}:"
    return f"{count}:" if arguments.which != "all" else f"The newest take of every shot ({count}):"


TOOL = ChatTool("show_takes", ShowTakes, show_takes)
