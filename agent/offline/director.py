"""The offline director: what to answer to a conversation, calls or words.

The order of its thought: results of tools are the answer; else an answer to what was asked; else
the newest message is read afresh. It never says that something was done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from agent.offline import replies
from agent.offline.calls import Call
from agent.offline.conversation import Heard, OpenQuestion, asked_by
from agent.offline.dialogue import followed_up
from agent.offline.dialogue_state import DialogueState, enter
from agent.offline.message import understand
from agent.offline.spelling import Mended, mended
from agent.offline.understood import Understood
from agent.toolkit.common import taken_out
from tools.contracts.limits import LONGEST_TEXT, MOST_CALLS
from tools.language.scene.screenplay import is_screenplay
from tools.language.syntax import Cleaned, clean


@dataclass(frozen=True)
class Plan:
    """An answer: words, or calls with at most some words beside them."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    asked: OpenQuestion | None = None


def answer(heard: Heard, offered: frozenset[str] | None = None) -> Plan:
    """Answer a conversation.

    Args:
        heard: what was said and what tools returned.
        offered: names of the tools that can be called; None for all.
    """
    if heard.results:
        return Plan(replies.of_results(heard.results))
    if len(heard.newest) > LONGEST_TEXT:
        return Plan(
            replies.reply("too_long", length=str(len(heard.newest)), most=str(LONGEST_TEXT))
        )
    state = enter(heard)
    cleaned, meant = _as_meant(heard.newest, state)
    heard = replace(heard, newest=meant.words)
    understood = understand(heard.newest, state)
    readings = followed_up(understood.readings, heard, state)
    if readings is None:
        return Plan(replies.reply("nothing_done"))
    if readings is not understood.readings:
        understood = Understood(readings=readings)
    plan = _plan(_as_typed(understood, meant), heard, state, offered)
    return replace(plan, text=" ".join([*taken_out(cleaned.removed), plan.text]).strip())


def _as_meant(newest: str, state: DialogueState) -> tuple[Cleaned, Mended]:
    """Take syntax and slips out of a message; a screenplay stays letter by letter."""
    if is_screenplay(newest):
        return Cleaned(text=newest), Mended(newest, {})
    cleaned = clean(newest)
    return cleaned, mended(cleaned.text if cleaned.removed else newest, state)


def _as_typed(understood: Understood, meant: Mended) -> Understood:
    """Give free words back as they were typed, slips included."""
    return replace(
        understood,
        readings=[
            replace(
                reading,
                call=meant.call_as_typed(reading.call),
                left=tuple(map(meant.as_typed, reading.left)),
            )
            for reading in understood.readings
        ],
        unclear=[*map(meant.as_typed, understood.unclear)],
    )


def _plan(
    understood: Understood, heard: Heard, state: DialogueState, offered: frozenset[str] | None
) -> Plan:
    asked = asked_by(understood.readings)
    if asked:
        question = understood.readings[asked.at].question
        return Plan(
            " ".join(
                filter(None, [*understood.meanings, replies.beside_calls(understood), question])
            ),
            asked=asked,
        )
    calls = [reading.call for reading in understood.readings[:MOST_CALLS]]
    if not calls:
        return Plan(replies.without_call(understood, heard.newest, state))
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
