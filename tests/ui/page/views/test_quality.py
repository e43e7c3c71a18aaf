from __future__ import annotations

import pytest

from tests.ui.page.conftest import Filled, link
from ui.page.views.quality import quality_view


def test_quality_leaves_out_of_its_mean_what_has_no_face(filled: Filled) -> None:
    with filled.studio.services.database.reading() as session:
        quality = quality_view(session, filled.production_id, link, threshold=0.05)
    assert (quality.judged, quality.unread, quality.passed) == (4, 1, 3)
    assert quality.own_mean == pytest.approx(0.031)
    assert quality.ratio == pytest.approx(0.031 / 0.2)
    assert len(quality.dots) == 3
    assert all(0 <= dot.x <= 1 and 0 <= dot.y <= 1 for dot in quality.dots)
