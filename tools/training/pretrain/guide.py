"""The early average that a training keeps as the guide of its finished weights (autoguidance).

Knows when it is kept, and where; how a guide is drawn with is the architectures'.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

from diffusers import UNet2DConditionModel

from tools.compute import FILE_NUMBERS
from tools.contracts.bases import GUIDE_FOLDER
from tools.errors import StorageFailed
from tools.training.pretrain.config import PretrainConfig
from tools.training.pretrain.state import Counters

KEPT_AT = 2 / 3
"""Share of all pictures that the finished weights will have seen. On the maquette the average at 0.68
raised dlib's mean HOG score from 0.75 to 1.45 and the one at 0.78 to 1.21: nearer weights steer less
(its model card; arXiv:2406.02507 found the best guides far earlier still)."""


def guide_is_due(counters: Counters, config: PretrainConfig, seen_before: int) -> bool:
    """Return whether the average of this step is the one to keep.

    Weights that had seen more before this training than two thirds of the whole give none: they are
    too near to what comes of them, and their own guide is carried on instead.

    Args:
        counters: after the step.
        config: of the call.
        seen_before: pictures that the weights had seen before this training.
    """
    done = (counters.schedule_done(config) - counters.begin) / (1 - counters.begin)
    if counters.guide_pictures or done <= 0:
        return False
    wanted = KEPT_AT * (seen_before + counters.pictures / done)
    return seen_before < wanted <= seen_before + counters.pictures


def keep_guide(average: UNet2DConditionModel, out: Path) -> Path:
    """Write the averaged U-Net as `guide/` of the run's folder (fp16), whole or not at all.

    Raises:
        StorageFailed: the disk did not take it.
    """
    folder, partial = out / GUIDE_FOLDER, out / f".{GUIDE_FOLDER}.part"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        copy.deepcopy(average).to(FILE_NUMBERS).save_pretrained(partial)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    except OSError as error:
        raise StorageFailed(f"cannot write {folder}: {error.strerror or error}") from error
    return folder


def carry_guide(source: Path, out: Path, folder: Path, counters: Counters) -> None:
    """Put the guide beside finished weights: the run's own, else that of the weights it began from.

    Args:
        source: base that training began from.
        out: run folder.
        folder: finished weights.
        counters: of the run, which say whether it kept one.
    """
    place = (out if counters.guide_pictures else source) / GUIDE_FOLDER
    if place.is_dir():
        shutil.copytree(place, folder / GUIDE_FOLDER)
