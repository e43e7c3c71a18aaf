"""A process that ends in the middle of a turn, and readers that go away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from agent.answer import Answer
from agent.approvals import approve
from agent.conversation.dialogue import store_decision
from agent.conversation.locks import conversation_lock
from tests.support.chat import SPEAKER, Chat, ChatMaker, ended, open_chat, scripted
from tests.support.cut_turn import MESSAGE, noting
from tests.support.micro_studio import ROOT
from tests.support.scripted_model import calls

pytestmark = pytest.mark.usefixtures("plain_cards")
KILLED = -signal.SIGKILL


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """The home of a studio whose process was killed in the second of two tools."""
    home = tmp_path / "studio"
    home.mkdir()
    ended = subprocess.run(
        [sys.executable, "-m", "tests.support.cut_turn", str(home)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == KILLED, ended.stderr.decode()
    assert made(home) == ["pick", "status"]
    return home


def made(home: Path) -> list[str]:
    return (home / "made.txt").read_text().split()


def reopened(home: Path, *script: Any) -> Chat:
    return open_chat(
        home, scripted(*script), pick=noting(home, "pick"), status=noting(home, "status")
    )


def test_after_a_kill_the_finished_tool_is_not_run_again(cut: Path) -> None:
    talk = reopened(cut, AIMessage("Both are done."))

    end = ended(talk.runner.resume(talk.id))

    assert made(cut) == ["pick", "status", "status"]
    assert end.reply == "Both are done."
    assert [row.text for row in talk.rows] == [MESSAGE, "Both are done."]
    assert list(talk.runner.resume(talk.id)) == []


def test_after_a_kill_the_next_message_ends_the_cut_turn_first(cut: Path) -> None:
    talk = reopened(cut, AIMessage("Both are done."), AIMessage("Good night."))

    end = talk.ask("That is all for today")

    assert made(cut) == ["pick", "status", "status"]
    assert end.reply == "Good night."
    assert [row.text for row in talk.rows] == [
        MESSAGE,
        "Both are done.",
        "That is all for today",
        "Good night.",
    ]
    assert [m.type for m in talk.history()] == [
        "human",
        "ai",
        "tool",
        "ai",
        "tool",
        "ai",
        "human",
        "ai",
    ]


def test_a_decision_that_a_process_took_with_it_is_acted_on(chat: ChatMaker) -> None:
    talk = chat(calls(("train", {"character": "Lirien"})), AIMessage("Training has begun."))
    [proposal] = talk.ask("Train Lirien").proposals
    store_decision(talk.studio.services.database, talk.id, proposal, approve(), SPEAKER)
    assert talk.calls.made == []

    end = ended(talk.runner.resume(talk.id))

    assert end.reply == "Training has begun."
    assert talk.calls.names == ["train"]


def test_a_message_that_was_stored_and_never_run_is_run(chat: ChatMaker) -> None:
    from agent.conversation.dialogue import store_words

    talk = chat(AIMessage("Good morning."))
    store_words(talk.studio.services.database, talk.id, SPEAKER, "Good morning")

    assert ended(talk.runner.resume(talk.id)).reply == "Good morning."


def test_a_turn_that_runs_is_left_alone(chat: ChatMaker) -> None:
    talk = chat(AIMessage("hm"))

    with conversation_lock(talk.home, talk.id) as held:
        assert held
        assert list(talk.runner.resume(talk.id)) == []
        assert talk.runner.report_ended_jobs() == []


def test_a_turn_ends_although_its_reader_went_away(chat: ChatMaker) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def status(*_: Any) -> Answer:
        reached.set()
        assert go_on.wait(30)
        return Answer(text="All is well.")

    talk = chat(calls(("status", {})), AIMessage("All is well."), status=status)
    events = talk.runner.say(talk.id, "How do we stand?", SPEAKER)
    next(events)
    assert reached.wait(30)
    del events
    go_on.set()

    with conversation_lock(talk.home, talk.id):
        assert [row.text for row in talk.rows] == ["How do we stand?", "All is well."]


def test_a_turn_starts_although_nobody_reads_at_all(chat: ChatMaker) -> None:
    reached = threading.Event()

    def status(*_: Any) -> Answer:
        reached.set()
        return Answer(text="All is well.")

    talk = chat(calls(("status", {})), AIMessage("All is well."), status=status)
    talk.runner.say(talk.id, "How do we stand?", SPEAKER)

    assert reached.wait(30)
    with conversation_lock(talk.home, talk.id):
        assert talk.rows[-1].text == "All is well."


def test_a_bug_goes_up_and_the_conversation_goes_on(
    chat: ChatMaker, caplog: pytest.LogCaptureFixture
) -> None:
    def status(*_: Any) -> Answer:
        raise ZeroDivisionError("a bug")

    talk = chat(calls(("status", {}), ("cost", {})), AIMessage("Good."), status=status)

    with pytest.raises(ZeroDivisionError, match="a bug"):
        talk.say("Status and cost")

    assert "ZeroDivisionError" in talk.rows[-1].text
    assert "ended with a fault" in caplog.text
    assert talk.ask("Well then").reply == "Good."
    assert talk.calls.made == []
    assert [m.type for m in talk.history()] == ["human", "ai", "tool", "human", "ai"]


def test_two_conversations_run_at_the_same_time(chat: ChatMaker) -> None:
    both = threading.Barrier(2, timeout=30)

    def status(*_: Any) -> Answer:
        both.wait()
        return Answer(text="Met.")

    def answer(messages: list[Any]) -> AIMessage:
        met = messages[-1].type == "tool"
        return AIMessage("Met.") if met else calls(("status", {}))

    talk = chat(answer, status=status)
    other = talk.runner.start("Northern Light").id

    turns = [talk.runner.say(where, "Status", SPEAKER) for where in (talk.id, other)]

    assert [ended(turn).reply for turn in turns] == ["Met.", "Met."]


def test_two_messages_in_one_conversation_run_one_after_the_other(chat: ChatMaker) -> None:
    inside: list[int] = []

    def status(*_: Any) -> Answer:
        inside.append(1)
        assert len(inside) == 1
        inside.pop()
        return Answer(text="Done.")

    def answer(messages: list[Any]) -> AIMessage:
        return AIMessage("Done.") if messages[-1].type == "tool" else calls(("status", {}))

    talk = chat(answer, status=status)
    turns = [talk.runner.say(talk.id, f"Status {n}", SPEAKER) for n in range(4)]

    assert [ended(turn).reply for turn in turns] == ["Done."] * 4
    assert [row.role.value for row in talk.rows] == ["user", "assistant"] * 4
