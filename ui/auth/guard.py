"""What each role may do, and the check that every handler makes before it does anything.

Knows roles, actions and productions; must not know HTTP or how an action is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tools.errors import Refused, UnknownName
from tools.store.database import Database
from tools.store.user import Role
from ui.auth.logins import Logins
from ui.viewer import Viewer


class Action(StrEnum):
    """Everything that can be done on the page."""

    SEE = "see"
    """Look at one production: its scenes, takes and their pictures."""
    VOTE = "vote"
    COMMENT = "comment"
    TALK = "talk"
    """Say something to the agent, read its conversations, start one."""
    PICK = "pick"
    REJECT = "reject"
    DECIDE = "decide"
    """Answer a proposal: training, paid work, installing."""
    CANCEL = "cancel"
    UPLOAD = "upload"
    DOWNLOAD = "download"
    """Take a delivery home."""
    SEE_SETTINGS = "see settings"
    """Bases, costs, jobs, accounts."""
    NEW_PRODUCTION = "new production"


ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.DIRECTOR: frozenset(Action),
    Role.REVIEWER: frozenset({Action.SEE, Action.VOTE, Action.COMMENT}),
}


class Guard:
    """Asks the database every time: what a browser or a session says is never believed."""

    def __init__(self, database: Database, logins: Logins) -> None:
        """Use a studio's productions and accounts."""
        self._database = database
        self._logins = logins

    def require(self, viewer: Viewer, action: Action, production_id: str | None = None) -> Viewer:
        """Let an action pass, or raise.

        Args:
            viewer: who wants to act; only the name is believed.
            action: what is to be done.
            production_id: where; None for what belongs to no production.

        Returns:
            The viewer as the database knows him now.

        Raises:
            Refused: the account is gone, or its role does not do this.
            UnknownName: there is no such production, or none that this viewer may see.
        """
        current = self._logins.named(viewer.name)
        if current is None or current.user_id != viewer.user_id:
            raise Refused("this account is closed; sign in again")
        if action not in ALLOWED[current.role]:
            raise Refused(f"a {current.role} may not {action}; ask a director")
        if production_id is None:
            _require_no_bounds(current, action)
        elif not (current.sees(production_id) and self._exists(production_id)):
            raise UnknownName("no such production here; choose one of the list")
        return current

    def may(self, viewer: Viewer, action: Action, production_id: str | None = None) -> bool:
        """Say whether `require` would let it pass; for what the page shows."""
        try:
            self.require(viewer, action, production_id)
        except (Refused, UnknownName):
            return False
        return True

    def _exists(self, production_id: str) -> bool:
        from tools.store.production import Production

        with self._database.reading() as session:
            return session.get(Production, production_id) is not None


def _require_no_bounds(viewer: Viewer, action: Action) -> None:
    """Who sees one production only may do nothing that belongs to none."""
    if viewer.productions is not None:
        raise Refused(f"{action} reaches beyond your production; ask a director")
