"""The offline director: what to answer to a conversation, calls or words.

The order of its thought: results of tools are the answer; else an answer to what was asked; else
the newest message is read afresh. It never says that something was done.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.offline import replies
from agent.offline.asked import Asked, asked_by
from agent.offline.calls import Call, Reading
from agent.offline.corrections import corrected, repeated
from agent.offline.follow import (
    accepted_offer,
    answered,
    carried_note,
    is_new_request,
    open_question,
    refuses,
)
from agent.offline.heard import Heard
from agent.offline.room import Room, enter
from agent.offline.understand import MAX_CALLS, MAX_MESSAGE, Understood, understand


@dataclass(frozen=True)
class Plan:
    """An answer: words, or calls with at most some words beside them."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    asked: Asked | None = None


def answer(heard: Heard, offered: frozenset[str] | None = None) -> Plan:
    """Answer a conversation.

    Args:
        heard: what was said and what tools returned.
        offered: names of the tools that can be called; None for all.
    """
    if heard.results:
        return Plan(replies.of_results(heard.results))
    if len(heard.newest) > MAX_MESSAGE:
        return Plan(replies.reply("too_long", length=str(len(heard.newest)), most=str(MAX_MESSAGE)))
    room = enter(heard)
    understood = understand(heard.newest, room)
    readings = _follow_up(understood.readings, heard, room)
    if readings is None:
        return Plan(replies.reply("nothing_done"))
    if readings is not understood.readings:
        understood = Understood(readings=readings)
    return _plan(understood, heard, room, offered)


def _follow_up(fresh: list[Reading], heard: Heard, room: Room) -> list[Reading] | None:
    """Return the readings of a message in the light of what was asked before; None for a no."""
    asked = open_question(heard, room)
    if asked and refuses(heard):
        return None
    if asked and not is_new_request(fresh, asked, room.clause(heard.newest)):
        completed = answered(asked, heard, room)
        if completed:
            return completed
    return (
        accepted_offer(heard, room)
        or carried_note(fresh, heard, room)
        or corrected(heard, room)
        or repeated(heard, room)
        or fresh
    )


def _plan(understood: Understood, heard: Heard, room: Room, offered: frozenset[str] | None) -> Plan:
    asked = asked_by(understood.readings)
    if asked:
        question = understood.readings[asked.at].question
        return Plan(
            " ".join(
                filter(None, [*understood.meanings, replies.beside_calls(understood), question])
            ),
            asked=asked,
        )
    calls = [reading.call for reading in understood.readings[:MAX_CALLS]]
    if not calls:
        return Plan(replies.without_call(understood, heard.newest, room))
    for call in calls:
        if offered is not None and call.tool not in offered:
            return Plan(replies.reply("not_offered", tool=call.tool))
        problem = call.problem()
        if problem:
            return Plan(replies.reply("refused", problem=problem))
    more = len(understood.readings) > len(calls)
    said = [
        *understood.meanings,
        replies.beside_calls(understood),
        replies.reply("too_many") if more else "",
    ]
    return Plan(" ".join(filter(None, said)), tuple(calls))
