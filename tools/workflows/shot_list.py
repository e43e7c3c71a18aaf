"""A shot list from YAML; the character's name is filled in where a shot names nobody."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from tools.contracts.shots import CharacterInShot, ShotRequest
from tools.errors import BadInput

_LIST = TypeAdapter(tuple[ShotRequest, ...])


def load_shots(path: Path, character: str) -> tuple[ShotRequest, ...]:
    """Read a list of shots, each with the fields of `ShotRequest`.

    Args:
        path: YAML file, a list.
        character: who is in frame where `cast` is left away.

    Raises:
        BadInput: no such file, not a list of shots, or a slate that is used twice.
    """
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name}: not a readable YAML file ({error})") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{path.name}: expected a list of shots")
    nobody = [CharacterInShot(character=character).model_dump()]
    try:
        shots = _LIST.validate_python([{"cast": nobody, **row} for row in rows])
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path.name}: shot {where}: {first['msg']}") from error
    slates = [shot.slate for shot in shots]
    twice = sorted({slate for slate in slates if slates.count(slate) > 1})
    if not shots or twice:
        raise BadInput(
            f"{path.name}: {'slate ' + twice[0] + ' is used twice' if twice else 'no shots'}"
        )
    return shots
