"""Text that people hand in as files: UTF-8 with or without a byte order mark, JSON lines, YAML.

Knows encodings and where lines end; must not know what a file is for. Text is never guessed: what is
not UTF-8 is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from tools.errors import BadInput

_BOM = "\ufeff"
_PLAIN_NUMBER = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$")
_PLAIN_FLOAT = re.compile(r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$")


def read_text_file(path: Path) -> str:
    """Return the text of a file, without its byte order mark.

    Raises:
        BadInput: it cannot be read, or is not UTF-8; the message names the line.
    """
    try:
        return text_of(path.read_bytes(), path.name)
    except OSError as error:
        raise BadInput(f"{path.name}: cannot be read ({error.strerror})") from error


def text_of(content: bytes, name: str) -> str:
    """Return bytes as text, without a byte order mark.

    Args:
        content: UTF-8.
        name: the file's name, for the message.

    Raises:
        BadInput: not UTF-8; the message names the line and what to do.
    """
    try:
        return content.decode("utf-8").removeprefix(_BOM).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInput(f"{name}, line {line}: not UTF-8 text; save the file as UTF-8") from error


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Return the lines that hold something, with their numbers from 1.

    Only a line feed ends a line: JSON strings may hold U+2028 and the like.
    """
    for number, line in enumerate(text.removeprefix(_BOM).split("\n"), start=1):
        if line.strip():
            yield number, line.removesuffix("\r")


def yaml_of(text: str) -> object:
    """Return what YAML holds; scalars that YAML 1.1 would make something else of stay text.

    `012` and `1:30` are no numbers, `no` and `on` no truth values, dates stay as they were written.

    Raises:
        yaml.YAMLError: not YAML.
    """
    loader = _loader()(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


@lru_cache(maxsize=1)
def _loader() -> type[yaml.SafeLoader]:
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    plain: type[yaml.SafeLoader] = type("PlainLoader", (fast,), {"yaml_implicit_resolvers": {}})
    for tag, pattern, first in (
        ("bool", re.compile(r"^(?:true|True|false|False)$"), "tTfF"),
        ("int", _PLAIN_NUMBER, "-+0123456789"),
        ("float", _PLAIN_FLOAT, "-+0123456789"),
        ("merge", re.compile(r"^<<$"), "<"),
        ("null", re.compile(r"^(?:~|null|Null|)$"), ["~", "n", "N", ""]),
    ):
        plain.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, list(first))
    return plain
