"""One run of the graph in one conversation: in, through, and its outcome stored.

Knows the graph, its stream and the stored messages; must not know threads, locks or who may speak.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.errors import GraphRecursionError
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command, StateSnapshot

from agent.answer import Answer
from agent.approvals import Ruling, resume_with, strictly
from agent.checkpoints import Checkpoints
from agent.context import ChatContext
from agent.conversation import dialogue
from agent.conversation.background import Emit
from agent.conversation.record import Record, planned_calls, proposals_of, told_before
from agent.events import Proposal, TurnEnded, TurnFailed
from agent.order import RECURSION_LIMIT
from tools.errors import SamecastError
from tools.store.database import Database
from tools.store.decision import Answered
from tools.workflows.digest import studio_digest

FAULT = "A fault in Samecast itself stopped this ({kind}); what was finished is kept."
WAITS = "This waits for you: "
ENDLESS = "This led to too many steps and was stopped; what was finished is kept."
SUPERSEDED = Ruling(Answered.SUPERSEDED)


@dataclass(frozen=True)
class Runs:
    """The graph of one conversation; the caller holds its lock."""

    graph: CompiledStateGraph[Any, ChatContext, Any, Any]
    checkpoints: Checkpoints
    context: ChatContext
    emit: Emit

    @property
    def id(self) -> str:
        """The conversation's id, which is the graph's thread too."""
        return self.context.conversation_id

    @property
    def database(self) -> Database:
        """Where messages and decisions are."""
        return self.context.services.database

    @property
    def state(self) -> StateSnapshot:
        """What the last checkpoint holds."""
        return self.graph.get_state(self._config)

    @property
    def pending(self) -> tuple[Proposal, ...]:
        """The calls that wait for a person."""
        return proposals_of(self.state)

    @property
    def last_words(self) -> list[str]:
        """What the model said last, if it had the last word."""
        messages = self.state.values.get("messages", [])
        last = messages[-1] if messages else None
        return [str(last.text)] if isinstance(last, AIMessage) else []

    def message(self, text: str, position: int) -> None:
        """Give the graph a message that is stored at this position."""
        context = self.context
        digest = studio_digest(context.services, context.production, context.conversation_id)
        message = HumanMessage(text, id=f"{context.conversation_id}-{position}")
        start = {
            "messages": [message],
            "policy": dialogue.policy_of(digest, text),
            "waiting": [],
            "failure": "",
            "heard": position,
        }
        self._run(start, self._config)

    def decision(self, proposal: Proposal, ruling: Ruling, position: int) -> None:
        """Hand a stored answer to an open proposal back; one answer a run."""
        command = resume_with(
            {proposal.interrupt_id: (proposal.tool, ruling)}, {"heard": position, "failure": ""}
        )
        self._run(command, strictly(self._config))

    def go_on(self) -> None:
        """Go on where a run was cut; finished calls are not made again."""
        self._run(None, self._config)

    def supersede(self) -> None:
        """Refuse all open proposals without asking the model, because a new message came first."""
        pending = self.pending
        if not pending:
            return
        for proposal in pending:
            dialogue.store_decision(
                self.database, self.id, proposal, SUPERSEDED, self.context.speaker
            )
        answers = {proposal.interrupt_id: (proposal.tool, SUPERSEDED) for proposal in pending}
        self.graph.invoke(
            resume_with(answers, {"waiting": []}),
            strictly(self._config),
            context=self.context,
            durability="sync",
            interrupt_after=["tools"],
        )

    def finish(self, record: Record, error: str = "") -> None:
        """Store what came of a run and tell it."""
        state = self.state
        proposals = proposals_of(state)
        failure = error or state.values.get("failure", "")
        text = record.reply(finished=not proposals and not failure)
        if failure and not text.endswith(failure):
            text = f"{text}\n\n{failure}".strip()
        waits = [f"{WAITS}{proposal.card}" for proposal in proposals]
        answer = record.answer(text, waits)
        dialogue.store_reply(self.database, self.id, answer)
        self.checkpoints.keep_last(self.id)
        outcome: dict[str, Any] = {
            "reply": answer.text,
            "calls": planned_calls(state),
            "proposals": proposals,
            "pictures": answer.pictures,
            "jobs": answer.jobs,
        }
        for proposal in proposals:
            self.emit(proposal)
        self.emit(TurnFailed(error=failure, **outcome) if failure else TurnEnded(**outcome))

    @property
    def _config(self) -> RunnableConfig:
        return {
            "configurable": {"thread_id": self.id},
            "recursion_limit": RECURSION_LIMIT,
        }

    def _run(self, start: dict[str, Any] | Command[Any] | None, config: RunnableConfig) -> None:
        record = Record(told=told_before(self.state) if not isinstance(start, dict) else [])
        try:
            for part in self.graph.stream(
                start,
                config,
                context=self.context,
                stream_mode=["updates", "messages", "custom"],
                version="v2",
                durability="sync",
            ):
                for event in record.read(part):
                    self.emit(event)
        except SamecastError as error:
            self.finish(record, str(error))
        except GraphRecursionError:
            self.finish(record, ENDLESS)
        except Exception as error:
            # A bug goes on up; but the message must not look as if nobody had answered it.
            fault = FAULT.format(kind=type(error).__name__)
            dialogue.store_reply(self.database, self.id, Answer(text=fault))
            raise
        else:
            self.finish(record)
