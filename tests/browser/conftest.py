"""A real Chromium and the pages that it looks at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.studio_page import StudioPage
from tests.support.live_page import LivePage, harbour_studio, live_page

ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    yield browser
    browser.close()


Opener = Callable[..., StudioPage]
"""Opens a page in a browser context of its own: `open_page(url, name=None)`."""


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Opener]:
    """Pages of separate people; what a page says on its console as an error fails the test."""
    with ExitStack() as stack:
        yield lambda url, name=None: stack.enter_context(_opened(chromium, url, name))


@contextmanager
def _opened(chromium: Browser, url: str, name: str | None) -> Iterator[StudioPage]:
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page: Page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    try:
        opened = StudioPage(page, url)
        opened.open(name)
        yield opened
    finally:
        context.close()
    assert faults == []


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[LivePage]:
    """The production Harbour with Daro, without accounts; tools only write down their calls."""
    with live_page(harbour_studio(tmp_path, people=False)) as page:
        yield page
