from __future__ import annotations

import pytest

from tests.ui.page.conftest import Filled, link
from tools.errors import UnknownName
from ui.page.views.compare import compare_view


def test_two_takes_compare_by_their_numbers_and_prompts(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        view = compare_view(session, filled.production_id, ("12A T1", "12A T2"), link)
        assert view is not None
        with pytest.raises(UnknownName, match="12A T9"):
            compare_view(session, filled.production_id, ("12A T1", "12A T9"), link)
    rows = {row.label: row for row in view.rows}
    assert rows["seed"].differs
    assert not rows["prompt"].differs
    assert (rows["distance to the character"].left, rows["distance to the character"].right) == (
        "0.031",
        "–",
    )
