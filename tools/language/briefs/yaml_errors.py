"""One clear line out of a pydantic error.

Knows pydantic's error list; must not know which contract failed.
"""

from __future__ import annotations

from pydantic import ValidationError


def one_line(error: ValidationError) -> str:
    """Say where the first problem stands and what was expected, and how many more there are."""
    problems = error.errors(include_url=False)
    first = problems[0]
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    message = first["msg"].replace("\n", " ")
    return f"{where}: {message}{more}" if where else f"{message}{more}"
