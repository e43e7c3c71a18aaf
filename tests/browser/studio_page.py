"""What a person does on the page, in a browser. Waits for what is seen, never for a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.served_page import PASSWORD

LONG_MS = 180_000
"""For what draws or trains."""


class StudioPage:
    """One tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.chat = page.locator("#chat")
        self.desk = page.locator("#desk")
        self.board = page.locator("#view-board")
        self.toasts = page.locator("#toasts")

    def open(self, name: str | None = None) -> None:
        """Go there; sign in where a name is given."""
        self.page.goto(self.url)
        if name is not None:
            self.sign_in(name)
        expect(self.page.locator("#header .brand")).to_be_visible(timeout=30_000)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Fill in the login page."""
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()
        expect(self.page.locator("#header .brand")).to_be_visible(timeout=30_000)

    def say(self, words: str, answer: str | None = None, wait_ms: float = 30_000) -> None:
        """Send a message and wait for words of the answer to it."""
        told = self.told(answer) if answer else None
        before = told.count() if told else 0
        box = self.page.locator("#box textarea")
        box.fill(words)
        box.press("Enter")
        if told:
            expect(told.nth(before)).to_be_visible(timeout=wait_ms)

    def told(self, words: str) -> Locator:
        """Messages of the studio that hold these words."""
        return self.chat.locator("[data-testid=bot]", has_text=words)

    def tab(self, name: str) -> Locator:
        """Open a tab; return what is in it."""
        self.page.get_by_role("tab", name=name, exact=True).click()
        inside = self.page.locator(f"#view-{name.lower()}")
        expect(inside.locator("section").first).to_be_visible()
        return inside

    def tabs(self) -> list[str]:
        """Names of the tabs that can be seen."""
        return self.page.get_by_role("tab").all_inner_texts()

    def attach(self, files: Sequence[Path]) -> None:
        """Choose files in the page's file input."""
        self.page.locator("#attach").set_input_files(files)

    def take(self, slate: str, within: Locator | None = None) -> Locator:
        """The newest card of a take."""
        return (within or self.chat).locator(f'figure.take[data-take="{slate}"]').last

    def answer_dialog(self, words: str) -> None:
        """Write into the dialog and send it."""
        dialog = self.page.locator("#ask")
        dialog.locator("textarea").fill(words)
        dialog.get_by_role("button", name="Send").click()

    def act(self, verb: str, body: dict[str, Any]) -> int:
        """Send what a button would, past the page; return the status."""
        return int(
            self.page.evaluate(
                """async ([verb, body]) => (await fetch(`/act/${verb}`, {method: "POST",
                headers: {"X-Samecast": "1", "Content-Type": "application/json"},
                body: JSON.stringify(body)})).status""",
                [verb, body],
            )
        )
