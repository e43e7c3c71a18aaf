"""`samecast doctor`: what works here, and how to get the rest."""

from __future__ import annotations

import typer

from ui.cli.output import AsJson, print_json, print_table
from ui.cli.studio import open_services


def doctor(as_json: AsJson = False) -> None:
    """Look at packages, device and its memory, disk, face embedders and bases."""
    from tools.workflows.bases.doctor import diagnose

    diagnosis = diagnose(open_services())
    if as_json:
        print_json(diagnosis)
    else:
        tables = (
            ("studio", diagnosis.required),
            ("bases", diagnosis.bases),
            ("what they could do here", diagnosis.abilities),
            ("embedders", diagnosis.embedders),
        )
        for title, findings in tables:
            print_table(
                title,
                ["", "what", "detail", "how to mend"],
                [["ok" if f.ok else "--", f.what, f.detail, f.how_to] for f in findings],
            )
    if not diagnosis.healthy:
        raise typer.Exit(1)
