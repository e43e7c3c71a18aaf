"""A shot list from YAML; the character's name is filled in where a shot names nobody."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from tools.contracts.shots import ShotRequest
from tools.errors import BadInput
from tools.textfiles import read_text_file, yaml_of

_LIST = TypeAdapter(tuple[ShotRequest, ...])


def load_shots(path: Path, character: str) -> tuple[ShotRequest, ...]:
    """Read a list of shots, each with the fields of `ShotRequest`.

    Args:
        path: YAML file, a list or a mapping with `shots`.
        character: who is in frame where a shot names nobody.

    Raises:
        BadInput: no such file, not a list of shots, or a slate that is used twice.
    """
    try:
        rows = yaml_of(read_text_file(path))
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise BadInput(f"{path.name}: not a readable YAML file ({problem})") from error
    listed = rows.get("shots") if isinstance(rows, dict) else rows
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise BadInput(f"{path.name}: expected a list of shots")
    try:
        shots = _LIST.validate_python([_completed(row, character) for row in listed])
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


def _completed(row: dict[str, object], character: str) -> dict[str, object]:
    """Put the character where a shot, or a member of its cast, names nobody.

    A slate is text: `12`, `012` and `12a` are read as people write them.
    """
    if isinstance(row.get("slate"), (int, str)):
        row = {**row, "slate": str(row["slate"]).strip().upper().lstrip("0")}
    members = row.get("cast", [{}])
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        return row
    return {**row, "cast": [{"character": character, **member} for member in members]}
