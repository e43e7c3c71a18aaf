"""Write a finished run where a person can look at it: pictures, JSON, contact sheet, report.

Knows files and their names; every file is written atomically and derived from the store, so that
writing again after a crash gives the same folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.contracts.bundle import BundleCharacter, BundleLook, BundleLora, BundleTake
from tools.contracts.learning import LoraMade
from tools.contracts.references import ReferenceImage as SetImage
from tools.contracts.report import (
    LoraLine,
    ReferenceLine,
    ReferenceSummary,
    Report,
    StageTime,
    TakeLine,
)
from tools.contracts.shooting import ShootRequest, ShootResult, Taken
from tools.contracts.verdicts import GateReport
from tools.imaging.pictures import load_picture, write_atomically, write_json
from tools.imaging.plots import TakeDistances, distance_plot, training_curve
from tools.imaging.sheets import SheetCell, Tone, contact_sheet
from tools.references.folder import write_folder
from tools.services import Services
from tools.store.lora_version import LoraVersion
from tools.store.reference_set import ReferenceImage, list_images
from tools.workflows.calibrations import find_calibration
from tools.workflows.characters import LoadedCharacter, person_in_frame, vocabulary_of
from tools.workflows.summary import JudgedTake, chosen_takes, summarise

FOLDERS = ("references", "lora", "takes", "base")


@dataclass(frozen=True)
class FinishedRun:
    """The results of all stages."""

    character: LoadedCharacter
    way: Literal["layers", "photos"]
    reference_set_id: str
    gate: GateReport
    lora: LoraMade
    shoot: ShootRequest
    takes: ShootResult
    base_takes: ShootResult
    stages: tuple[StageTime, ...]


def take_file(taken: Taken) -> str:
    """Return a take's file name inside `takes/`: `12A_T1.png`."""
    return f"{taken.take.replace(' ', '_')}.png"


def write_run(services: Services, run: FinishedRun, out: Path) -> Report:
    """Write everything but the bundle into `out` and return the report.

    Raises:
        StorageFailed: the disk did not take a file.
    """
    _clear(out)
    images = _reference_files(services, run)
    write_folder(images, out / "references")
    lora_path = _write_lora(services, run, out)
    for taken in (*run.takes.takes, *run.base_takes.takes):
        folder = "takes" if taken in run.takes.takes else "base"
        _write_take(services, run, taken, out, folder)
    report = _report(services, run, images, lora_path.relative_to(out))
    write_json(out / "character.json", _character(services, run, out).model_dump(mode="json"))
    write_json(out / "report.json", report.model_dump(mode="json"))
    _write_sheets(services, run, out)
    return report


def _clear(out: Path) -> None:
    """Remove what an earlier or killed run left, so that nothing stale is packed."""
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
    for partial in out.glob(".*.part"):
        partial.unlink(missing_ok=True)


def judged(takes: Sequence[Taken]) -> list[JudgedTake]:
    """Return takes as the summary needs them."""
    return [JudgedTake(t.slate, t.tries, t.verdict, t.embedding) for t in takes]


def _reference_files(services: Services, run: FinishedRun) -> list[tuple[SetImage, Path]]:
    with services.database.reading() as session:
        rows = list_images(session=session, set_id=run.reference_set_id)
    return [(_set_image(row), services.files.path(row.digest)) for row in rows]


def _set_image(row: ReferenceImage) -> SetImage:
    return SetImage(
        file=f"{row.position:02d}.png",
        digest=row.digest,
        layer=row.layer,
        caption=row.caption,
        position=row.position,
        framing=row.framing,
        view=row.view,
        expression=row.expression,
        light=row.light,
        place=row.place,
        parent=row.parent_digest,
        strength=row.strength,
        seed=row.seed,
        csfd=row.csfd,
    )


def _write_lora(services: Services, run: FinishedRun, out: Path) -> Path:
    name = f"{run.character.name.replace(' ', '_').lower()}_v{run.lora.version}"
    path = out / "lora" / f"{name}.safetensors"
    write_atomically(path, services.files.read(run.lora.digest))
    if run.lora.kohya_digest is not None:
        kohya = path.with_name(f"{name}_kohya.safetensors")
        write_atomically(kohya, services.files.read(run.lora.kohya_digest))
    return path


def _write_take(services: Services, run: FinishedRun, taken: Taken, out: Path, folder: str) -> None:
    path = out / folder / take_file(taken)
    write_atomically(path, services.files.read(taken.digest))
    shot = next(shot for shot in run.shoot.shots if shot.slate == taken.slate)
    line = BundleTake(shot=shot, taken=taken, file=f"{folder}/{path.name}")
    write_json(path.with_suffix(".json"), line.model_dump(mode="json"))


def _character(services: Services, run: FinishedRun, out: Path) -> BundleCharacter:
    with services.database.reading() as session:
        version = session.get_one(LoraVersion, run.lora.lora_version_id)
    kohya = sorted((out / "lora").glob("*_kohya.safetensors"))
    plain = sorted(set((out / "lora").glob("*.safetensors")) - set(kohya))
    return BundleCharacter(
        brief=run.character.brief,
        style=run.character.style,
        looks=_looks(services, run),
        way=run.way,
        gate=run.gate,
        lora=BundleLora(
            file=str(plain[-1].relative_to(out)),
            kohya=str(kohya[-1].relative_to(out)) if kohya else None,
            base=run.lora.base,
            config=json.loads(version.config),
            seed=version.seed,
            steps=version.steps,
            seconds=version.seconds,
            delta_rms=version.delta_rms,
            score=version.score,
        ),
    )


def _looks(services: Services, run: FinishedRun) -> tuple[BundleLook, ...]:
    vocabulary = vocabulary_of(services, run.lora.base)
    used = {each.look for shot in run.shoot.shots for each in shot.cast} | {"default"}
    return tuple(
        BundleLook(
            name=look,
            vocabulary=vocabulary.name,
            identity_block=person_in_frame(services, run.character, vocabulary, look).block.text,
        )
        for look in sorted(used)
    )


def _report(
    services: Services, run: FinishedRun, images: Sequence[tuple[SetImage, Path]], lora_path: Path
) -> Report:
    return Report(
        character=run.character.name,
        base=run.lora.base,
        calibration=find_calibration(services, run.shoot.calibration),
        stages=run.stages,
        references=ReferenceSummary(
            way=run.way,
            count=len(images),
            csfd_mean=run.gate.csfd_mean,
            csfd_worst=run.gate.csfd_worst,
            images=tuple(
                ReferenceLine(
                    file=f"references/{image.file}",
                    caption=image.caption or "",
                    layer=str(image.layer),
                    csfd=line.csfd,
                    verdict=line.verdict,
                )
                for (image, _), line in zip(images, run.gate.images, strict=True)
            ),
        ),
        lora=LoraLine(
            path=str(lora_path),
            sha256=run.lora.digest,
            base=run.lora.base,
            steps=run.lora.steps,
            seconds=run.lora.seconds,
            delta_rms=run.lora.delta_rms,
            weak=run.lora.weak,
            identity_score=run.lora.identity_score,
        ),
        takes=tuple(_take_line(taken) for taken in run.takes.takes),
        summary=summarise(judged(run.takes.takes), judged(run.base_takes.takes)),
    )


def _take_line(taken: Taken) -> TakeLine:
    return TakeLine(
        slate=taken.take,
        prompt=taken.prompt,
        seed=taken.seed,
        csfd_own=taken.verdict.csfd_own,
        csfd_other=taken.verdict.csfd_other,
        nearest=taken.verdict.nearest,
        verdict=taken.verdict.outcome,
        reasons=taken.verdict.reasons,
        tries=taken.tries,
        file=f"takes/{take_file(taken)}",
    )


def _write_sheets(services: Services, run: FinishedRun, out: Path) -> None:
    from tools.imaging.pictures import save_picture

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
    files = _reference_files(services, run)
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
