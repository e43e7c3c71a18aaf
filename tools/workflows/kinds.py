"""The names of the kinds of jobs that this studio can do; `tools.workflows.job_kinds` says what each is."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Names of job kinds; a kind whose meaning changes gets another name."""

    CAST = "cast"
    CUT_SHEET = "cut-sheet"
    LAYER = "layer"
    LAYERED_SET = "layered-set"
    BUILD_SET = "build-set"
    PHOTOS = "photos"
    GATE = "gate"
    TRAIN = "train"
    ADD_LORA = "add-lora"
    SHOOT = "shoot"
    SKETCH = "sketch"
    COMPARE = "compare"
    DELIVER = "deliver"
    ADD_BASE = "add-base"
