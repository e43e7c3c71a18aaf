"""What an action gets, and the table row that names one.

Knows nobody's action; `ui.server.actions` has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from agent.conversation.turns import ConversationRunner
from tools.compose import Studio
from tools.store.production import Production
from ui.auth.guard import Action
from ui.server.turns import LiveTurns
from ui.viewer import Viewer

Body = TypeVar("Body", bound=BaseModel)
Reply = Mapping[str, object]


@dataclass(frozen=True)
class Acting:
    """One permitted action of one person."""

    viewer: Viewer
    studio: Studio
    runner: ConversationRunner
    turns: LiveTurns

    def production_name(self, production_id: str) -> str:
        """Return the name of a production that the guard has let pass."""
        with self.studio.services.database.reading() as session:
            return session.get_one(Production, production_id).name


@dataclass(frozen=True)
class Verb(Generic[Body]):
    """One action of the page's buttons."""

    body: type[Body]
    needs: Action
    """What the guard is asked before `act` is called."""
    where: Callable[[Studio, Body], str | None]
    """Returns the id of the production it belongs to, by the rows; raises `UnknownName`."""
    act: Callable[[Acting, Body], Reply | Response]


AnyVerb = Verb[Any]
"""A verb in a table of several; each is typed where it is made."""
