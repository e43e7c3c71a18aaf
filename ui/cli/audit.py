"""`samecast audit`: hold a folder of photos against the paper's guidelines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.output import AsJson, print_json, print_table, progress_bars, say
from ui.cli.studio import Base, open_services, warn_of_others


def audit(
    folder: Annotated[Path, typer.Argument(help="A folder of pictures of one person.")],
    base: Base = None,
    as_json: AsJson = False,
) -> None:
    """Count what a set shows and name what is missing; exit code 3 when there are gaps."""
    from tools.workflows.sets.photos.audit import audit_folder

    services = open_services()
    with progress_bars(paced=True) as watch:
        report = audit_folder(services, folder, base or services.settings.base, watch)
    warn_of_others(folder)
    if as_json:
        print_json(report)
    else:
        print_table(
            f"{report.count} pictures",
            ["guideline", "have", "need", "unknown", "what to shoot"],
            [
                [f.title, str(f.have), str(f.need), str(f.unknown), "" if f.met else f.advice]
                for f in report.findings
            ],
        )
        if report.wardrobe is not None:
            say(report.wardrobe.words)
        for file in report.too_small:
            say(f"{file}: smaller than {report.min_side} pixels")
    if not report.complete:
        raise typer.Exit(3)
