"""A process that dies in the middle of a turn of two tools; run as a script by a test.

Arguments: the studio's folder. It says one message; the first tool writes a line to `made.txt`, the
second one writes a line and kills its process.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage

from agent.answer import Answer
from agent.tools import ToolFunction
from tests.support.chat import open_chat, scripted
from tests.support.scripted_model import calls

MESSAGE = "Keep 1, and how do we stand?"
SCRIPT = (calls(("pick", {"takes": ["1"]}), ("status", {})), AIMessage("Both are done."))


def noting(home: Path, name: str, *, deadly: bool = False) -> ToolFunction:
    """A tool that notes that it ran, and takes the process with it if deadly."""

    def run(*_: Any) -> Answer:
        with (home / "made.txt").open("a") as file:
            file.write(f"{name}\n")
        if deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return Answer(text=f"{name} is done.")

    return run


def main() -> None:
    """Say the message and die."""
    home = Path(sys.argv[1])
    talk = open_chat(
        home,
        scripted(*SCRIPT),
        pick=noting(home, "pick"),
        status=noting(home, "status", deadly=True),
    )
    talk.say(MESSAGE)


if __name__ == "__main__":
    main()
