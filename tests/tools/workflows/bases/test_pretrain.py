from __future__ import annotations

from pathlib import Path

import pytest

from tools.contracts.progress import ignore_progress
from tools.errors import BadInput
from tools.services import Services
from tools.workflows.bases.pretrain import PretrainRequest, measure_folder, pretrain_base


@pytest.mark.parametrize(
    "length",
    [
        {},
        {"seconds": 1.0, "steps": 1},
        {"steps": 1, "begin": 0.5, "end": 0.5},
        {"steps": 1, "begin": 0.6, "end": 0.2},
    ],
)
def test_a_call_has_one_length_and_goes_forward(
    services: Services, tmp_path: Path, length: dict[str, float]
) -> None:
    request = PretrainRequest.model_validate(
        {"pictures": tmp_path, "out": tmp_path / "out"} | length
    )
    with pytest.raises(BadInput, match="expected begin before end, and either seconds or steps"):
        pretrain_base(services, request, ignore_progress)
    assert not (tmp_path / "out").exists()


def test_weights_that_are_no_base_are_refused_before_anything_is_written(
    services: Services, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    request = PretrainRequest(pictures=tmp_path, out=tmp_path / "out", start=empty, steps=1)
    with pytest.raises(BadInput, match="model_index"):
        pretrain_base(services, request, ignore_progress)
    with pytest.raises(BadInput, match="model_index"):
        measure_folder(services, empty, None, ignore_progress)
    assert not (tmp_path / "out").exists()
