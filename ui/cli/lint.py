"""`samecast lint`: strip the words that have no place in a photography prompt."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.output import AsJson, print_json, say


def lint(
    text: Annotated[str, typer.Argument(help="The prompt, brief or caption to clean.")],
    as_json: AsJson = False,
) -> None:
    """Strip CGI, production and quality-booster words, each with the reason."""
    from tools.language.prompt.lint import lint as run

    result = run(text)
    if as_json:
        print_json(result)
        return
    say(result.text)
    for removal in result.removed:
        say(f"  - {removal.term}: {removal.reason}")
