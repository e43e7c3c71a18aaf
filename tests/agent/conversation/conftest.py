"""A conversation whose tools start a toy job, and a worker that plays."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.answer import Answer
from agent.conversation.turns import ConversationRunner
from tests.support.chat import Chat, ChatMaker
from tests.support.scripted_model import calls
from tools.compose import Studio
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.errors import BadInput
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker

TOY = "toy"


class Toy(Contract):
    """Work that does nothing, or fails."""

    name: str
    fails: bool = False


def play(toy: Toy, watch: ProgressSink) -> Toy:
    watch(Progress(stage="play", done=1, total=1))
    if toy.fails:
        raise BadInput(f"{toy.name} is broken; bring another")
    return toy


@pytest.fixture
def talk(chat: ChatMaker) -> Chat:
    """A conversation whose `gate` waits for a toy and whose `status` starts one and goes on."""

    def gate(arguments: Any, context: Any, watch: ProgressSink) -> Answer:
        toy = Toy(name="short", fails=arguments.character == "Broken")
        context.settle(context.jobs.enqueue(kind=TOY, payload=toy), watch)
        return Answer(text="The toy works.")

    def status(arguments: Any, context: Any, watch: ProgressSink) -> Answer:
        job = context.jobs.enqueue(kind=TOY, payload=Toy(name="long"))
        context.started(job)
        return Answer(text="The toy is started.", jobs=(job,))

    def answer(messages: list[Any]) -> AIMessage:
        said = messages[-1]
        if said.type != "human":
            return AIMessage(said.text)
        name, _, who = str(said.text).partition(" ")
        return calls((name, {"character": who} if who else {}))

    made = chat(answer, gate=gate, status=status)
    made.studio = Studio(made.studio.services, toy_worker(made))
    made.runner = ConversationRunner(
        made.studio,
        made.model,
        made.checkpoints,
        works_here=True,
        functions=made.calls.functions(gate=gate, status=status),
    )
    return made


def toy_worker(made: Chat) -> LocalWorker:
    handler = Handler(payload=Toy, result=Toy, work=play)
    return LocalWorker(made.studio.services.database, {TOY: handler})
