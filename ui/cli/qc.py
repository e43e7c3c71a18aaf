"""`samecast qc`: hold pictures made anywhere against a character."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars
from ui.cli.studio import CalibrationName, Production, open_services, warn_of_others


def qc(
    folder: Annotated[Path, typer.Argument(help="A folder of pictures.")],
    against: Annotated[str, typer.Option(help="The character that they should show.")],
    production: Production = "studio",
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Judge a folder against a character's newest set; exit code 3 when a picture is rejected."""
    from tools.workflows.bases.calibrations import calibration_of
    from tools.workflows.people.characters import newest_reference_set
    from tools.workflows.shots.judge.qc import check_folder

    services = open_services()
    found = newest_reference_set(services, production, against)
    name = calibration or calibration_of(services, production, against, services.settings.base)
    with progress_bars(paced=True) as watch:
        checked = check_folder(services, folder, found.id, name, watch)
    warn_of_others(folder)
    if as_json:
        print_json(checked)
    else:
        print_table(
            f"{len(checked.pictures)} pictures, {checked.rejected} rejected",
            ["picture", "own", "other", "nearest", "verdict", "reasons"],
            [
                [
                    each.file,
                    number(each.verdict.csfd_own),
                    number(each.verdict.csfd_other),
                    each.verdict.nearest or "–",
                    each.verdict.outcome,
                    "; ".join(each.verdict.reasons),
                ]
                for each in checked.pictures
            ],
        )
    if checked.rejected:
        raise typer.Exit(3)
