"""Turns of a conversation: a message or a decision in, events out, everything kept on the way.

The page and the terminal use this and nothing below it. A turn runs in a thread of its own, under its
conversation's lock, and ends whether or not anybody reads its events. Must not know any tool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from langchain_core.language_models.chat_models import BaseChatModel

from agent.approvals import Ruling
from agent.captioning import build_captioner
from agent.checkpoints import Checkpoints
from agent.context import ChatContext
from agent.conversation import dialogue, talk
from agent.conversation.background import Emit, in_background
from agent.conversation.locks import conversation_lock
from agent.conversation.reports import REPORTER, WrittenReport, report_answer, write_report
from agent.conversation.runs import Runs
from agent.conversation.settling import settle_elsewhere
from agent.events import Event, Proposal
from agent.graph import build_agent
from agent.tools import ToolFunction
from tools.compose import Studio
from tools.contracts.progress import ProgressSink
from tools.store.conversation import Conversation, unreported_jobs
from tools.store.conversation_ends import expect_report
from tools.store.job import Job, JobState


def _never() -> bool:
    return False


class ConversationRunner:
    """Runs the turns of all conversations of a studio."""

    def __init__(
        self,
        studio: Studio,
        model: BaseChatModel,
        checkpoints: Checkpoints,
        *,
        sees_images: bool = False,
        local_files: Callable[[], bool] = _never,
        works_here: bool = False,
        functions: Mapping[str, ToolFunction] | None = None,
    ) -> None:
        """Use a studio and a model.

        Args:
            studio: Services, and the worker whose queue gets the jobs.
            model: Any chat model that can bind tools.
            checkpoints: From `agent.checkpoints.open_checkpoints`.
            sees_images: Whether the model takes pictures; then it also captions photos.
            local_files: Asked at every turn: whether those who speak sit at this computer, so that
                folders may be named.
            works_here: Whether short jobs are run in this process; else they are waited for.
            functions: Tools to use instead of the toolkit's, by name.
        """
        self._studio = studio
        self._checkpoints = checkpoints
        self._graph = build_agent(model, checkpoints, sees_images=sees_images, functions=functions)
        self._caption = build_captioner(model, studio.services.files) if sees_images else None
        self._local_files = local_files
        self._works_here = works_here

    def open(self, production: str, conversation_id: str | None = None) -> Conversation:
        """Return a production's conversation: the given one, else the newest, else a first one.

        Raises:
            UnknownName: the production has no such conversation.
        """
        return dialogue.open_conversation(self._studio.services, production, conversation_id)

    def start(self, production: str, title: str = "") -> Conversation:
        """Begin another conversation about a production."""
        return dialogue.new_conversation(self._studio.services, production, title)

    def say(self, conversation_id: str, text: str, speaker: str) -> Iterator[Event]:
        """Say something; the turn starts at once and ends even if its events are not read.

        A turn that was cut is ended first, and proposals that still wait are superseded.

        Raises:
            UnknownName: there is no such conversation.
            BadInput: nothing was said, or too much.
        """
        words = dialogue.checked_words(text)
        context = self.context(conversation_id, speaker)
        return self._turn(context, lambda runs: talk.say(runs, words))

    def decide(
        self, conversation_id: str, interrupt_id: str, ruling: Ruling, speaker: str
    ) -> Iterator[Event]:
        """Answer a proposal; the first answer counts, later ones do nothing.

        Raises:
            UnknownName: there is no such conversation, or (from the events) no such proposal.
            BadInput: (from the events) other arguments that the tool refuses.
        """
        context = self.context(conversation_id, speaker)
        return self._turn(context, lambda runs: talk.decide(runs, interrupt_id, ruling))

    def resume(self, conversation_id: str) -> Iterator[Event]:
        """Go on with a turn that ended with its process; nothing happens when there is none.

        A turn that is running somewhere is left alone.

        Raises:
            UnknownName: there is no such conversation.
        """
        context = self.context(conversation_id, REPORTER)
        return self._turn(context, talk.recover, wait=False)

    def pending(self, conversation_id: str) -> tuple[Proposal, ...]:
        """Return the calls that wait for a person."""
        return self._runs(self.context(conversation_id, REPORTER), _ignore).pending

    def report_ended_jobs(self, conversation_id: str | None = None) -> list[WrittenReport]:
        """Write what came of ended jobs, each once whoever asks; busy conversations are left for later.

        Args:
            conversation_id: Of this conversation; None means of all.
        """
        with self._studio.services.database.reading() as session:
            ended = unreported_jobs(session=session, conversation_id=conversation_id)
            found = [(link.conversation_id, job) for link, job in ended]
        reports = [self._report(where, job) for where, job in found]
        return [report for report in reports if report is not None]

    def open_jobs(self, conversation_id: str) -> list[str]:
        """Return the ids of linked jobs whose end was not told yet, ended or not."""
        with self._studio.services.database.reading() as session:
            linked = unreported_jobs(
                session=session, conversation_id=conversation_id, states=tuple(JobState)
            )
            return [job.id for _, job in linked]

    def context(self, conversation_id: str, speaker: str) -> ChatContext:
        """Return what a tool may use in a conversation.

        Raises:
            UnknownName: there is no such conversation.
        """
        services = self._studio.services
        place = dialogue.find_place(services.database, conversation_id)
        return ChatContext(
            services=services,
            jobs=self._studio.worker.store,
            production=place.production,
            conversation_id=conversation_id,
            speaker=speaker,
            settle=self._settle,
            started=partial(self._link, conversation_id),
            caption=self._caption,
            local_files=self._local_files(),
        )

    def _turn(
        self, context: ChatContext, step: Callable[[Runs], None], *, wait: bool = True
    ) -> Iterator[Event]:
        home = self._studio.services.settings.home

        def run(emit: Emit) -> None:
            with conversation_lock(home, context.conversation_id, wait=wait) as held:
                if held:
                    step(self._runs(context, emit))

        return in_background(run, f"turn {context.conversation_id}")

    def _runs(self, context: ChatContext, emit: Emit) -> Runs:
        return Runs(self._graph, self._checkpoints, context, emit)

    def _report(self, conversation_id: str, job: Job) -> WrittenReport | None:
        services = self._studio.services
        home = services.settings.home
        with conversation_lock(home, conversation_id, wait=False) as held:
            if not held:
                return None
            answer = report_answer(self.context(conversation_id, REPORTER), job)
            return write_report(services.database, conversation_id, job.id, answer)

    def _settle(self, job_id: str, watch: ProgressSink) -> Job:
        worker = self._studio.worker
        if self._works_here:
            return worker.run_until_done([job_id], watch=watch)[0]
        return settle_elsewhere(worker.store, job_id, watch)

    def _link(self, conversation_id: str, job_id: str) -> None:
        with self._studio.services.database.session() as session:
            expect_report(session=session, conversation_id=conversation_id, job_id=job_id)


def _ignore(event: Event) -> None:
    """Nobody reads."""
