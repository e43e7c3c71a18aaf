"""The chat: what is said, what waits, what goes on while nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from playwright.sync_api import expect

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.train import Train
from tests.browser.conftest import Opener
from tests.support.live_page import LivePage, harbour_studio, live_page, passed_set
from tests.support.micro_studio import huge_png
from tools.compose import Studio
from tools.contracts.model import Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.jobs.handler import Handler
from tools.jobs.local_worker import LocalWorker
from tools.store.board import open_jobs
from tools.store.production import get_production

SCRIPT = "<script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"
WAITS = "Train a LoRA of Daro"


class Rehearsal(Contract):
    """The payload and the result of a job that only waits."""

    character: str


@dataclass
class Trainings:
    """A `train` whose job is a rehearsal; counts how often it was called."""

    started: int = 0

    def __call__(self, arguments: Train, context: ChatContext, _watch: ProgressSink) -> Answer:
        self.started += 1
        with context.services.database.reading() as session:
            production = get_production(session=session, name=context.production)
        job_id = context.jobs.enqueue(
            kind="rehearsal",
            payload=Rehearsal(character=arguments.character),
            production_id=production.id,
        )
        return Answer(text="The rehearsal has begun.", jobs=(job_id,))


@pytest.fixture
def trainings() -> Trainings:
    return Trainings()


@pytest.fixture
def trained_page(tmp_path: Path, trainings: Trainings) -> Iterator[LivePage]:
    """Harbour with a reference set of Daro; a training there is a rehearsal."""
    studio = harbour_studio(tmp_path, people=False)
    passed_set(studio)
    with live_page(studio, train=trainings) as page:
        yield page


def test_a_script_tag_in_a_brief_does_nothing(harbour: LivePage, open_page: Opener) -> None:
    page = open_page(harbour.url)
    page.say(f"A woman called Mara {SCRIPT} with red hair ${{window.broken = 2}}")
    said = page.chat.locator("[data-testid=user]")
    expect(said).to_contain_text("<script>window.broken = 1</script>")
    expect(page.chat.locator("[data-testid=bot]").last).not_to_be_empty()
    page.reload()
    expect(said).to_contain_text("<script>window.broken = 1</script>")
    assert page.page.evaluate("window.broken") is None


@pytest.mark.parametrize("clicks", [2, 3])
def test_many_clicks_on_approve_run_one_job(
    trained_page: LivePage, open_page: Opener, trainings: Trainings, clicks: int
) -> None:
    page, other = open_page(trained_page.url), open_page(trained_page.url)
    page.say("Train Daro, 3 steps", WAITS)
    for each in (page, other):
        expect(each.desk).to_contain_text("Train a LoRA")
    approve = page.desk.get_by_role("button", name="Approve")
    approve.click(click_count=clicks, delay=1)
    other.page.evaluate("document.querySelector('#desk .proposal .yes')?.click()")
    expect(page.told("The rehearsal has begun.")).to_be_visible()
    expect(page.desk.locator(".proposal")).to_have_count(0)
    expect(page.desk.locator("[data-job]")).to_have_count(1)
    database = trained_page.studio.services.database
    with database.reading() as session:
        jobs = open_jobs(session=session, production_id=trained_page.production())
    assert [job.kind for job in jobs] == ["rehearsal"]
    assert trainings.started == 1
    expect(page.told("The rehearsal has begun.")).to_have_count(1)


def test_not_now_keeps_it_from_running(trained_page: LivePage, open_page: Opener) -> None:
    page = open_page(trained_page.url)
    page.say("Train Daro, 3 steps", WAITS)
    page.desk.get_by_role("button", name="Not now").click()
    expect(page.desk.locator(".proposal")).to_have_count(0)
    with trained_page.studio.services.database.reading() as session:
        assert open_jobs(session=session, production_id=trained_page.production()) == []


def test_a_reload_in_the_middle_of_a_job_shows_it_going_on(
    trained_page: LivePage, open_page: Opener
) -> None:
    go_on = Signal()
    worker = rehearsing(trained_page.studio, go_on)
    stop = Signal()
    thread = Thread(target=worker.run_forever, args=(stop,), daemon=True)
    page = open_page(trained_page.url)
    page.say("Train Daro, 3 steps", WAITS)
    page.desk.get_by_role("button", name="Approve").click()
    thread.start()
    try:
        expect(page.desk.locator("progress")).to_have_attribute("value", "40")
        job = page.desk.locator("[data-job]").get_attribute("data-job")
        page.reload()
        expect(page.desk.locator("progress")).to_have_attribute("value", "40")
        expect(page.desk.locator("[data-job]")).to_have_attribute("data-job", str(job))
        expect(page.told("The rehearsal has begun.")).to_be_visible()
        go_on.set()
        expect(page.desk.locator("[data-job]")).to_have_count(0)
        expect(page.tab("Jobs").locator(f'[data-job="{job}"]')).to_contain_text("done")
    finally:
        go_on.set()
        stop.set()
        thread.join(20)


def test_a_job_is_cancelled_from_the_desk(trained_page: LivePage, open_page: Opener) -> None:
    page = open_page(trained_page.url)
    page.say("Train Daro, 3 steps", WAITS)
    page.desk.get_by_role("button", name="Approve").click()
    page.desk.get_by_role("button", name="Cancel").click()
    expect(page.desk.locator("[data-job]")).to_have_count(0)
    expect(page.tab("Jobs")).to_contain_text("cancelled")


def test_a_turn_goes_on_without_its_page(tmp_path: Path, open_page: Opener) -> None:
    go_on = Signal()

    def slow(arguments: object, context: ChatContext, watch: ProgressSink) -> Answer:
        watch(Progress(stage="asking", done=1, total=2))
        go_on.wait(60)
        return Answer(text="Nothing was spent so far.")

    with live_page(harbour_studio(tmp_path, people=False), cost=slow) as house:
        page = open_page(house.url)
        try:
            page.say("What did it cost so far?")
            expect(page.chat).to_contain_text("asking 1 of 2")
            page.reload()
            expect(page.chat).to_contain_text("asking 1 of 2")
        finally:
            go_on.set()
        expect(page.told("Nothing was spent so far.")).to_have_count(1)
        expect(page.chat.locator(".working")).to_have_count(0)


def test_what_is_sent_before_the_answer_has_ended_is_told_so_and_kept(
    tmp_path: Path, open_page: Opener
) -> None:
    go_on = Signal()

    def slow(arguments: object, context: ChatContext, watch: ProgressSink) -> Answer:
        watch(Progress(stage="asking", done=1, total=2))
        go_on.wait(60)
        return Answer(text="Nothing was spent so far.")

    with live_page(harbour_studio(tmp_path, people=False), cost=slow) as house:
        page = open_page(house.url)
        box = page.page.locator("#box textarea")
        try:
            page.say("What did it cost so far?")
            expect(page.chat).to_contain_text("asking 1 of 2")
            page.say("shoot them")
            expect(page.page.get_by_text("wait for its answer")).to_be_visible()
        finally:
            go_on.set()
        expect(page.told("Nothing was spent so far.")).to_have_count(1)
        expect(box).to_have_value("shoot them")


def test_a_picture_that_arrives_late_leaves_the_reader_at_the_end(
    harbour: LivePage, open_page: Opener
) -> None:
    page = open_page(harbour.url)
    page.say("help")
    expect(page.chat.locator("[data-testid=bot]").last).not_to_be_empty()
    left = page.page.evaluate(
        """async () => {
          let room = document.querySelector("#chat [data-testid=bot]");
          while (!/auto|scroll/.test(getComputedStyle(room).overflowY)) room = room.parentElement;
          const long = document.createElement("div");
          long.style.cssText = "height: 3000px; flex: none";
          room.append(long);
          room.scrollTop = 1e9;
          await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
          const image = new Image();
          const there = new Promise((next) => image.addEventListener("load", next));
          image.style.cssText = "display: block; width: 10px; height: 700px; flex: none";
          image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";
          long.append(image);
          long.style.height = "3700px";
          await there;
          return room.scrollHeight - room.scrollTop - room.clientHeight;
        }"""
    )
    assert left < 2


def test_what_runs_without_a_count_moves_and_the_note_fits(
    trained_page: LivePage, open_page: Opener
) -> None:
    page = open_page(trained_page.url)
    page.say("Train Daro, 3 steps", WAITS)
    page.desk.get_by_role("button", name="Approve").click()
    expect(page.told("The rehearsal has begun.")).to_be_visible()
    styles = page.page.evaluate(
        """() => {
          const bar = document.createElement("progress");
          document.querySelector("#desk").append(bar);
          const dialog = document.querySelector("#ask");
          dialog.showModal();
          return [getComputedStyle(bar).animationName, dialog.scrollWidth - dialog.clientWidth,
            getComputedStyle(document.documentElement).colorScheme];
        }"""
    )
    assert styles == ["move", 0, "dark"]


def test_a_bad_file_says_so_and_a_good_one_is_attached(
    harbour: LivePage, open_page: Opener, tmp_path: Path
) -> None:
    files = {"notes.png": b"no picture", "huge.png": huge_png(60_000, 60_000)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = open_page(harbour.url)
    for name in files:
        page.attach([tmp_path / name])
        expect(page.toasts.get_by_role("alert").last).to_contain_text(name)
    expect(page.desk.locator(".thumbs")).to_have_count(0)
    good = tmp_path / "good.png"
    good.write_bytes(_picture())
    page.attach([tmp_path / "notes.png", good, tmp_path / "huge.png"])
    expect(page.toasts.get_by_role("alert").last).to_contain_text("left out: notes.png")
    expect(page.toasts.get_by_role("alert").last).to_contain_text("huge.png")
    expect(page.desk).to_contain_text("1 not used yet")
    expect(page.desk.get_by_alt_text("good.png")).to_be_visible()
    page.desk.get_by_role("button", name="remove good.png").click()
    expect(page.desk.locator(".thumbs")).to_have_count(0)


def test_conversations_are_kept_apart(harbour: LivePage, open_page: Opener) -> None:
    page = open_page(harbour.url)
    page.say("help", "character")
    first = page.page.url
    page.page.get_by_role("button", name="New conversation").click()
    expect(page.page).not_to_have_url(first)
    expect(page.chat.locator("[data-testid=user]")).to_have_count(0)
    page.page.get_by_label("conversation", exact=True).select_option(index=1)
    expect(page.chat.locator("[data-testid=user]")).to_have_text("help")


def test_a_new_production_is_opened(harbour: LivePage, open_page: Opener) -> None:
    page = open_page(harbour.url)
    page.page.get_by_role("button", name="New production").click()
    page.answer_dialog("The Lighthouse")
    expect(page.page.get_by_label("production", exact=True)).to_contain_text("The Lighthouse")
    selected = page.page.locator("[data-goto=production] option:checked")
    expect(selected).to_have_text("The Lighthouse")


def rehearsing(studio: Studio, go_on: Signal) -> LocalWorker:
    """A worker whose rehearsal stands at two of five until it may go on."""

    def work(payload: Rehearsal, watch: ProgressSink) -> Rehearsal:
        watch(Progress(stage="rehearsing", done=2, total=5))
        go_on.wait(60)
        return payload

    handler = Handler(payload=Rehearsal, result=Rehearsal, work=work)
    return LocalWorker(studio.services.database, {"rehearsal": handler})


def _picture() -> bytes:
    from PIL import Image

    from tools.imaging.pictures import encode_png

    return encode_png(Image.new("RGB", (64, 64), "red"))
