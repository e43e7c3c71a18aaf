"""What a message, a decision and a restart mean for a conversation; the caller holds its lock.

Knows the order in which things are stored, so that a process may end between any two of them: a
message before it is run, a decision before what it allows. Must not know threads.
"""

from __future__ import annotations

from dataclasses import replace

from langgraph.errors import UnknownInterruptError

from agent.approvals import Ruling
from agent.conversation import dialogue
from agent.conversation.background import Emit
from agent.conversation.record import Record, told_before
from agent.conversation.runs import Runs
from agent.events import Event, Proposal, TurnEnded, TurnFailed
from agent.toolkit.registry import check_arguments
from tools.errors import UnknownName
from tools.store.decision import Answered


def say(runs: Runs, words: str) -> None:
    """Answer a message; what was cut is ended first, what still waits is superseded."""
    recover(replace(runs, emit=_without_ends(runs.emit)))
    runs.supersede()
    position = dialogue.store_words(runs.database, runs.id, runs.context.speaker, words)
    runs.message(words, position)


def decide(runs: Runs, interrupt_id: str, ruling: Ruling) -> None:
    """Act on a person's answer to a proposal; only the first answer counts.

    Raises:
        UnknownName: there is no such proposal.
        BadInput: arguments that the tool refuses.
    """
    proposal = next((p for p in runs.pending if p.interrupt_id == interrupt_id), None)
    if proposal is None:
        if not dialogue.was_decided(runs.database, interrupt_id):
            raise UnknownName(
                "there is no such proposal in this conversation; reload to see what waits"
            )
        return
    if ruling.arguments is not None:
        check_arguments(proposal.tool, ruling.arguments)
    won = dialogue.store_decision(runs.database, runs.id, proposal, ruling, runs.context.speaker)
    # One who came second acts on the first answer: its process ended before it could.
    first = ruling if won else dialogue.stored_ruling(runs.database, proposal)
    assert first is not None, "a decision is stored before it is acted on"
    _act(runs, proposal, first)


def recover(runs: Runs) -> None:
    """End what a process left open: a decision that was not acted on, a turn that was cut."""
    for proposal in runs.pending:
        known = dialogue.stored_ruling(runs.database, proposal)
        if known is not None and known.answered is not Answered.SUPERSEDED:
            _act(runs, proposal, known)
    message = dialogue.unanswered(runs.database, runs.id)
    if message is None:
        return
    state = runs.state
    if state.values.get("heard", 0) < message.position:
        runs.message(message.text, message.position)
    elif state.next and not state.interrupts:
        runs.go_on()
    else:
        runs.finish(Record(lines=told_before(state), words=runs.last_words))


def _act(runs: Runs, proposal: Proposal, ruling: Ruling) -> None:
    word = "Approved" if ruling.answered is Answered.APPROVE else "Not approved"
    text = f"{word}: {proposal.card.splitlines()[0] if proposal.card else proposal.tool}"
    position = dialogue.store_words(runs.database, runs.id, runs.context.speaker, text)
    try:
        runs.decision(proposal, ruling, position)
    except UnknownInterruptError:
        # Answered in the graph already, by a process that ended before it could say so.
        runs.finish(Record())


def _without_ends(emit: Emit) -> Emit:
    """A sink for a turn before the one that is read: its end is not the reader's."""

    def keep(event: Event) -> None:
        if not isinstance(event, TurnEnded | TurnFailed | Proposal):
            emit(event)

    return keep
