"""Approvals: what waits, what a person decides, and that each decision is acted on once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage
from langgraph.errors import UnknownInterruptError
from langgraph.types import Command
from pydantic import ValidationError
from sqlmodel import col, select

from agent.answer import Answer
from agent.approvals import approve, must_wait, refuse, strictly
from agent.events import Proposal, ToolEnded
from agent.state import ApprovalPolicy, KnownLook
from agent.tools import ARGUMENTS, tool_name
from tests.support.chat import SPEAKER, Chat, ChatMaker, ended
from tests.support.scripted_model import calls
from tools.errors import BadInput, UnknownName
from tools.store.conversation import MessageRole
from tools.store.decision import Answered, Decision
from tools.store.production import get_production, set_ask_before_drawing

pytestmark = pytest.mark.usefixtures("plain_cards")
FREE = ApprovalPolicy()
ASKS = ApprovalPolicy(ask_before_drawing=True)
SAID = ApprovalPolicy(words="These are photos of Lirien: ~/Pictures/Lirien")
KNOWS = ApprovalPolicy(looks=(KnownLook(character="Lirien", look="after the fight"),))
TRAIN = ("train", {"character": "Lirien"})


def decisions(talk: Chat) -> list[tuple[str, Answered, str]]:
    with talk.studio.services.database.reading() as session:
        query = select(Decision).where(Decision.conversation_id == talk.id)
        rows = session.exec(query.order_by(col(Decision.decided_at)))
        return [(row.tool, row.decision, row.by) for row in rows]


@pytest.mark.parametrize(
    ("tool", "arguments", "policy", "waits"),
    [
        ("train", {"character": "Lirien"}, FREE, True),
        ("train", {"character": ""}, FREE, False),
        ("add_base", {"base": "sdxl"}, FREE, True),
        ("change_character", {"character": "Lirien", "change": "red hair"}, FREE, True),
        (
            "change_character",
            {"character": "Lirien", "change": "split lip", "look": "after the fight"},
            FREE,
            False,
        ),
        (
            "change_character",
            {"character": "lirien", "change": "no scar", "look": "After the Fight"},
            KNOWS,
            True,
        ),
        ("shoot", {"slates": ["12A"]}, FREE, False),
        ("shoot", {"slates": ["12A"]}, ASKS, True),
        ("cast", {"character": "Lirien"}, ASKS, True),
        ("build_references", {"character": "Lirien"}, ASKS, True),
        ("reject", {"takes": ["1"]}, ASKS, False),
        ("reject", {"takes": ["1"], "again": True}, ASKS, True),
        ("pick", {"takes": ["1"]}, ASKS, False),
        ("add_photos", {"character": "Lirien"}, FREE, False),
        ("add_photos", {"character": "Lirien", "folder": "~/Pictures/Lirien"}, FREE, True),
        ("add_photos", {"character": "Lirien", "folder": "~/Pictures/Lirien"}, SAID, False),
        ("add_photos", {"character": "Lirien", "folder": "~/Private"}, SAID, True),
        ("no_such_tool", {}, ASKS, False),
    ],
)
def test_what_waits_for_a_person(
    tool: str, arguments: dict[str, Any], policy: ApprovalPolicy, waits: bool
) -> None:
    assert must_wait(tool, arguments, policy) is waits


@given(
    st.sampled_from([tool_name(each) for each in ARGUMENTS]),
    st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none()),
    st.booleans(),
)
def test_the_answer_depends_on_nothing_but_the_call_and_the_policy(
    tool: str, arguments: dict[str, Any], asks: bool
) -> None:
    policy = ApprovalPolicy(ask_before_drawing=asks)

    assert must_wait(tool, arguments, policy) is must_wait(tool, dict(arguments), policy)


def test_training_waits_and_runs_once_approved(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN), AIMessage("Training has begun."))

    asked = talk.ask("Train Lirien")

    assert talk.calls.made == []
    [proposal] = asked.proposals
    assert (proposal.tool, proposal.arguments) == ("train", {"character": "Lirien"})
    assert proposal.card == "train of Lirien?"
    assert proposal.card in asked.reply
    assert talk.runner.pending(talk.id) == (proposal,)

    end = ended(talk.runner.decide(talk.id, proposal.interrupt_id, approve(), SPEAKER))

    assert talk.calls.made == [("train", {"character": "Lirien"})]
    assert end.reply == "Training has begun."
    assert talk.runner.pending(talk.id) == ()
    assert decisions(talk) == [("train", Answered.APPROVE, SPEAKER)]


def test_a_refused_call_does_not_run_and_the_model_hears_why(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN), lambda messages: AIMessage(messages[-1].text))
    [proposal] = talk.ask("Train Lirien").proposals

    end = ended(
        talk.runner.decide(talk.id, proposal.interrupt_id, refuse("her hair is wrong"), SPEAKER)
    )

    assert talk.calls.made == []
    assert end.reply == "Train was not done: her hair is wrong"
    assert decisions(talk) == [("train", Answered.REJECT, SPEAKER)]


def test_other_arguments_may_be_approved_but_only_valid_ones(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN), AIMessage("Good."))
    [proposal] = talk.ask("Train Lirien").proposals

    with pytest.raises(BadInput, match=r"train cannot be called like this: steps"):
        ended(
            talk.runner.decide(
                talk.id,
                proposal.interrupt_id,
                approve({"character": "Lirien", "steps": 0}),
                SPEAKER,
            )
        )
    assert decisions(talk) == []
    other = approve({"character": "Lirien", "steps": 40})
    ended(talk.runner.decide(talk.id, proposal.interrupt_id, other, SPEAKER))

    assert talk.calls.made == [("train", {"character": "Lirien", "steps": 40})]


def test_an_edit_cannot_switch_to_another_tool(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN), AIMessage("Good."))
    [proposal] = talk.ask("Train Lirien").proposals
    edit = {"type": "edit", "edited_action": {"name": "add_base", "args": {"base": "sdxl"}}}

    with pytest.raises(ValidationError, match="Input should be 'train'"):
        talk.runner._graph.invoke(
            Command(resume={proposal.interrupt_id: edit}),
            {"configurable": {"thread_id": talk.id}},
            context=talk.runner.context(talk.id, SPEAKER),
        )

    assert talk.calls.made == []
    assert talk.runner.pending(talk.id) == (proposal,)


def test_langgraph_still_knows_its_private_strict_switch(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN), AIMessage("Good."))
    talk.ask("Train Lirien")

    with pytest.raises(UnknownInterruptError):
        talk.runner._graph.invoke(
            Command(resume={"0" * 32: {"type": "approve"}}),
            strictly({"configurable": {"thread_id": talk.id}}),
            context=talk.runner.context(talk.id, SPEAKER),
        )


def test_of_two_proposals_each_is_decided_alone(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN, ("train", {"character": "Daro"})), AIMessage("Both settled."))
    first, second = talk.ask("Train Lirien and Daro").proposals

    middle = ended(talk.runner.decide(talk.id, second.interrupt_id, approve(), SPEAKER))

    assert talk.calls.made == [("train", {"character": "Daro"})]
    assert [p.interrupt_id for p in middle.proposals] == [first.interrupt_id]
    end = ended(talk.runner.decide(talk.id, first.interrupt_id, refuse(), SPEAKER))
    assert talk.calls.made == [("train", {"character": "Daro"})]
    assert end.reply == "Both settled."


def test_what_comes_after_a_question_waits_for_its_answer(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN, ("shoot", {"slates": ["12A"]})), AIMessage("Rolling."))
    asked = talk.ask("Train Lirien, then shoot 12A")

    assert [call.tool for call in asked.calls] == ["train", "shoot"]
    assert talk.calls.made == []
    ended(talk.runner.decide(talk.id, asked.proposals[0].interrupt_id, approve(), SPEAKER))

    assert talk.calls.names == ["train", "shoot"]


def test_eight_clicks_on_approve_run_the_call_once(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN), AIMessage("Training has begun."))
    [proposal] = talk.ask("Train Lirien").proposals
    start = threading.Barrier(8)

    def click() -> None:
        start.wait()
        list(talk.runner.decide(talk.id, proposal.interrupt_id, approve(), SPEAKER))

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert talk.calls.names == ["train"]
    assert len(decisions(talk)) == 1
    assert [row.text for row in talk.rows if row.text == "Training has begun."] == [
        "Training has begun."
    ]


def test_a_proposal_that_never_was_is_refused(chat: ChatMaker) -> None:
    talk = chat(AIMessage("hm"))

    with pytest.raises(UnknownName, match="no such proposal"):
        list(talk.runner.decide(talk.id, "f" * 32, approve(), SPEAKER))


def test_a_new_message_supersedes_what_waits(chat: ChatMaker) -> None:
    talk = chat(calls(TRAIN, ("train", {"character": "Daro"})), AIMessage("Very well."))
    old = talk.ask("Train both").proposals

    end = talk.ask("No, wait")

    assert end.reply == "Very well."
    assert talk.calls.made == []
    assert talk.runner.pending(talk.id) == ()
    assert [d for _, d, _ in decisions(talk)] == [Answered.SUPERSEDED] * 2
    assert [m.type for m in talk.history()] == ["human", "ai", "tool", "tool", "human", "ai"]
    assert [m.status for m in talk.history() if m.type == "tool"] == ["error", "error"]
    assert len(talk.asked) == 2
    assert list(talk.runner.decide(talk.id, old[0].interrupt_id, approve(), SPEAKER)) == []
    assert talk.calls.made == []


def test_the_policy_is_frozen_when_the_turn_begins(chat: ChatMaker) -> None:
    talk = chat(calls(("shoot", {"slates": ["12A"]})), AIMessage("Rolling."))
    database = talk.studio.services.database

    def ask_before_drawing(ask: bool) -> None:
        with database.session() as session:
            row = get_production(session=session, name="Northern Light")
            set_ask_before_drawing(session=session, production_id=row.id, ask=ask)

    ask_before_drawing(True)
    [proposal] = talk.ask("Shoot 12A").proposals
    ask_before_drawing(False)
    end = ended(talk.runner.decide(talk.id, proposal.interrupt_id, refuse(), SPEAKER))

    assert talk.calls.made == []
    assert not end.proposals


def test_a_card_that_cannot_be_made_is_an_answer_and_asks_nobody(
    chat: ChatMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def card(*_: object) -> str:
        raise UnknownName("no character named 'Zoe'; there are: none yet")

    monkeypatch.setattr("agent.approvals.proposal_card", card)
    talk = chat(calls(("train", {"character": "Zoe"})), lambda m: AIMessage(m[-1].text))

    events = talk.say("Train Zoe")

    assert ended(events).reply == "no character named 'Zoe'; there are: none yet"
    assert [e.error for e in events if isinstance(e, ToolEnded)] == [ended(events).reply]
    assert not [e for e in events if isinstance(e, Proposal)]


def test_a_tool_that_fails_after_its_approval_ends_the_turn(chat: ChatMaker) -> None:
    from tools.errors import TrainingFailed

    def train(*_: Any) -> Answer:
        raise TrainingFailed("the run diverged at step 40; use a lower rate")

    talk = chat(calls(TRAIN), AIMessage("never said"), train=train)
    [proposal] = talk.ask("Train Lirien").proposals

    end = ended(talk.runner.decide(talk.id, proposal.interrupt_id, approve(), SPEAKER))

    assert end.kind == "turn_failed"  # type: ignore[comparison-overlap]
    assert end.reply == "the run diverged at step 40; use a lower rate"
    assert talk.rows[-1].role is MessageRole.ASSISTANT
    assert [m.type for m in talk.history()] == ["human", "ai", "tool", "ai"]
