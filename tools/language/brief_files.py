"""Briefs and styles as YAML files.

Knows files and contracts; must not know how free text is read beyond calling its parser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from tools.contracts.briefs import CharacterBrief
from tools.contracts.model import Contract
from tools.errors import BadInput
from tools.language.brief import parse_character
from tools.language.lexicon import one_line
from tools.textfiles import read_text_file, yaml_of

MAX_BYTES = 200_000
_WORDS = "words"
C = TypeVar("C", bound=Contract)


def load_character_brief(path: Path, *, name: str | None = None) -> CharacterBrief:
    """Read a character brief.

    The file holds the slots of `CharacterBrief`. It may hold `words: ...`, free text that is parsed
    first; slots beside it then stand in place of what the text gave.

    Args:
        path: the YAML file.
        name: a name in place of the file's.

    Raises:
        BadInput: unreadable, not YAML, or a slot that does not fit; one line that says where.
    """
    fields = _mapping(_yaml_of(path), path)
    if name is not None:
        fields["name"] = name
    if _WORDS in fields:
        words, said = str(fields.pop(_WORDS)), fields.get("name")
        parsed = parse_character(words, name=str(said) if said is not None else None)
        fields = parsed.model_dump() | fields
    return _fitted(CharacterBrief, fields, path)


def _yaml_of(path: Path) -> object:
    text = read_text_file(path)
    if len(text) > MAX_BYTES:
        raise BadInput(f"{path.name}: larger than {MAX_BYTES // 1000} kB; a brief is a short text")
    try:
        return yaml_of(text)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise BadInput(f"{path.name}: not YAML ({problem})") from error


def _mapping(raw: object, path: Path) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise BadInput(
            f"{path.name}: expected 'slot: words' lines, for instance 'hair: short black hair'"
        )
    return {str(key): value for key, value in raw.items()}


def _fitted(contract: type[C], fields: dict[str, object], path: Path) -> C:
    try:
        return contract.model_validate(fields)
    except ValidationError as error:
        raise BadInput(f"{path.name}: {one_line(error)}") from error
