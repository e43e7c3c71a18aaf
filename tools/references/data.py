"""Read the package's data files (`prompts/references/*.yaml`) into frozen models.

Knows where data lies and that it must be valid; must not know what it means.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import yaml

from tools.contracts.model import Contract

Model = TypeVar("Model", bound=Contract)


def load_data(name: str, model: type[Model]) -> Model:
    """The data file `prompts/references/NAME.yaml` as a model.

    Raises:
        pydantic.ValidationError: the shipped file is wrong, which is a bug.
    """
    text = files("prompts").joinpath("references", f"{name}.yaml").read_text(encoding="utf-8")
    return model.model_validate(yaml.safe_load(text))
