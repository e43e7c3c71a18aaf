"""`samecast chat` for scripts: JSON lines, proposals, dry runs, scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.micro_studio import CliRun, run_cli
from tests.support.stub_openai import Reply, stub_openai

CREATE = "Create Lirien, a young woman with long red hair and green eyes"


def lines(run: CliRun) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.out.splitlines()]


def test_each_message_gives_one_line_of_json(tmp_path: Path) -> None:
    run = run_cli("chat", "--say", CREATE, "--say", "status", "--json", home=tmp_path)

    assert run.code == 0, run.err
    first, second = lines(run)
    assert list(first) == ["say", "calls", "reply", "proposals"]
    assert first["say"] == CREATE
    assert [call["tool"] for call in first["calls"]] == ["create_character"]
    assert "Lirien is in the cast" in first["reply"]
    assert first["proposals"] == []
    assert [call["tool"] for call in second["calls"]] == ["status"]
    assert "Lirien" in second["reply"]


def test_a_script_is_a_message_a_line(tmp_path: Path) -> None:
    script = tmp_path / "session.txt"
    script.write_text(f"# the first day\n{CREATE}\n\nstatus\n")

    run = run_cli("chat", "--script", script, home=tmp_path / "studio")

    assert run.code == 0, run.err
    assert run.out.count("\n> ") + run.out.startswith("> ") == 2
    assert "Lirien is in the cast" in run.out


def test_a_script_that_is_no_text_is_refused(tmp_path: Path) -> None:
    run = run_cli("chat", "--script", tmp_path / "none.txt", home=tmp_path)

    assert run.code == 2
    assert "cannot be read" in run.error


def test_a_dry_run_does_nothing(tmp_path: Path) -> None:
    run = run_cli("chat", "--say", CREATE, "--dry-run", "--json", home=tmp_path)
    after = run_cli("chat", "--say", "status", "--json", home=tmp_path)

    [planned] = lines(run)
    assert [call["tool"] for call in planned["calls"]] == ["create_character"]
    assert "Lirien" not in lines(after)[0]["reply"]


def test_a_dry_run_without_words_is_refused(tmp_path: Path) -> None:
    assert "--dry-run needs something to say" in run_cli("chat", "--dry-run", home=tmp_path).error


@pytest.mark.parametrize("approve", [False, True])
def test_proposals_stay_open_unless_they_are_approved(tmp_path: Path, approve: bool) -> None:
    call = Reply("", [("add_base", '{"base": "maquette"}')])
    more = ["--approve"] if approve else []
    with stub_openai(call, Reply("It is there.")) as stub:
        run = run_cli(
            "chat", "--say", "Add maquette", *more, "--json",
            home=tmp_path, SAMECAST_CHAT_BASE_URL=stub.url,
        )  # fmt: skip

    assert run.code == 0, run.err
    [line] = lines(run)
    assert [call["tool"] for call in line["calls"]] == ["add_base"]
    if approve:
        assert (line["reply"], line["proposals"]) == ("It is there.", [])
    else:
        [proposal] = line["proposals"]
        assert (proposal["tool"], proposal["arguments"]) == ("add_base", {"base": "maquette"})
        assert len(stub.requests) == 1


def test_the_conversation_goes_on_between_calls(tmp_path: Path) -> None:
    with stub_openai(Reply("Noted.")) as stub:
        for more in ([], [], ["--conversation", "new"]):
            run_cli(
                "chat", "--say", "Remember this", *more,
                home=tmp_path, SAMECAST_CHAT_BASE_URL=stub.url,
            )  # fmt: skip

    roles = [[m["role"] for m in request["messages"]] for request in stub.requests]
    assert roles == [
        ["system", "user"],
        ["system", "user", "assistant", "user"],
        ["system", "user"],
    ]


def test_a_failing_model_ends_with_its_line_and_code_one(tmp_path: Path) -> None:
    with stub_openai(Reply(status=401)) as stub:
        run = run_cli(
            "chat", "--say", "Hello", "--json", home=tmp_path, SAMECAST_CHAT_BASE_URL=stub.url
        )

    assert run.code == 1
    assert "does not take the key" in lines(run)[0]["reply"]


def test_a_setting_that_cannot_be_used_is_named_without_its_value(tmp_path: Path) -> None:
    run = run_cli("chat", "--say", "Hello", home=tmp_path, SAMECAST_CHAT_TIMEOUT="secret")

    assert run.code == 2
    assert "SAMECAST_CHAT_TIMEOUT: " in run.error
    assert "secret" not in run.err


def test_a_table_is_scored_with_the_configured_model(tmp_path: Path) -> None:
    table = tmp_path / "table.yaml"
    table.write_text(
        "studios: {empty: {production: Northern Light}}\n"
        "rows:\n"
        '  - {say: "What did it cost?", studio: empty, calls: [{tool: cost, args: {}}]}\n'
        "  - {say: Show me the takes, studio: empty, calls: [{tool: show_takes, args: {}}]}\n"
    )
    with stub_openai(Reply("", [("cost", "{}")])) as stub:
        run = run_cli("chat", "--score", table, home=tmp_path, SAMECAST_CHAT_BASE_URL=stub.url)

    assert run.code == 0, run.err
    assert "2 sentences: tools right 0.500, tools and arguments right 0.500" in run.out
    assert "Show me the takes" in run.out
