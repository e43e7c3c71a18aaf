from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from tests.tools.backends.conftest import catalog as catalog
from tests.tools.backends.conftest import tiny_folders as tiny_folders


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Tiny tensors are slower on more threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
