"""An office with units, as the shipped file divides it."""

import shutil
from pathlib import Path

import pytest

OFFICE = Path(__file__).parents[2] / "data" / "office.yaml"


@pytest.fixture(autouse=True)
def divided(tmp_path: Path) -> None:
    """The office has its own file."""
    shutil.copy(OFFICE, tmp_path / "office.yaml")
