"""The words that the chat model is given, rendered strictly from `prompts/agent/`.

Knows templates and how a studio is said to a model; must not know what a model answers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from langchain_core.messages import SystemMessage

from tools.contracts.digest import StudioDigest

MAX_REPORT = 600
"""Letters of one report that a model is told."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("prompts", "agent"),
        undefined=StrictUndefined,
        # The texts go to a model, not into a page.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["tojson_line"] = _json_line
    return environment


def render(template: str, **values: object) -> str:
    """Render a template of `prompts/agent/`; a name that it uses and is not given is an error."""
    return _environment().get_template(template).render(**values)


def system_message(digest: StudioDigest, reports: Sequence[str] = ()) -> SystemMessage:
    """How the agent works, and the studio as one JSON line at the end.

    Args:
        digest: What there is; JSON escapes line ends, so nothing in it can pass for a line of ours.
        reports: What came of earlier work, oldest first.
    """
    told = [report[:MAX_REPORT] for report in reports]
    text = render("system.md.j2", studio=digest.model_dump_json(), reports=told)
    return SystemMessage(text)


def _json_line(value: Sequence[str]) -> str:
    return json.dumps(list(value), ensure_ascii=False)
