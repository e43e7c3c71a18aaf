"""The chat model behind an address: real HTTP, streams, tool calls, failures, and the key's secrecy."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.chat_model import ChatSettings, build_model
from agent.events import Token, ToolEnded, TurnFailed
from agent.remote_model import RemoteModel
from tests.support.chat import Chat, ended, open_chat
from tests.support.stub_openai import Reply, StubOpenAI, stub_openai
from tools.errors import FailedError

KEY = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY"):
        monkeypatch.delenv(name, raising=False)


def model_at(stub: StubOpenAI, **settings: Any) -> RemoteModel:
    model = build_model(ChatSettings(base_url=stub.url, api_key=KEY, **settings))
    assert isinstance(model, RemoteModel)
    return model


def chat_with(home: Path, stub: StubOpenAI, **settings: Any) -> Chat:
    return open_chat(home, model_at(stub, **settings))


def test_a_stream_of_words_and_calls_runs_the_tools(tmp_path: Path) -> None:
    replies = Reply("I look.", [("status", "{}"), ("cost", "{}")]), Reply("All is well.")
    with stub_openai(*replies) as stub:
        talk = chat_with(tmp_path, stub)
        events = talk.say("How do we stand?")

    assert talk.calls.names == ["status", "cost"]
    assert "".join(e.text for e in events if isinstance(e, Token)) == "I look. All is well. "
    assert len(stub.requests) == 2
    first, second = stub.requests
    assert first["stream"] is True
    assert {tool["function"]["name"] for tool in first["tools"]} >= {"train", "shoot", "deliver"}
    assert first["messages"][0]["role"] == "system"
    assert "STUDIO: {" in first["messages"][0]["content"]
    assert [m["role"] for m in second["messages"]] == [
        "system",
        "user",
        "assistant",
        "tool",
        "assistant",
        "tool",
    ]


def test_malformed_arguments_go_back_and_are_mended(tmp_path: Path) -> None:
    replies = (
        Reply("", [("pick", '{"takes": ["1"')]),
        Reply("", [("pick", '{"takes": "one and three"}')]),
        Reply("", [("pick", '{"takes": ["1"], "colour": "red"}')]),
        Reply("", [("pick", '{"takes": ["1"]}')]),
        Reply("Picked."),
    )
    with stub_openai(*replies) as stub:
        talk = chat_with(tmp_path, stub)
        events = talk.say("Keep the first")

    errors = [e.error for e in events if isinstance(e, ToolEnded) and e.error]
    assert talk.calls.made == [("pick", {"takes": ["1"]})]
    assert ended(events).reply == "Picked."
    assert [e.split(":")[0] for e in errors] == ["pick cannot be called like this"] * 2
    assert "takes" in errors[0]
    assert "colour" in errors[1]
    told = stub.requests[1]["messages"][-1]
    assert told["role"] == "tool"
    assert "the arguments of pick are no JSON object" in told["content"]
    assert stub.requests[1]["messages"][-2]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_an_unknown_tool_is_an_answer(tmp_path: Path) -> None:
    with stub_openai(Reply("", [("rm", '{"path": "/"}')]), Reply("I cannot do that.")) as stub:
        talk = chat_with(tmp_path, stub)
        end = talk.ask("Delete everything")

    assert end.reply == "I cannot do that."
    assert "there is no tool 'rm'" in stub.requests[1]["messages"][-1]["content"]


def test_too_many_requests_and_a_failure_are_tried_again(tmp_path: Path) -> None:
    with stub_openai(Reply(status=500), Reply(status=429), Reply("Here I am.")) as stub:
        talk = chat_with(tmp_path, stub)
        end = talk.ask("Hello")

    assert end.reply == "Here I am."
    assert len(stub.requests) == 3


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        (Reply(status=500), r"failed \(500\); say it again"),
        (Reply(status=429), r"too many requests \(429\); wait"),
        (
            Reply(status=401, body='{"error": {"message": "bad key sk-very"}}'),
            "does not take the key",
        ),
        (Reply(status=404), "knows no model 'gpt-4.1-mini'"),
        (Reply(body="<html>welcome</html>"), "sent an answer that is no chat completion"),
        (Reply(body='{"hello": 1}'), "sent an answer that is no chat completion"),
        (Reply("Half a", cut=True), "sent an answer that is no chat completion"),
    ],
)
def test_a_failing_server_ends_the_turn_with_one_line(
    tmp_path: Path, reply: Reply, line: str
) -> None:
    with stub_openai(reply) as stub:
        talk = chat_with(tmp_path, stub)
        end = talk.ask("Hello")
        stub.replies[:] = [Reply("Here I am again.")]
        after = talk.ask("And now?")

    assert isinstance(end, TurnFailed)
    assert "\n" not in end.error
    assert stub.url.removesuffix("/v1") in end.error
    with pytest.raises(FailedError, match=line):
        raise FailedError(end.error)
    assert talk.rows[1].text.endswith(end.error)
    assert after.reply == "Here I am again."


def test_a_failure_after_a_tool_keeps_what_the_tool_said(tmp_path: Path) -> None:
    with stub_openai(Reply("", [("status", "{}")]), Reply(status=500)) as stub:
        talk = chat_with(tmp_path, stub)
        end = talk.ask("How do we stand?")

    assert isinstance(end, TurnFailed)
    assert end.reply.startswith("status is done.")
    assert end.reply.endswith(end.error)


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with stub_openai(Reply("never")) as stub:
        url = stub.url
    talk = open_chat(tmp_path, build_model(ChatSettings(base_url=url, max_retries=0)))

    end = talk.ask("Hello")

    assert isinstance(end, TurnFailed)
    assert "cannot be reached; check the network and SAMECAST_CHAT_BASE_URL" in end.error


@pytest.fixture
def _all_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield


@pytest.mark.usefixtures("_all_logs")
def test_the_key_is_nowhere_but_in_the_header(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refused = Reply(status=401, body=f'{{"error": {{"message": "wrong key {KEY}"}}}}')
    with stub_openai(Reply("Hello."), refused) as stub:
        settings = ChatSettings(base_url=stub.url, api_key=KEY)
        talk = chat_with(tmp_path, stub)
        talk.ask("Hello")
        end = talk.ask("Hello again")

    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(settings) + repr(talk.model) + str(talk.model)
    assert KEY not in caplog.text
    assert KEY not in end.reply
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "conversations.db" for path in stored)
    assert not [path for path in stored if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "arguments",
    [
        f'{{"character": "Lirien", "steps": 1{"0" * 30}}}',
        f'{{"character": "Lirien", "steps": 1{"0" * 5000}}}',
        '{"character": "Lirien\\ud83d"}',
        '{"character": ' + "[" * 50_000,
    ],
)
def test_arguments_that_no_checkpoint_takes_are_malformed(tmp_path: Path, arguments: str) -> None:
    with stub_openai(Reply(calls=[("train", arguments)]), Reply("I see.")) as stub:
        talk = chat_with(tmp_path, stub)
        end = talk.ask("Train Lirien")

    assert (end.reply, end.proposals, talk.calls.made) == ("I see.", (), [])
    assert "the arguments of train are no JSON object" in str(stub.requests[1]["messages"][-1])


def test_half_a_letter_of_a_server_becomes_a_question_mark(tmp_path: Path) -> None:
    with stub_openai(Reply("a \ud83d b")) as stub:
        talk = chat_with(tmp_path, stub)
        assert talk.ask("Good morning").reply.strip() == "a ? b"
        assert talk.rows[-1].text.strip() == "a ? b"
