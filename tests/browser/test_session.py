"""A whole session as a new user has it: `samecast ui`, from a brief to a delivery, all in the chat.

The embedded base, its worker, the offline director; photos of one person and three training steps.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.studio_page import LONG_MS, StudioPage
from tests.support.micro_studio import start_cli, twenty_photos

BRIEF = (
    "Daro is a young man with tan skin, short black hair, green eyes and a white coat. "
    "His signature light is soft window light."
)
SCENE = "Scene 12, a cafe by day. Daro sits at a table. Daro smiles. Daro looks out of the window."
ADDRESS = re.compile(r"Samecast is at (http://127\.0\.0\.1:\d+)")


@contextmanager
def samecast_ui(home: Path) -> Iterator[str]:
    """The page as its own program, with its worker; gives the address."""
    process = start_cli("ui", "--port", "0", home=home)
    assert process.stdout is not None
    try:
        first = process.stdout.readline().decode()
        found = ADDRESS.search(first)
        assert found is not None, first
        yield found[1]
    finally:
        process.terminate()
        _, errors = process.communicate(timeout=60)
    assert b"Traceback" not in errors, errors.decode()


@pytest.mark.timeout(900)
def test_from_brief_to_delivery(tmp_path: Path, open_page: Opener) -> None:
    home = tmp_path / "studio"
    home.mkdir()
    with samecast_ui(home) as url:
        page = open_page(url)
        page.say(BRIEF, "Daro")
        _bring_photos(page, sorted(twenty_photos(tmp_path / "photos").iterdir()))
        _train(page)
        slates = _shoot(page)
        _reject_one(page, slates[0])
        _pick(page, slates)
        page.say("Deliver", "Delivered 3 takes", LONG_MS)
        _take_home(page, slates)


def _bring_photos(page: StudioPage, photos: list[Path]) -> None:
    page.attach(photos)
    expect(page.desk).to_contain_text("20 not used yet", timeout=LONG_MS)
    page.say("These are photos of Daro")
    expect(page.chat.locator("figure.picture")).to_have_count(20, timeout=LONG_MS)
    expect(page.desk.locator(".thumbs")).to_have_count(0)
    page.say("Ask the gate about Daro")
    expect(page.chat.locator("figure.picture", has_text="passes")).to_have_count(
        20, timeout=LONG_MS
    )


def _train(page: StudioPage) -> None:
    page.say("Train Daro, 3 steps", "Train a LoRA of Daro: 3 steps")
    page.desk.get_by_role("button", name="Approve").dblclick()
    job = page.desk.locator("[data-job]")
    expect(job).to_contain_text("train Daro running", timeout=LONG_MS)
    known = str(job.get_attribute("data-job"))
    page.reload()
    expect(job).to_have_attribute("data-job", known)
    expect(page.told("LoRA v1 of Daro is trained")).to_be_visible(timeout=LONG_MS)
    expect(page.tab("Characters")).to_contain_text("v1 (in use)")
    expect(page.tab("Jobs").locator("tr", has_text="train")).to_have_count(1)
    page.page.get_by_role("tab", name="Chat").click()


def _shoot(page: StudioPage) -> list[str]:
    page.say(SCENE, "nothing is drawn yet")
    planned = page.told("nothing is drawn yet").last.inner_text()
    slates = re.findall(r"^\s*(?:\d+\.\s*)?(12[A-Z]): ", planned, re.MULTILINE)[:3]
    assert len(slates) == 3, planned
    page.say(f"Shoot {slates[0]}, {slates[1]} and {slates[2]}, one take each")
    for slate in slates:
        expect(page.take(f"{slate} T1")).to_be_visible(timeout=LONG_MS)
    return slates


def _reject_one(page: StudioPage, slate: str) -> None:
    page.take(f"{slate} T1").get_by_role("button", name="Reject").click()
    page.page.get_by_label("Draw it again with this note").check()
    page.answer_dialog("the light is wrong, make it golden hour")
    told = page.told(f"Rejected {slate} T1.")
    expect(told).to_contain_text("golden hour")
    expect(page.take(f"{slate} T1")).to_contain_text("✕ rejected")
    expect(page.take(f"{slate} T2")).to_be_visible(timeout=LONG_MS)


def _pick(page: StudioPage, slates: list[str]) -> None:
    for take in (f"{slates[0]} T2", f"{slates[1]} T1", f"{slates[2]} T1"):
        page.take(take).get_by_role("button", name="Pick", exact=True).click()
        expect(page.take(take)).to_contain_text("◯ picked")
    board = page.tab("Board")
    expect(board.locator(".summary")).to_contain_text("3 picked")
    page.page.get_by_role("tab", name="Chat").click()


def _take_home(page: StudioPage, slates: list[str]) -> None:
    with page.page.expect_download() as download:
        page.desk.get_by_role("link", name="Delivery of").click()
    files = [f"STUDIO_0{slate}_T0{take}.png" for slate, take in zip(slates, (2, 1, 1), strict=True)]
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as packed:
        paths = {Path(name).name: name for name in packed.namelist()}
        manifest = json.loads(packed.read(paths["manifest.json"]))
        listed = {Path(each["path"]).name: each["sha256"] for each in manifest["files"]}
        for file in files:
            assert listed[file] == sha256(packed.read(paths[file])).hexdigest()
    assert len([name for name in paths if name.startswith("STUDIO_")]) == len(files)
