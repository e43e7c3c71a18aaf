"""Messages said by a script: each with its calls, its answer and what waits for a yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.conversation.runs import WAITS
from agent.events import Proposal
from agent.offline.model import OfflineDirector
from tests.support.chat import SPEAKER, Chat, open_chat
from tools.contracts.progress import Progress, ignore_progress
from ui.cli.chat_script import ScriptedTalk, finish_jobs, without_waiting


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return open_chat(tmp_path, OfflineDirector())


def talk(chat: Chat, *, approve: bool = False) -> ScriptedTalk:
    return ScriptedTalk(chat.studio, chat.runner, chat.id, SPEAKER, approve)


def proposal(card: str) -> Proposal:
    return Proposal(interrupt_id="i", call_id="c", tool="add_base", arguments={}, card=card)


def test_a_message_with_its_calls_and_its_answer(chat: Chat) -> None:
    seen: list[Progress] = []
    said = talk(chat).say("status", seen.append)
    assert [call.tool for call in said.calls] == ["status"]
    assert "status is done." in said.reply
    assert [progress.stage for progress in seen] == ["status"]
    assert said.proposals == ()


def test_what_waits_stays_open_unless_it_is_approved(chat: Chat) -> None:
    spoken = talk(chat)
    said = spoken.say("install sdxl", ignore_progress)
    assert [each.tool for each in said.proposals] == ["add_base"]
    assert chat.calls.names == []
    assert not spoken.failed


def test_what_is_approved_is_done_and_its_card_is_not_repeated(chat: Chat) -> None:
    said = talk(chat, approve=True).say("install sdxl", ignore_progress)
    assert said.proposals == ()
    assert chat.calls.names == ["add_base"]
    assert "add_base is done." in said.reply
    assert WAITS not in said.reply


def test_without_jobs_nothing_is_reported(chat: Chat) -> None:
    assert finish_jobs(chat.studio, chat.runner, chat.id, ignore_progress) == []


def test_a_reply_less_its_cards() -> None:
    reply = f"Yes.\n\n{WAITS}Install sdxl?\n\n{WAITS}Train Daro?"
    assert without_waiting(reply, (proposal("Install sdxl?"), proposal("Train Daro?"))) == "Yes."
    assert without_waiting("Yes.", ()) == "Yes."
