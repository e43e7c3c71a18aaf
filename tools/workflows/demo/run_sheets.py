"""What a person looks at first: the contact sheet of a run, its distances and its training curve.

Knows cells and points; must not judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tools.contracts.shooting import Taken
from tools.imaging.pictures import load_picture, save_picture
from tools.imaging.plots import TakeDistances, distance_plot, training_curve
from tools.imaging.sheets import SheetCell, Tone, contact_sheet
from tools.services import Services
from tools.workflows.demo.finished_run import FinishedRun, judged, reference_files
from tools.workflows.demo.summary import chosen_takes


def write_sheets(services: Services, run: FinishedRun, out: Path) -> None:
    """Write `contact_sheet.png`, `distances.png` and `lora/training.png`.

    Raises:
        StorageFailed: the disk did not take a file.
    """
    threshold = run.gate.threshold
    cells = [
        *_reference_cells(services, run),
        *_take_cells(services, run),
    ]
    title = f"{run.character.name} on {run.lora.base}: references, takes, and the base without the adapter"
    save_picture(contact_sheet(cells, title=title, columns=6, side=256), out / "contact_sheet.png")
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
    """Six of the references: those nearest to the set's centre with a readable face."""
    files = reference_files(services, run)
    read = [(image, path) for image, path in files if image.csfd is not None]
    read.sort(key=lambda pair: pair[0].csfd or 0.0)
    return [
        SheetCell(
            load_picture(path),
            f"reference {image.position}",
            (f"CSFD {image.csfd:.3f}" if image.csfd is not None else "no readable face",),
        )
        for image, path in (read or files)[:6]
    ]


def _take_cells(services: Services, run: FinishedRun) -> list[SheetCell]:
    """Every shot's chosen take, and what the base draws from the same words and first seed."""
    chosen = {(take.slate, take.tries) for take in chosen_takes(judged(run.takes.takes))}
    base: Mapping[str, Taken] = {taken.slate: taken for taken in run.base_takes.takes}
    cells: list[SheetCell] = []
    for taken in run.takes.takes:
        if (taken.slate, taken.tries) in chosen:
            cells.append(_cell(services, taken, Tone(taken.verdict.outcome.value)))
    cells.extend(_cell(services, taken, Tone.NONE) for taken in base.values())
    return cells


def _cell(services: Services, taken: Taken, tone: Tone) -> SheetCell:
    own, other = taken.verdict.csfd_own, taken.verdict.csfd_other
    numbers = (
        "no readable face" if own is None or other is None else f"own {own:.3f}, other {other:.3f}"
    )
    words = taken.prompt.split(", SAME ")[0]
    return SheetCell(
        load_picture(services.files.path(taken.digest)), taken.take, (numbers, words), tone
    )
