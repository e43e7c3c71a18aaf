"""The chat for a person at a terminal: words as they come, pictures as paths, questions as y or n.

Knows Rich and the events; must not know any tool. Everything that a model or a file said is printed
as plain text: no markup and no control codes of theirs reach the terminal.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console

from agent.answer import AnswerPicture
from agent.approvals import approve, refuse
from agent.conversation.turns import ConversationRunner
from agent.events import Event, Proposal, Token, ToolEnded, ToolStarted, TurnEnded, TurnFailed
from tools.compose import Studio
from tools.errors import SamecastError
from ui.cli.chat_script import finish_jobs, without_waiting
from ui.cli.inline_pictures import Terminal, inline_picture, terminal_of
from ui.cli.output import progress_bars

GREETING = "Talk to the studio; “help” says what it can do, Ctrl-D ends."
YES = frozenset({"y", "yes"})


@dataclass
class Screen:
    """One conversation on one terminal."""

    studio: Studio
    runner: ConversationRunner
    conversation_id: str
    speaker: str
    approve: bool = False
    """Whether proposals are approved without a question."""
    console: Console = field(default_factory=lambda: Console(markup=False, highlight=False))

    def run(self) -> None:
        """Talk until the input ends."""
        self.console.print(GREETING, style="dim")
        self._show(self.runner.resume(self.conversation_id))
        self._ask_about(self.runner.pending(self.conversation_id))
        while (text := self._read("you › ")) is not None:
            if not text.strip():
                continue
            try:
                end = self._show(self.runner.say(self.conversation_id, text, self.speaker))
                self._ask_about(end.proposals if end else ())
                self._finish_jobs()
            except SamecastError as error:
                self.console.print(plain(str(error)), style="red")

    def _show(self, events: Iterator[Event]) -> TurnEnded | None:
        """Print a turn as it happens."""
        end, spoken = None, ""
        for event in events:
            match event:
                case Token(text=text):
                    spoken += text
                    self.console.print(plain(text), end="")
                case ToolStarted(tool=tool):
                    self.console.print(f"· {tool.replace('_', ' ')} …", style="dim")
                case ToolEnded(answer=answer) if answer is not None:
                    self._show_pictures(answer.pictures)
                case TurnEnded():
                    end = event
        if spoken:
            self.console.print()
        if end is not None:
            self._show_rest(end, spoken)
        return end

    def _show_rest(self, end: TurnEnded, spoken: str) -> None:
        """Print what the turn's reply holds beside the words that were streamed."""
        if isinstance(end, TurnFailed):
            self.console.print(plain(end.error), style="red")
        elif not spoken.strip() and (reply := without_waiting(end.reply, end.proposals)):
            self.console.print(plain(reply))

    def _ask_about(self, proposals: tuple[Proposal, ...]) -> None:
        """Ask about each proposal; what the model does after an answer may propose more."""
        while proposals:
            first = proposals[0]
            self.console.print(plain(first.card), style="bold")
            answer = "y" if self.approve else self._read("do it? [y/n] ")
            if answer is None:
                return
            verdict = approve() if answer.strip().lower() in YES else refuse()
            end = self._show(
                self.runner.decide(self.conversation_id, first.interrupt_id, verdict, self.speaker)
            )
            proposals = end.proposals if end else ()

    def _finish_jobs(self) -> None:
        with progress_bars() as watch:
            reports = finish_jobs(self.studio, self.runner, self.conversation_id, watch)
        for report in reports:
            self.console.print(plain(report.answer.text))
            self._show_pictures(report.answer.pictures)

    def _show_pictures(self, pictures: tuple[AnswerPicture, ...]) -> None:
        terminal = terminal_of(os.environ) if self.console.is_terminal else Terminal.NONE
        files = self.studio.services.files
        for picture in pictures:
            number = f"{picture.number}. " if picture.number else ""
            path = files.path(picture.digest)
            self.console.print(f"  {number}{plain(picture.label)}  {path}", soft_wrap=True)
            if terminal is not Terminal.NONE:
                self.console.file.write(inline_picture(files.read(picture.digest), terminal))

    def _read(self, prompt: str) -> str | None:
        try:
            return self.console.input(prompt)
        except EOFError:
            self.console.print()
            return None


def plain(text: str) -> str:
    """Text without control codes, so that what a file or a model says cannot drive the terminal."""
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
