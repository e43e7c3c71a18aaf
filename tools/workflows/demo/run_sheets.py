"""What a person looks at first: the contact sheet of a run, its distances and its training curve.

Knows cells and points; must not judge.
"""

from __future__ import annotations

import re
from pathlib import Path

from tools.contracts.shooting import Taken
from tools.contracts.verdicts import Outcome
from tools.imaging.pictures import load_picture, save_picture
from tools.imaging.plots import TakeDistances, distance_plot, training_curve
from tools.imaging.sheets import SheetCell, Tone, contact_sheet
from tools.services import Services
from tools.workflows.demo.finished_run import FinishedRun, judged, reference_files
from tools.workflows.demo.summary import chosen_takes

COLUMNS, SIDE = 4, 320
"""So wide that a reason has room in one line."""
ORDER = (Outcome.PASS, Outcome.REVIEW, Outcome.REJECT)


def write_sheets(services: Services, run: FinishedRun, out: Path) -> None:
    """Write `contact_sheet.png`, `distances.png` and `lora/training.png`.

    Raises:
        StorageFailed: the disk did not take a file.
    """
    threshold = run.gate.threshold
    cells = [
        *_reference_cells(services, run),
        *take_cells(services, run),
    ]
    title = f"{run.character.name} on {run.lora.base}: references, then the best take of every shot"
    sheet = contact_sheet(cells, title=title, columns=COLUMNS, side=SIDE)
    save_picture(sheet, out / "contact_sheet.png")
    points = [
        TakeDistances(t.take, t.verdict.csfd_own, t.verdict.csfd_other) for t in run.takes.takes
    ]
    save_picture(distance_plot(points, threshold, "Distance of every take"), out / "distances.png")
    marks = [
        round((at + 0.5) * run.lora.steps / len(run.lora.losses))
        for at in range(len(run.lora.losses))
    ]
    save_picture(
        training_curve(marks, run.lora.losses, "Training loss"), out / "lora" / "training.png"
    )


def _reference_cells(services: Services, run: FinishedRun) -> list[SheetCell]:
    """A row of the references: those nearest to the set's centre with a readable face."""
    files = reference_files(services, run)
    read = [(image, path) for image, path in files if image.csfd is not None]
    read.sort(key=lambda pair: pair[0].csfd or 0.0)
    return [
        SheetCell(
            load_picture(path),
            f"reference {image.position}",
            (f"CSFD {image.csfd:.3f}" if image.csfd is not None else "no readable face",),
        )
        for image, path in (read or files)[:COLUMNS]
    ]


def take_cells(services: Services, run: FinishedRun) -> list[SheetCell]:
    """Every shot's chosen take: those that passed first, then those to look at, then the rejected."""
    chosen = {(take.slate, take.tries) for take in chosen_takes(judged(run.takes.takes))}
    shown = [taken for taken in run.takes.takes if (taken.slate, taken.tries) in chosen]
    shown.sort(key=lambda taken: ORDER.index(taken.verdict.outcome))
    return [_cell(services, taken) for taken in shown]


def _cell(services: Services, taken: Taken) -> SheetCell:
    """A take with the first reason of its verdict, without what is explained in it: one line."""
    reason = re.split(r"; | \(", taken.verdict.reasons[0])[0]
    return SheetCell(
        load_picture(services.files.path(taken.digest)),
        f"{taken.take}, {taken.framing}",
        (reason,),
        Tone(taken.verdict.outcome.value),
    )
