"""Pre-train a small base from a picture folder, and measure one.

Knows which parts train, draw and see faces; the work is in `tools.training.pretrain` and
`measure_base`. Not a job: it runs for hours on its own folder, which it resumes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from pydantic import Field

from tools.backends.bases import BaseCatalog
from tools.backends.shipped import check_same_architecture, shipped_folder
from tools.backends.weights import check_folder
from tools.contracts.bases import GUIDE_FOLDER, BaseRow
from tools.contracts.model import Box, Contract
from tools.contracts.progress import Progress, ProgressSink
from tools.embedders.table import PHOTO
from tools.errors import BadInput, TrainingFailed
from tools.services import Services
from tools.settings import Device
from tools.workflows.bases.base_figures import BaseFigures, comparison_table
from tools.workflows.bases.measure_base import measure_base

STAGE = "pretrain"
SMALL_BASE = "maquette"
"""The table row whose size, steps and guidance a measured folder is drawn with."""


class PretrainRequest(Contract):
    """One call of a pre-training; see `PretrainConfig` for the meanings."""

    pictures: Path
    out: Path
    start: Path | None = None
    """Weights to begin from; None is the maquette that ships."""
    faces: Path | None = None
    unseen: Path | None = None
    seconds: float | None = Field(default=None, gt=0)
    steps: int | None = Field(default=None, ge=1)
    begin: float = Field(default=0.0, ge=0, le=1)
    end: float = Field(default=1.0, ge=0, le=1)
    batch: int = Field(default=24, ge=1, le=8192)
    learning_rate: float = Field(default=4e-4, gt=0, lt=1)
    device: Device = "auto"
    compiled: bool = True
    """Compile the U-Net first: minutes on a CPU, which a short run does not win back."""


class PretrainedBase(Contract):
    """A finished call."""

    pipeline: Path
    """diffusers folder with the averaged weights."""
    pictures_seen: int = Field(ge=0)
    loss: float


def pretrain_base(
    services: Services, request: PretrainRequest, progress: ProgressSink
) -> PretrainedBase:
    """Train until the call's length is reached; interrupted, the same call goes on.

    Raises:
        BadInput: not a picture folder, or weights that are no base.
        TrainingFailed: the loss is not finite.
    """
    from tools.training.pretrain.config import PretrainConfig
    from tools.training.pretrain.loop import pretrain

    if request.begin >= request.end or (request.seconds is None) == (request.steps is None):
        raise BadInput("expected begin before end, and either seconds or steps")
    start = request.start or shipped_folder()
    check_folder(start)
    config = PretrainConfig(
        seconds=request.seconds,
        steps=request.steps,
        begin=request.begin,
        end=request.end,
        batch=request.batch,
        learning_rate=request.learning_rate,
        device=request.device,
        compile=request.compiled,
    )

    def find_faces(pictures: Sequence[Image.Image]) -> list[list[Box]]:
        found = services.load_faces(PHOTO).faces(pictures, thorough=False)
        return [[face.box for face in faces] for faces in found]

    run = pretrain(
        start,
        request.pictures,
        request.out,
        config,
        request.faces,
        find_faces=find_faces,
        held_out=request.unseen,
        progress=progress,
    )
    last = None
    with closing(run):
        for step in run:
            last = step
            note = (
                f"{step.pictures_seen} pictures, loss {step.loss:.4f}, {step.samples_per_s:.1f}/s"
            )
            progress(Progress(stage=STAGE, done=round(step.share * 1000), total=1000, note=note))
    if last is None or last.pipeline is None:
        raise TrainingFailed("pre-training ended without weights; run the same command again")
    return PretrainedBase(pipeline=last.pipeline, pictures_seen=last.pictures_seen, loss=last.loss)


def measure_folder(
    services: Services,
    folder: Path,
    unseen: Path | None,
    progress: ProgressSink,
    *,
    write_card: bool = False,
) -> tuple[BaseFigures, BaseFigures]:
    """Measure a base folder of the maquette's architecture: plain, and with its guide.

    A folder without a guide is measured with the shipped one, which `samecast base maquette` would
    leave beside it.

    Args:
        services: the studio, for its device and its face detectors.
        folder: diffusers folder.
        unseen: people who are in no training picture; None leaves the loss out.
        progress: told after each picture.
        write_card: put the table into the folder's model card.

    Returns:
        The figures of both ways on the same prompts and seeds.

    Raises:
        BadInput: not a base folder, one that the shipped guide does not fit, or one without a card to
            write into.
    """
    from tools.backends.local.draw import LocalBackend
    from tools.training.pretrain.card import write_figures
    from tools.training.pretrain.unseen import measure_unseen

    settings = services.settings
    loss = measure_unseen(folder, unseen, settings.device) if unseen else None
    with TemporaryDirectory() as home:
        ways = _both_ways(folder)
        catalog = BaseCatalog(Path(home), ways)
        for row in ways:
            catalog.add(row.name, str(folder))
        if not (folder / GUIDE_FOLDER).is_dir():
            check_same_architecture(folder, shipped_folder())
        backend = LocalBackend(
            catalog, services.files.path, device=settings.device, threads=settings.threads
        )
        seer = services.load_faces(PHOTO)
        plain, guided = (
            measure_base(row, backend.draw, seer.faces, unseen=loss, progress=progress)
            for row in ways
        )
    if write_card:
        write_figures(folder, comparison_table(plain, guided))
    return plain, guided


def _both_ways(folder: Path) -> list[BaseRow]:
    """The small base's row without and with a guide: the folder's own, else the shipped one."""
    row = BaseCatalog(folder).row(SMALL_BASE)
    places = [root / GUIDE_FOLDER for root in (folder, shipped_folder())]
    place = next(path for path in places if path.is_dir())
    guide = row.guide and row.guide.model_copy(update={"folder": str(place.resolve())})
    guided = row.model_copy(update={"name": "guided", "guide": guide})
    return [row.without_guide().model_copy(update={"name": "plain"}), guided]
