"""Who looks at the page, as every handler gets it.

Knows a name, a role and what may be seen; must not know cookies, passwords or Gradio.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.store.user import Role

LOCAL_DIRECTOR = "director"
"""Name of the one who uses a studio without accounts, on this computer only."""


@dataclass(frozen=True)
class Viewer:
    """A signed-in person, or the one at this computer."""

    user_id: str | None
    """Id of the account; None for the local director."""
    name: str
    role: Role
    productions: frozenset[str] | None
    """Ids of the productions that may be seen; None means all."""

    @property
    def is_director(self) -> bool:
        """Whether this person directs."""
        return self.role is Role.DIRECTOR

    def sees(self, production_id: str) -> bool:
        """Say whether a production may be seen."""
        return self.productions is None or production_id in self.productions


def local_director() -> Viewer:
    """Return the one who sits at this computer while there are no accounts."""
    return Viewer(user_id=None, name=LOCAL_DIRECTOR, role=Role.DIRECTOR, productions=None)
