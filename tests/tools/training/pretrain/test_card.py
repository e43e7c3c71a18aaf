from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import BadInput
from tools.training.pretrain.card import carry_card, pictures_seen, write_figures

CARD = """# A base

Words about it.

## Figures of this copy (276,032 pictures seen)

Eight people:

| what | figure |
| --- | --- |
| old | 1 |

Limits: profiles.

## Licence

CC0
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "MODEL.md").write_text(CARD)
    return folder


def test_carried_card_adds_the_pictures_and_drops_the_figures(source: Path, tmp_path: Path) -> None:
    carry_card(source, tmp_path, 1_000)
    text = (tmp_path / "MODEL.md").read_text()
    assert pictures_seen(tmp_path) == 277_032
    assert "| old | 1 |" not in text
    assert "Not measured yet" in text
    assert "### Observed with the copy before (276,032 seen)\n\nLimits: profiles." in text
    assert text.endswith("## Licence\n\nCC0\n")


def test_figures_are_written_and_replaced(source: Path, tmp_path: Path) -> None:
    carry_card(source, tmp_path, 1_000)
    for figure in ("first", "second"):
        write_figures(
            tmp_path, f"On two cores:\n\n| what | figure |\n| --- | --- |\n| new | {figure} |"
        )
    text = (tmp_path / "MODEL.md").read_text()
    assert "| new | second |" in text
    assert "first" not in text
    assert "Not measured" not in text
    assert text.count("Limits: profiles.") == text.count("## Licence") == 1
    assert pictures_seen(tmp_path) == 277_032


def test_carrying_twice_says_only_once_where_notes_come_from(source: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    carry_card(source, first, 10)
    carry_card(first, second, 10)
    text = (second / "MODEL.md").read_text()
    assert text.count("### Observed") == 1
    assert pictures_seen(second) == 276_052


def test_an_own_guide_is_said_once_and_a_carried_one_stays(source: Path, tmp_path: Path) -> None:
    first, second, third = tmp_path / "first", tmp_path / "second", tmp_path / "third"
    carry_card(source, first, 10, guide=184_021)
    carry_card(first, second, 10)
    carry_card(second, third, 10, guide=190_000)
    said = "`guide/` is this U-Net's own average after {} pictures"
    for folder, seen in ((first, "184,021"), (second, "184,021"), (third, "190,000")):
        text = (folder / "MODEL.md").read_text()
        assert text.count("`guide/`") == text.count("## The guide") == 1
        assert said.format(seen) in text
    assert pictures_seen(third) == 276_062


def test_a_base_without_a_card_gets_one(tmp_path: Path) -> None:
    carry_card(tmp_path / "nothing", tmp_path, 24)
    assert pictures_seen(tmp_path) == 24


def test_figures_need_a_card(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"has no MODEL.md"):
        write_figures(tmp_path, "| a | b |")
