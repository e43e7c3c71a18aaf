from __future__ import annotations

import pytest
from pydantic import ValidationError

from tools.training.pretrain.config import PretrainConfig


@pytest.mark.parametrize("length", [{}, {"steps": 3, "seconds": 4.0}])
def test_exactly_one_length_is_needed(length: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="either steps or seconds"):
        PretrainConfig.model_validate(length)


def test_begin_lies_before_end() -> None:
    with pytest.raises(ValidationError, match="begin must lie before end"):
        PretrainConfig(steps=1, begin=0.5, end=0.5)
