from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.house import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [to for to in links if "://" not in to and not (page.parent / to).exists()]
    assert missing == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text()
    assert all(page.name in listed for page in folder.glob("0*.md"))


def test_no_source_cites_a_page_that_is_not_there() -> None:
    sources = [
        path
        for folder in ("agent", "tools", "ui", "prompts")
        for suffix in ("*.py", "*.yaml")
        for path in (ROOT / folder).rglob(suffix)
    ]
    cited = {
        page
        for path in sources
        for page in re.findall(r"docs/[\w/.-]*\w\.(?:md|json|webp)", path.read_text())
    }
    assert cited
    assert [page for page in sorted(cited) if not (ROOT / page).exists()] == []
