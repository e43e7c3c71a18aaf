"""Ended jobs told once, and short jobs waited for."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.answer import Answer
from agent.approvals import approve
from agent.conversation.settling import settle_elsewhere
from agent.conversation.turns import ConversationRunner
from tests.support.chat import PRODUCTION, SPEAKER, Chat, ChatMaker, ended
from tests.support.scripted_model import calls
from tools.compose import Studio
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink, ignore_progress
from tools.errors import BadInput, Cancelled, FailedError
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.store.conversation import MessageRole
from tools.store.job import JobState

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


def test_a_short_job_is_done_before_the_answer(talk: Chat) -> None:
    assert talk.ask("gate Lirien").reply == "The toy works."
    assert talk.runner.report_ended_jobs() == []


def test_the_failure_of_a_short_job_is_the_tool_s(talk: Chat) -> None:
    assert talk.ask("gate Broken").reply == "short is broken; bring another"


def test_the_end_of_a_long_job_is_told_once(talk: Chat) -> None:
    end = talk.ask("status")
    assert end.jobs == tuple(talk.runner.open_jobs(talk.id))
    assert talk.runner.report_ended_jobs() == []
    talk.studio.worker.run_until_done(end.jobs)
    told: list[Any] = []
    start = threading.Barrier(4)

    def report() -> None:
        start.wait()
        told.extend(talk.runner.report_ended_jobs(talk.id))

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each.answer.text for each in told] == ["The job toy is done."]
    assert [row.role for row in talk.rows][-1] is MessageRole.REPORT
    assert talk.runner.open_jobs(talk.id) == []


def test_a_report_is_told_to_the_model_with_the_next_message(talk: Chat) -> None:
    end = talk.ask("status")
    talk.studio.worker.run_until_done(end.jobs)
    talk.runner.report_ended_jobs()

    talk.ask("gate Lirien")

    assert 'REPORTS: ["The job toy is done."]' in str(talk.asked[-1][0].text)


def test_a_job_that_is_asked_for_again_is_told_again(talk: Chat) -> None:
    for _ in range(2):
        talk.studio.worker.run_until_done(talk.ask("status").jobs)
        assert len(talk.runner.report_ended_jobs()) == 1


def test_reports_of_one_conversation_stay_there(talk: Chat) -> None:
    other = talk.runner.start(PRODUCTION).id
    talk.studio.worker.run_until_done(talk.ask("status").jobs)

    assert talk.runner.report_ended_jobs(other) == []
    assert [each.conversation_id for each in talk.runner.report_ended_jobs()] == [talk.id]


def test_a_report_between_question_and_answer_does_not_look_like_a_cut_turn(talk: Chat) -> None:
    end = talk.ask("status")
    talk.studio.worker.run_until_done(end.jobs)
    talk.runner.report_ended_jobs()

    assert list(talk.runner.resume(talk.id)) == []


def test_a_job_of_another_worker_is_waited_for(talk: Chat) -> None:
    jobs = talk.studio.worker.store
    job_id = jobs.enqueue(kind=TOY, payload=Toy(name="elsewhere"))
    worker = threading.Thread(target=talk.studio.worker.run_next)
    worker.start()

    assert settle_elsewhere(jobs, job_id, ignore_progress).state is JobState.DONE
    worker.join()


def test_what_ends_a_job_elsewhere_is_raised_here(talk: Chat) -> None:
    jobs = talk.studio.worker.store
    broken = jobs.enqueue(kind=TOY, payload=Toy(name="x", fails=True))
    with pytest.raises(BadInput, match="x is broken"):
        talk.studio.worker.run_next()
    with pytest.raises(BadInput, match="x is broken"):
        settle_elsewhere(jobs, broken, ignore_progress)
    cancelled = jobs.enqueue(kind=TOY, payload=Toy(name="y"))
    jobs.request_cancel(cancelled)
    with pytest.raises(Cancelled, match="toy was cancelled"):
        settle_elsewhere(jobs, cancelled, ignore_progress)


def test_a_job_that_nobody_takes_is_not_waited_for_for_ever(talk: Chat) -> None:
    jobs = talk.studio.worker.store
    job_id = jobs.enqueue(kind=TOY, payload=Toy(name="alone"))
    seconds = iter(range(0, 1000, 100))

    with pytest.raises(FailedError, match=r"no worker is running \(`samecast work`\)"):
        settle_elsewhere(jobs, job_id, ignore_progress, clock=lambda: float(next(seconds)))

    assert jobs.jobs([job_id])[0].state is JobState.APPROVED


def test_a_decision_on_nothing_leaves_no_row(talk: Chat) -> None:
    talk.ask("status")

    with pytest.raises(Exception, match="no such proposal"):
        ended(talk.runner.decide(talk.id, "a" * 32, approve(), SPEAKER))

    assert [row.role.value for row in talk.rows] == ["user", "assistant"]
