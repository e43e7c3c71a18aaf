"""What the door writes into a request's scope for the handlers behind it.

Knows one key; must not know how a viewer is found.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from tools.errors import Refused
from ui.viewer import Viewer

_VIEWER = "samecast.viewer"


def set_viewer(scope: MutableMapping[str, Any], viewer: Viewer) -> None:
    """Note who asks."""
    scope[_VIEWER] = viewer


def viewer_in(scope: MutableMapping[str, Any]) -> Viewer:
    """Return who asks.

    Raises:
        Refused: nobody is signed in.
    """
    viewer = scope.get(_VIEWER)
    if not isinstance(viewer, Viewer):
        raise Refused("sign in first")
    return viewer
