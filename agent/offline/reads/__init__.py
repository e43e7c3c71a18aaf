"""One reader a tool: what a clause must say so that the tool is meant, and with which arguments.

`READERS` is the order in which they are asked; the first that understands a clause has it. Where a
tool is understood: its own name here, its word patterns in `prompts/agent/offline/intents.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from agent.offline.calls import Reading
from agent.offline.clause import Clause
from agent.offline.reads.change import read_change
from agent.offline.reads.faces import read_add_photos, read_cast, read_choose_face
from agent.offline.reads.people import (
    read_choose_version,
    read_gate,
    read_list_versions,
    read_status,
    read_train,
)
from agent.offline.reads.picks import read_pick, read_reject
from agent.offline.reads.redo import read_redo
from agent.offline.reads.references import read_build_references, read_review_references
from agent.offline.reads.shoot import read_more_takes, read_shoot
from agent.offline.reads.studio import (
    read_add_base,
    read_cancel,
    read_cost,
    read_deliver,
    read_set_style,
)
from agent.offline.reads.takes import read_explain_verdict, read_show_takes
from agent.offline.room import Room

Reader = Callable[[Clause, Room], Reading | None]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "explain_verdict": read_explain_verdict,
        "cost": read_cost,
        "gate": read_gate,
        "choose_version": read_choose_version,
        "list_versions": read_list_versions,
        "status": read_status,
        "cancel": read_cancel,
        "deliver": read_deliver,
        "add_base": read_add_base,
        "train": read_train,
        "add_photos": read_add_photos,
        "build_references": read_build_references,
        "review_references": read_review_references,
        "choose_face": read_choose_face,
        "cast": read_cast,
        "set_style": read_set_style,
        "redo": read_redo,
        "shoot takes": read_more_takes,
        "reject": read_reject,
        "pick": read_pick,
        "change_character": read_change,
        "show_takes": read_show_takes,
        "shoot": read_shoot,
    }
)
"""`create_character` (reads/create.py) and `plan_shots` (reads/scenes.py) are asked before these,
because their text goes on over sentences."""
