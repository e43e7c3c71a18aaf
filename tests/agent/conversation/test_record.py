"""What a run brought, taken down and cut to what is kept."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage

from agent.answer import Answer, AnswerPicture
from agent.conversation.record import Record
from tests.support.chat import ChatMaker
from tests.support.scripted_model import calls


@pytest.mark.usefixtures("plain_cards")
def test_endless_words_leave_room_for_what_waits(chat: ChatMaker) -> None:
    talk = chat(calls(("train", {"character": "Lirien"}), text="x" * 50_000), AIMessage("Good."))

    end = talk.ask("Train Lirien")

    assert len(end.reply) == 20_000
    assert end.reply.endswith("This waits for you: train of Lirien?")
    assert talk.rows[-1].text == end.reply
    assert talk.ask("Go on").reply == "Good."


@pytest.mark.usefixtures("plain_cards")
def test_endless_proposals_are_kept_as_far_as_they_fit(
    chat: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.approvals.proposal_card", lambda *_: "y" * 30_000)
    talk = chat(calls(("train", {"character": "Lirien"}), text="I would."))

    end = talk.ask("Train Lirien")

    assert len(end.reply) == 20_000
    assert len(end.proposals) == 1


def test_what_the_director_has_read_already_is_not_said_again() -> None:
    record = Record(told=["status is done."], words=["status is done. Now the cost."])

    assert record.reply(finished=True) == "Now the cost."


def test_without_the_model_s_last_word_the_tools_own_texts_are_told() -> None:
    record = Record(words=["I look."], lines=["I look.", "status is done.", "cost is done."])

    assert record.reply(finished=False) == "I look.\n\nstatus is done.\n\ncost is done."
    assert Record(lines=["status is done."]).reply(finished=True) == "status is done."


def test_pictures_and_jobs_of_all_tools_are_kept_each_job_once() -> None:
    picture = AnswerPicture(digest="a" * 64, label="12A T1")
    answers = [
        Answer(text="1", pictures=(picture,), jobs=("a", "b")),
        Answer(text="2", jobs=("b",)),
    ]

    answer = Record(answers=answers).answer("Rolling.", ["This waits for you: Train?"])

    assert answer.text == "Rolling.\n\nThis waits for you: Train?"
    assert answer.pictures == (picture,)
    assert answer.jobs == ("a", "b")
