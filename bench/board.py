"""The board of 500 takes in a real Chromium: seconds from the click on its tab until it can be used.

Run as `python -m bench.board`, after `make test-browser` has brought Chromium. Usable means that all
takes are in the page, the pictures in sight are there, and a key moves from take to take.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tests.support.live_page import PRODUCTION, harbour_studio, live_page
from tools.compose import Studio

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHOTS, TAKES = 100, 5
ROUNDS = 3
PICTURE_SIDE = 64
SEEN = """() => {
  const takes = [...document.querySelectorAll('#board figure.take, [data-board] figure.take')];
  const inSight = takes.filter((take) => {
    const box = take.getBoundingClientRect();
    return box.width > 0 && box.top < innerHeight && box.bottom > 0;
  });
  return takes.length >= COUNT && inSight.length > 0
    && inSight.every((take) => take.querySelector('img').complete);
}""".replace("COUNT", str(SHOTS * TAKES))


@dataclass(frozen=True)
class BoardTimes:
    """Seconds, in one run on this machine."""

    usable_s: float
    """Median of a few visits, thumbnails made before."""
    first_s: float
    """The very first visit, which makes the thumbnails in sight."""


def measure() -> BoardTimes:
    """Time visits of a board with 500 takes."""
    with tempfile.TemporaryDirectory() as folder:
        studio = harbour_studio(Path(folder), people=False)
        _fill(studio)
        with live_page(studio) as served:
            seconds = [_visit(served.url) for _ in range(ROUNDS + 1)]
    return BoardTimes(median(seconds[1:]), seconds[0])


def _fill(studio: Studio) -> None:
    for number in range(SHOTS):
        asked = shot(f"{1 + number // 5}{'ABCDE'[number % 5]}")
        plan(studio.services, asked, production=PRODUCTION)
        verdicts = [PASSED, REJECTED, *[PASSED] * (TAKES - 2)]
        takes(studio.services, asked, verdicts, production=PRODUCTION, side=PICTURE_SIDE)


def _visit(url: str) -> float:
    with _chromium() as page:
        page.goto(url)
        tab = page.get_by_role("tab", name="Board")
        tab.wait_for()
        page.wait_for_function("() => !document.querySelector('.generating')")
        begun = time.perf_counter()
        tab.click()
        page.wait_for_function(SEEN)
        page.locator("figure.take").first.focus()
        page.keyboard.press("ArrowRight")
        return time.perf_counter() - begun


@contextmanager
def _chromium() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser.new_page(viewport={"width": 1400, "height": 900})
        browser.close()


if __name__ == "__main__":
    times = measure()
    print(f"board of 500 takes: {times.usable_s:.2f} s, first visit {times.first_s:.2f} s")
