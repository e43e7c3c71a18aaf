"""Messages said one after the other by a script: each with its work done before the next.

Knows events and jobs; prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from agent.approvals import approve
from agent.conversation.reports import WrittenReport
from agent.conversation.runs import WAITS
from agent.conversation.turns import ConversationRunner
from agent.events import Event, PlannedCall, Proposal, ToolProgress, TurnEnded, TurnFailed
from tools.compose import Studio
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink
from tools.errors import SamecastError


class ScriptedTurn(Contract):
    """A message and what came of it."""

    say: str
    calls: tuple[PlannedCall, ...] = ()
    reply: str = ""
    proposals: tuple[Proposal, ...] = ()


@dataclass
class ScriptedTalk:
    """One conversation, spoken to by a script."""

    studio: Studio
    runner: ConversationRunner
    conversation_id: str
    speaker: str
    approve: bool = False
    """Whether proposals are approved at once; else they stay open."""
    failed: bool = field(default=False, init=False)
    """Whether the last message's turn was ended by a failure."""

    def say(self, message: str, watch: ProgressSink) -> ScriptedTurn:
        """Say a message, do the work that it starts, and return what came of it."""
        end = _end(self.runner.say(self.conversation_id, message, self.speaker), watch)
        replies = [end.reply]
        while self.approve and end.proposals:
            first = end.proposals[0]
            replies[-1] = without_waiting(replies[-1], end.proposals)
            end = _end(
                self.runner.decide(
                    self.conversation_id, first.interrupt_id, approve(), self.speaker
                ),
                watch,
            )
            replies.append(end.reply)
        self.failed = isinstance(end, TurnFailed)
        replies += [report.answer.text for report in self.finish_jobs(watch)]
        reply = "\n\n".join(text for text in replies if text)
        return ScriptedTurn(say=message, calls=end.calls, reply=reply, proposals=end.proposals)

    def finish_jobs(self, watch: ProgressSink) -> list[WrittenReport]:
        """Run the conversation's open jobs and return what is reported of them."""
        return finish_jobs(self.studio, self.runner, self.conversation_id, watch)


def finish_jobs(
    studio: Studio, runner: ConversationRunner, conversation_id: str, watch: ProgressSink
) -> list[WrittenReport]:
    """Run a conversation's open jobs, here or waiting for another worker, and report them."""
    for job_id in runner.open_jobs(conversation_id):
        try:
            studio.worker.run_until_done([job_id], watch=watch)
        except SamecastError:
            # The job's row keeps what went wrong, and its report tells it.
            continue
    return runner.report_ended_jobs(conversation_id)


def _end(events: Iterator[Event], watch: ProgressSink) -> TurnEnded:
    """Read a turn to its end."""
    end = TurnEnded(reply="")
    for event in events:
        match event:
            case ToolProgress(progress=progress):
                watch(progress)
            case TurnEnded():
                end = event
    return end


def without_waiting(reply: str, proposals: tuple[Proposal, ...]) -> str:
    """Return a reply less the cards, which are shown or decided on beside it."""
    for proposal in proposals:
        reply = reply.replace(f"{WAITS}{proposal.card}", "")
    return reply.strip()
