from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.support.endpoint_table import ENDPOINT, write_table
from tools.backends.bases import read_table
from tools.contracts.bases import Ability, BaseRow, EndpointRow, Licensed
from tools.contracts.model import Size


def test_a_row_that_does_not_say_its_kind_is_local_and_an_endpoint_has_its_own_fields(
    tmp_path: Path,
) -> None:
    *local, endpoint = read_table(write_table(tmp_path))
    assert all(isinstance(row, BaseRow) and row.kind == "local" for row in local)
    assert isinstance(endpoint, EndpointRow)
    assert endpoint.endpoint == "fal-ai/nano-banana-2"
    assert endpoint.abilities == {Ability.TEXT, Ability.IMAGE, Ability.REFERENCES}
    assert (endpoint.price, endpoint.priced_on) == (Decimal("0.08"), date(2026, 8, 2))
    assert endpoint.sizes == (Size(width=1024, height=1024),)


def test_the_shipped_table_has_no_endpoint() -> None:
    assert all(isinstance(row, BaseRow) for row in read_table())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("  price: 0.08", "  price: -1"), "price"),
        (("  priced_on: 2026-08-02\n", ""), "priced_on"),
        (("fal-ai/nano-banana-2", "https://fal.run/x"), "endpoint"),
        (("[text, image, references]", "[]"), "abilities"),
        (("[text, image, references]", "[dreams]"), "abilities"),
        (("  price: 0.08", "  price: 0.08\n  steps: 4"), "steps"),
        (("kind: endpoint", "kind: cloud"), "kind"),
    ],
)
def test_an_endpoint_is_checked_as_one(tmp_path: Path, change: tuple[str, str], field: str) -> None:
    table = write_table(tmp_path, ENDPOINT.replace(*change))
    with pytest.raises(ValidationError, match=field):
        read_table(table)


@pytest.mark.parametrize(
    ("commercial", "note", "line"),
    [
        (True, "", "MIT; commercial use allowed"),
        (False, "LoRAs neither", "MIT; no commercial use; LoRAs neither"),
        (None, "", "MIT; ask before commercial use"),
    ],
)
def test_a_licence_is_said_with_its_consequence(
    commercial: bool | None, note: str, line: str
) -> None:
    assert Licensed(licence="MIT", licence_note=note, commercial=commercial).licence_line == line


def test_every_row_of_the_table_says_or_leaves_open_whether_it_may_be_sold() -> None:
    known = {row.name: row.commercial for row in read_table()}

    assert (known["maquette"], known["sdxl"], known["flux-schnell"]) == (True, None, True)
