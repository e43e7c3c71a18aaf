"""What has to be asked before, frozen when a turn begins.

A value that a checkpoint keeps; must not know tools nor a chat framework.
"""

from __future__ import annotations

from pydantic import Field

from tools.contracts.briefs import LookName
from tools.contracts.model import Contract, Name

MAX_LETTERS = 20_000
"""Letters of one message."""


class KnownLook(Contract):
    """A look whose anchor may be in prompts already."""

    character: Name
    look: LookName


class ApprovalPolicy(Contract):
    """What has to be asked before, as it was when the turn began.

    A resumed run decides by this value, not by the store, so that it decides the same again.
    """

    ask_before_drawing: bool = False
    """The production wants to be asked before anything is drawn."""
    looks: tuple[KnownLook, ...] = Field(default=(), max_length=2000)
    words: str = Field(default="", max_length=MAX_LETTERS)
    """What the director said: a folder that is not named there, somebody else named."""

    def knows(self, character: str, look: str) -> bool:
        """Say whether a look was there when the turn began; capitals do not count."""
        asked = (character.casefold(), look.casefold())
        return any(asked == (k.character.casefold(), k.look.casefold()) for k in self.looks)
