"""What a checkpoint holds, what it refuses, and how large it gets."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from PIL import Image

from agent.answer import Answer, AnswerPicture
from agent.approvals import approve
from agent.checkpoints import open_checkpoints, strict_serializer
from agent.policy import ApprovalPolicy, KnownLook
from tests.support.chat import SPEAKER, ChatMaker, ended, open_chat
from tests.support.scripted_model import ScriptedModel, calls
from tools.contracts.progress import Progress
from tools.errors import StorageFailed
from tools.imaging.pictures import encode_png
from tools.store.conversation import UploadCreate, add_upload

BEFORE_ITS_OWN_FILE = (
    b"\x81\xa6policy\xc7{\x05\x94\xabagent.state\xaeApprovalPolicy\x83\xb2ask_before_drawing\xc3\xa5looks"
    b"\x91\x82\xa9character\xa6Lirien\xa4look\xa7default\xa5words\xa9Shoot 12A\xb3model_validate_json"
)
"""A state as it was written while the policy stood in `agent.state`."""


def test_the_state_s_own_values_come_back_as_they_were() -> None:
    policy = ApprovalPolicy(
        ask_before_drawing=True, looks=(KnownLook(character="Lirien", look="default"),)
    )
    serializer = strict_serializer()

    kept = serializer.loads_typed(serializer.dumps_typed({"policy": policy, "m": AIMessage("x")}))

    assert kept["policy"] == policy
    assert kept["m"] == AIMessage("x")


def test_a_checkpoint_of_before_the_policy_had_its_own_file_is_read() -> None:
    kept = strict_serializer().loads_typed(("msgpack", BEFORE_ITS_OWN_FILE))

    look = KnownLook(character="Lirien", look="default")
    assert kept["policy"] == ApprovalPolicy(
        ask_before_drawing=True, looks=(look,), words="Shoot 12A"
    )


@pytest.mark.parametrize("value", [Progress(stage="x", done=1, total=2), Path, open_checkpoints])
def test_a_type_that_is_not_on_the_list_is_not_built_again(value: Any) -> None:
    serializer = strict_serializer()

    try:
        kept = serializer.loads_typed(serializer.dumps_typed({"value": value}))
    except TypeError:
        return

    assert type(kept["value"]) is not type(value)


def test_pickled_bytes_are_refused() -> None:
    import pickle

    with pytest.raises(NotImplementedError, match="pickle"):
        strict_serializer().loads_typed(("pickle", pickle.dumps({"a": 1})))


def test_strict_mode_is_on_for_all_of_langgraph() -> None:
    from langgraph.checkpoint.serde import _msgpack

    assert _msgpack.STRICT_MSGPACK_ENABLED


def test_a_conversation_keeps_one_checkpoint_and_no_picture(tmp_path: Path) -> None:
    """A model that sees is shown 1.5 MB of pictures; the file keeps none of it."""
    seen: list[str] = []

    def look(messages: list[Any]) -> AIMessage:
        seen.append(str(messages[-1].content))
        return AIMessage("I see.")

    talk = open_chat(tmp_path, ScriptedModel(script=[look]))
    runner = type(talk.runner)(
        talk.studio,
        talk.model,
        talk.checkpoints,
        sees_images=True,
        functions=talk.calls.functions(),
    )
    files = talk.studio.services.files
    with talk.studio.services.database.session() as session:
        for shade in range(3):
            noise = Image.effect_noise((700, 700), 60 + shade).convert("RGB")
            digest = files.put_bytes(encode_png(noise), ".png").digest
            upload = UploadCreate(conversation_id=talk.id, digest=digest, file_name="a.png")
            add_upload(session=session, upload=upload)

    for _ in range(5):
        assert ended(runner.say(talk.id, "Look at these", SPEAKER)).reply == "I see."

    assert all(text.count("image/jpeg") == 3 for text in seen)
    talk.checkpoints.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert (tmp_path / "conversations.db").stat().st_size < 200_000
    assert b"image/jpeg" not in (tmp_path / "conversations.db").read_bytes()
    with sqlite3.connect(tmp_path / "conversations.db") as connection:
        [(kept,)] = connection.execute("SELECT count(*) FROM checkpoints").fetchall()
    assert kept == 1


@pytest.mark.usefixtures("plain_cards")
def test_dropping_old_checkpoints_leaves_an_open_proposal_open(chat: ChatMaker) -> None:
    talk = chat(
        AIMessage("Good morning."), calls(("train", {"character": "Lirien"})), AIMessage("Done.")
    )
    talk.say("Hello")
    [proposal] = talk.ask("Train Lirien").proposals

    end = ended(talk.runner.decide(talk.id, proposal.interrupt_id, approve(), SPEAKER))

    assert end.reply == "Done."


def test_pictures_of_an_answer_are_digests(chat: ChatMaker) -> None:
    picture = AnswerPicture(digest="a" * 64, label="12A T1", number=1, take="12A T1")

    def show_takes(*_: Any) -> Answer:
        return Answer(text="One take.", pictures=(picture,))

    talk = chat(calls(("show_takes", {})), AIMessage("One take."), show_takes=show_takes)
    end = talk.ask("Show me the takes")

    assert end.pictures == (picture,)
    assert Answer.model_validate_json(talk.rows[-1].answer).pictures == (picture,)
    assert [m.content for m in talk.history() if isinstance(m, HumanMessage)] == [
        "Show me the takes"
    ]


def test_a_home_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")

    with pytest.raises(StorageFailed, match=r"cannot use .*conversations\.db"):
        open_checkpoints(tmp_path / "home")
