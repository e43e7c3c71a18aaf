"""Write a finished run where a person can look at it: pictures, JSON, contact sheet, report.

Knows files and their names; every file is written atomically and derived from the store, so that
writing again after a crash gives the same folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.contracts.bundle import BundleCharacter, BundleLook, BundleLora, BundleTake
from tools.contracts.references import SetImage
from tools.contracts.report import (
    LoraLine,
    ReferenceLine,
    ReferenceSummary,
    Report,
    TakeLine,
)
from tools.contracts.shooting import Taken
from tools.contracts.training import LoraConfig
from tools.errors import BadInput
from tools.imaging.pictures import write_atomically, write_json
from tools.references.folder import write_folder
from tools.services import Services
from tools.store.lora_version import LoraVersion
from tools.workflows.bases.calibrations import find_calibration
from tools.workflows.demo.finished_run import (
    FinishedRun,
    file_stem,
    judged,
    reference_files,
    take_file,
)
from tools.workflows.demo.run_sheets import write_sheets
from tools.workflows.demo.summary import summarise
from tools.workflows.people.characters import person_in_frame, vocabulary_of

FOLDERS = ("references", "lora", "takes", "base")


def require_own(out: Path, studio: Path) -> None:
    """Refuse a folder in which a run would overwrite what is not a run's.

    Raises:
        BadInput: it has a folder of a run's names, but no run was begun in it.
    """
    taken = [name for name in FOLDERS if (out / name).exists()]
    if taken and not studio.exists():
        raise BadInput(
            f"{out / taken[0]} is not of a demo and would be overwritten; give another --out"
        )


def write_run(services: Services, run: FinishedRun, out: Path) -> Report:
    """Write everything but the bundle into `out` and return the report.

    Raises:
        StorageFailed: the disk did not take a file.
    """
    _clear(out)
    images = reference_files(services, run)
    write_folder(images, out / "references")
    lora_path = _write_lora(services, run, out)
    for taken in (*run.takes.takes, *run.base_takes.takes):
        folder = "takes" if taken in run.takes.takes else "base"
        _write_take(services, run, taken, out, folder)
    report = _report(services, run, images, lora_path.relative_to(out))
    write_json(out / "character.json", _character(services, run, out).model_dump(mode="json"))
    write_json(out / "report.json", report.model_dump(mode="json"))
    write_sheets(services, run, out)
    return report


def _clear(out: Path) -> None:
    """Remove what an earlier or killed run left, so that nothing stale is packed."""
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
    for partial in out.glob(".*.part"):
        partial.unlink(missing_ok=True)


def _write_lora(services: Services, run: FinishedRun, out: Path) -> Path:
    name = f"{file_stem(run.character.name)}_v{run.lora.version}"
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
            architecture=version.architecture,
            config=LoraConfig.model_validate_json(str(version.config)),
            seed=version.seed or 0,
            steps=run.lora.steps,
            seconds=version.seconds or 0.0,
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
