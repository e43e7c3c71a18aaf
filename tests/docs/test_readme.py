"""The README's conversation, typed: in the terminal's chat, and to the page's server.

The base is the micro one, in whose pictures nobody can be seen, so what is held here is that every
sentence is understood and does its work, not how the pictures look.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from docs.house import ROOT
from tests.support.live_page import LivePage, live_page
from tests.support.micro_studio import BASE, run_cli
from tests.support.served_page import act
from tools.architectures.sdxl import presets
from tools.compose import build_studio
from tools.errors import SamecastError
from tools.settings import Settings
from tools.store.conversation import MessageRole, list_messages

API = "/studio/gradio_api"
PHOTOS = ROOT / "prompts" / "demo" / "photos"
TOOLS = (
    ["create_character"],
    ["add_photos"],
    ["gate", "train"],
    ["plan_shots"],
    ["shoot"],
    ["pick", "reject"],
    ["deliver"],
)
"""What each sentence asks for."""
FAILED = "did not work"


def conversation() -> list[str]:
    """The sentences of the README, without what is said of them in parentheses."""
    told = (ROOT / "README.md").read_text().partition("Open the page and type")[2]
    lines = [line[4:] for line in told.splitlines() if line.startswith("    ")]
    return [re.split(r"\s{2,}\(", line)[0].strip() for line in lines]


def test_the_readme_holds_a_conversation() -> None:
    assert len(conversation()) == len(TOOLS)


@pytest.fixture(params=["labels", "unlabelled"])
def photos(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The demo's own photos, as they ship and as a director would have them."""
    ignored = ["metadata.jsonl"] if request.param == "unlabelled" else []
    folder = tmp_path / str(request.param)
    return Path(shutil.copytree(PHOTOS, folder, ignore=shutil.ignore_patterns(*ignored)))


@pytest.fixture(autouse=True)
def short_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train for three steps: a micro base learns nobody in two hundred either."""
    whole = presets._small
    fewer = {"steps": 3, "warmup_steps": 1}
    monkeypatch.setattr(
        presets, "_small", lambda row, side: whole(row, side).model_copy(update=fewer)
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_chat_understands_and_does_it(photos: Path, micro_home: Path, tmp_path: Path) -> None:
    said = conversation()
    said[1] = f"{said[1]}: {photos}"
    script = tmp_path / "readme.txt"
    script.write_text("\n".join(said))
    production = f"Chat {photos.name}"

    run = run_cli(
        "chat", "--production", production, "--script", script, "--approve", "--json",
        home=micro_home, SAMECAST_BASE=BASE,
    )  # fmt: skip

    assert run.code == 0, run.err
    turns = [json.loads(line) for line in run.out.splitlines()]
    for sentence, tools, turn in zip(said, TOOLS, turns, strict=True):
        assert [call["tool"] for call in turn["calls"]] == tools, sentence
        assert FAILED not in turn["reply"], (sentence, turn["reply"])


@pytest.fixture
def page(micro_home: Path) -> Iterator[LivePage]:
    studio = build_studio(Settings(home=micro_home, device="cpu", threads=1, base=BASE))
    with live_page(studio, works=True) as served:
        yield served


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_page_understands_and_does_it(page: LivePage) -> None:
    said = conversation()
    row = page.runner.open("Page")
    address = {"production": row.production_id, "conversation": row.id}
    with httpx.Client(base_url=page.url, timeout=600) as client:
        for sentence in said:
            if "photos" in sentence:
                attach(client, row.id, PHOTOS)
            before = len(answers(page, row.id))
            say(client, sentence, address)
            approve_all(client, page, row.id)
            do_jobs(page, row.id)
            told = answers(page, row.id)[before:]
            assert told, sentence
            assert not [text for text in told if FAILED in text], (sentence, told)


def attach(client: httpx.Client, conversation_id: str, folder: Path) -> None:
    """Drop photos on the chat."""
    with ExitStack() as stack:
        files = [
            ("files", (path.name, stack.enter_context(path.open("rb"))))
            for path in sorted(folder.glob("*.webp"))
        ]
        answer = client.post(
            f"/act/upload/{conversation_id}", files=files, headers={"X-Samecast": "1"}
        )
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["uploads"]) == 20


def say(client: httpx.Client, text: str, address: dict[str, str]) -> None:
    """Type into the box and send, and read the answer to its end."""
    found = client.get("/studio/config").json()["dependencies"]
    number = next(int(each["id"]) for each in found if each["api_name"] == "say")
    body = {"data": [text], "fn_index": number, "session_hash": "reader"}
    joined = client.post(f"{API}/queue/join", json=body, params=address)
    assert joined.status_code == 200, joined.text
    with client.stream("GET", f"{API}/queue/data", params={"session_hash": "reader"}) as stream:
        ended = next(line for line in stream.iter_lines() if "process_completed" in line)
    assert '"success":true' in ended.replace(" ", ""), ended


def approve_all(client: httpx.Client, page: LivePage, conversation_id: str) -> None:
    """Press Approve as often as there is something that waits for it."""
    while waiting := page.runner.pending(conversation_id):
        body = {
            "conversation_id": conversation_id,
            "interrupt_id": waiting[0].interrupt_id,
            "decision": "approve",
        }
        answer = act(client, "decide", body)
        assert answer.status_code == 200, answer.text
        for _turn in page.turns.follow(conversation_id):
            pass


def do_jobs(page: LivePage, conversation_id: str) -> None:
    """Do what the page's worker does in a process of its own, and tell what came of it."""
    for job_id in page.runner.open_jobs(conversation_id):
        try:
            page.studio.worker.run_until_done([job_id])
        except SamecastError:
            # The report says what went wrong, and is looked at.
            continue
    page.runner.report_ended_jobs(conversation_id)


def answers(page: LivePage, conversation_id: str) -> list[str]:
    """Everything that was said to the director so far."""
    with page.studio.services.database.reading() as session:
        rows = list_messages(session=session, conversation_id=conversation_id)
    return [row.text for row in rows if row.role is not MessageRole.USER]
