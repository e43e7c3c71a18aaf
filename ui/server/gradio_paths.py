"""Which of Gradio's routes may be reached; all others are closed, also those of later versions.

Knows paths under the page's own; must not know who asks. Closed with it: reading files
(`file=`, also the open proxy `file=http...`), `proxy=`, uploads, run history, monitoring, the
code editor, streams, and every way to call a handler by its name.
"""

from __future__ import annotations

import re

MOUNT = "/studio"

_OPEN = {
    "GET": re.compile(
        r"/"
        r"|/config/?"
        r"|/theme\.css|/gradio_api/theme\.css|/favicon\.ico|/manifest\.json"
        r"|/(?:assets|static|svelte)/[A-Za-z0-9_./@+-]+"
        r"|/gradio_api/(?:info/?|startup-events|queue/data)"
        r"|/gradio_api/heartbeat/[A-Za-z0-9_-]{1,64}"
    ),
    "POST": re.compile(r"/gradio_api/(?:queue/join|run/[A-Za-z0-9_]{1,80}|cancel|reset)/?"),
}
SESSION_BODIES = re.compile(r"/gradio_api/(?:queue/join|run/[^/]+|cancel|reset)/?")
"""Routes whose JSON body names a session."""


def is_open(method: str, path: str) -> bool:
    """Say whether a path under the mount, which starts with a slash, may be reached."""
    pattern = _OPEN.get("GET" if method == "HEAD" else method)
    return pattern is not None and pattern.fullmatch(path) is not None
