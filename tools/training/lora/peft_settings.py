"""The peft settings in a LoRA file's header: what strength they state, and what this program writes.

Keys are prefixed with the component, as diffusers writes them. Knows numbers and names; no tensor.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tools.errors import BadInput

_PATH = re.compile(r"\^?[\w.]+")


class _Stated(BaseModel):
    """What of a component's settings changes its strength; others' headers hold much more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    lora_alpha: float | None = None
    alpha_pattern: dict[str, float] = {}
    use_rslora: bool = False


def stated_scale(settings: Mapping[str, Any], name: str, rank: int) -> float:
    """Strength that settings state for a layer: alpha / rank, over its root for rank-stabilised ones.

    Args:
        settings: of the file.
        name: the layer's, with its component.
        rank: the layer's.

    Returns:
        1 where the settings say nothing of the component, as diffusers reads such files.

    Raises:
        BadInput: settings that cannot be read, or with an expression in place of a layer's name.
    """
    component, _, module = name.partition(".")
    mine = {
        key.removeprefix(f"{component}."): value
        for key, value in settings.items()
        if key.startswith(f"{component}.")
    }
    try:
        stated = _Stated.model_validate(mine)
    except ValidationError as error:
        raise BadInput(
            f"the header's settings of {component} cannot be read; save it again"
        ) from error
    alpha = stated.lora_alpha
    for pattern, value in stated.alpha_pattern.items():
        if not _PATH.fullmatch(pattern):
            raise BadInput(f"the header has an expression for layers ({pattern}); save it without")
        whole = pattern.startswith("^")
        if module == pattern[1:] if whole else f".{module}".endswith(f".{pattern}"):
            alpha = value
            break
    if alpha is None:
        return 1.0
    return alpha / (math.sqrt(rank) if stated.use_rslora else rank)


def own_settings(component: str, ranks: Mapping[str, int], scale: float) -> dict[str, Any]:
    """Settings of a component whose layers have one scale.

    diffusers applies its own alpha to layers of another rank than most, unless a pattern names each.

    Args:
        component: of the pipeline.
        ranks: of its layers, by module path.
        scale: alpha / rank of all of them.
    """
    # text encoders have `text_model.` in some libraries only; a name without it ends either path
    names = {module.removeprefix("text_model."): rank for module, rank in ranks.items()}
    usual = Counter(names.values()).most_common(1)[0][0]
    others = {name: rank for name, rank in names.items() if rank != usual}
    start = "" if component.startswith("text_encoder") else "^"
    values = {
        "r": usual,
        "lora_alpha": scale * usual,
        # peft takes a plain name for the end of one, and `proj_out` ends many
        "rank_pattern": {f"{start}{name}": rank for name, rank in others.items()},
        "alpha_pattern": {f"{start}{name}": scale * rank for name, rank in others.items()},
        "target_modules": sorted(names),
        "use_dora": False,
        "use_rslora": False,
        "lora_bias": False,
    }
    return {f"{component}.{key}": value for key, value in values.items()}
