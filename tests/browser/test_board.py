"""The board: many takes, keys, comparing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.studio_page import StudioPage
from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tests.support.live_page import PRODUCTION, LivePage, harbour_studio, live_page
from tools.store.take import find_take

SHOTS, TAKES = 40, 5


@pytest.fixture(scope="module")
def two_hundred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePage]:
    """Forty shots with five takes each."""
    studio = harbour_studio(tmp_path_factory.mktemp("board"), people=False)
    for number in range(SHOTS):
        asked = shot(f"{1 + number // 4}{'ABCD'[number % 4]}")
        plan(studio.services, asked, production=PRODUCTION)
        verdicts = [PASSED, REJECTED, *[PASSED] * (TAKES - 2)]
        takes(studio.services, asked, verdicts, production=PRODUCTION)
    with live_page(studio) as page:
        yield page


@pytest.fixture
def board(two_hundred: LivePage, open_page: Opener) -> StudioPage:
    page = open_page(two_hundred.url)
    page.tab("Board")
    return page


def test_two_hundred_takes_are_there_and_only_near_ones_are_fetched(
    two_hundred: LivePage, open_page: Opener
) -> None:
    page = open_page(two_hundred.url)
    fetched: list[str] = []
    page.page.on("request", lambda r: fetched.append(r.url) if "/media/" in r.url else None)
    page.tab("Board")
    expect(page.board.locator("figure.take")).to_have_count(SHOTS * TAKES)
    first = page.take("1A T1", page.board).locator("img")
    expect(first).to_have_js_property("complete", value=True)
    assert first.evaluate("image => image.naturalWidth") > 0
    assert 0 < len(set(fetched)) < SHOTS * TAKES / 2
    assert all("size=256" in url for url in fetched)


def test_keys_move_pick_reject_and_keep_their_place(
    two_hundred: LivePage, board: StudioPage
) -> None:
    keyboard = board.page.keyboard
    board.take("2A T1", board.board).focus()
    keyboard.press("ArrowRight")
    expect(board.take("2A T2", board.board)).to_be_focused()
    keyboard.press("3")
    expect(board.take("2A T3", board.board)).to_be_focused()
    keyboard.press("ArrowDown")
    expect(board.take("2B T3", board.board)).to_be_focused()
    keyboard.press("a")
    expect(board.take("2B T3", board.board)).to_contain_text("◯ picked")
    expect(board.take("2B T3", board.board)).to_be_focused()
    keyboard.press("ArrowLeft")
    keyboard.press("r")
    board.page.keyboard.type("arrows and a stay words here")
    board.page.keyboard.press("Enter")
    expect(board.take("2B T2", board.board)).to_contain_text("arrows and a stay words here")
    with two_hundred.studio.services.database.reading() as session:
        row = find_take(session=session, production_id=two_hundred.production(), slate="2B T3")
    assert row is not None
    assert row.picked_at is not None


def test_a_take_is_seen_large_and_larger(board: StudioPage) -> None:
    board.take("1A T1", board.board).focus()
    board.page.keyboard.press("Space")
    light = board.page.locator("#light")
    expect(light).to_contain_text("1A T1: QC says pass")
    assert "size=1024" in str(light.locator("img").get_attribute("src"))
    board.page.keyboard.press("z")
    expect(light).to_have_class("zoomed")
    board.page.keyboard.press("ArrowRight")
    expect(light).to_contain_text("1A T2")
    board.page.keyboard.press("Escape")
    expect(light).to_be_hidden()
    board.page.keyboard.press("?")
    expect(board.page.locator("#help")).to_be_visible()


def test_two_takes_are_compared(board: StudioPage) -> None:
    for slate in ("1A T1", "1A T2"):
        board.take(slate, board.board).get_by_role("button", name="A/B").click()
    compare = board.page.locator("#view-compare")
    expect(compare.locator(".slider img")).to_have_count(2)
    expect(compare).to_contain_text("no readable face in a close-up")
    compare.get_by_label("how much of A is seen").fill("20")
    slider = compare.locator(".slider")
    assert slider.evaluate("element => element.style.getPropertyValue('--at')") == "20%"
    board.reload()
    expect(compare.locator(".slider img")).to_have_count(2)


def test_the_board_fits_a_phone(board: StudioPage) -> None:
    board.page.set_viewport_size({"width": 390, "height": 800})
    expect(board.take("1A T1", board.board)).to_be_visible()
    wide = board.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
