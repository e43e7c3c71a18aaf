"""Every way to ask for a tool, in the order in which they are asked: the first that understands has it.

A new tool's sentences are one file here with its word patterns beside it in
`prompts/agent/offline/commands/`, and its line in this list.
"""

from __future__ import annotations

from agent.offline.commands.base import Command
from agent.offline.commands.change import CHANGE_CHARACTER
from agent.offline.commands.faces import ADD_PHOTOS, CAST, CHOOSE_FACE
from agent.offline.commands.omit import OMIT
from agent.offline.commands.people import CREATE_CHARACTER
from agent.offline.commands.picks import PICK
from agent.offline.commands.redo import REDO, REJECT
from agent.offline.commands.scenes import PLAN_SHOTS
from agent.offline.commands.sets import (
    BUILD_REFERENCES,
    CHOOSE_VERSION,
    GATE,
    LIST_VERSIONS,
    REVIEW_REFERENCES,
    TRAIN,
)
from agent.offline.commands.shots import COUNTED, SHOOT
from agent.offline.commands.sketches import REAL, SKETCH
from agent.offline.commands.studio import ADD_BASE, CANCEL, COST, DELIVER, SET_STYLE, STATUS
from agent.offline.commands.takes import EXPLAIN_VERDICT, SHOW_TAKES

OF_THE_REST: tuple[Command, ...] = (PLAN_SHOTS, CREATE_CHARACTER)
"""Asked first, of all that is left of a message: their text goes on over sentences."""

OF_A_PART: tuple[Command, ...] = (
    REAL,
    SKETCH,
    EXPLAIN_VERDICT,
    COST,
    GATE,
    CHOOSE_VERSION,
    LIST_VERSIONS,
    STATUS,
    CANCEL,
    DELIVER,
    ADD_BASE,
    TRAIN,
    ADD_PHOTOS,
    BUILD_REFERENCES,
    REVIEW_REFERENCES,
    CHOOSE_FACE,
    CAST,
    SET_STYLE,
    OMIT,
    REDO,
    COUNTED,
    REJECT,
    PICK,
    CHANGE_CHARACTER,
    SHOW_TAKES,
    SHOOT,
)
"""Asked of one part of a sentence."""


def command_of(tool: str) -> Command | None:
    """Return the last command of a tool in the order: the one that understands it most widely."""
    commands = (each for each in reversed((*OF_THE_REST, *OF_A_PART)) if each.tool == tool)
    return next(commands, None)
