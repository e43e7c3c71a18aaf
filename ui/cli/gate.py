"""`samecast gate`: may a reference set be trained on?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import AsJson, number, print_json, print_table, progress_bars, say
from ui.cli.studio import CalibrationName, Production, open_services, warn_of_others

if TYPE_CHECKING:
    from tools.contracts.verdicts import GateReport


def gate(
    target: Annotated[str, typer.Argument(help="A folder of pictures, or a character's name.")],
    production: Production = "studio",
    calibration: CalibrationName = None,
    as_json: AsJson = False,
) -> None:
    """Judge a folder or a character's newest reference set; exit code 3 when it is refused."""
    from tools.contracts.sets import GateRequest
    from tools.contracts.verdicts import Outcome
    from tools.workflows.bases.calibrations import calibration_name, calibration_of
    from tools.workflows.people.characters import newest_reference_set
    from tools.workflows.sets.gate import gate_folder, gate_set

    services = open_services()
    base = services.settings.base
    with progress_bars(paced=True) as watch:
        if Path(target).is_dir() or "/" in target:
            name = calibration or calibration_name(services, base)
            report = gate_folder(services, Path(target), name, watch)
            warn_of_others(Path(target))
        else:
            found = newest_reference_set(services, production, target)
            name = calibration or calibration_of(services, production, target, base)
            report = gate_set(
                services, GateRequest(reference_set_id=found.id, calibration=name), watch
            )
    if as_json:
        print_json(report)
    else:
        show_gate(report)
    if report.verdict is not Outcome.PASS:
        raise typer.Exit(3)


def show_gate(report: GateReport) -> None:
    """Print a gate report as a table, the worst image first, then why it refuses."""
    from tools.qc.gate import refusal_reasons

    ranked = sorted(report.images, key=lambda image: -(image.csfd or 0.0))
    print_table(
        f"gate: {report.verdict} (mean {number(report.csfd_mean)}, "
        f"worst {number(report.csfd_worst)}, threshold {report.threshold:.3f}, embedder {report.embedder})",
        ["image", "CSFD", "verdict", "reason"],
        [[i.file, number(i.csfd), i.verdict, i.reason] for i in ranked],
    )
    for reason in refusal_reasons(report):
        say(f"refused: {reason}")
