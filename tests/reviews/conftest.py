"""An office with one SOP on trial, and its team: Siti watches over it, Budi writes it, Nur stands above them."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import SOPS, Office

OFFICE = Path(__file__).parents[2] / "data" / "office.yaml"


@pytest.fixture(autouse=True)
def divided(tmp_path: Path) -> None:
    """The office has its own file."""
    shutil.copy(OFFICE, tmp_path / "office.yaml")


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """Two SOPs."""
    folder = tmp_path / "sops"
    folder.mkdir()
    for name in ("uji-fungsi-komputer.yaml", "penyelenggaraan-bimbingan-teknis.yaml"):
        shutil.copy(SOPS / name, folder / name)
    return folder


@pytest.fixture
async def team(office: Office) -> Office:
    """Everybody wrote to the bot, and holds the positions of the team."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.holds(102, "kasubbag-tu", "kepala-seksi")
    await office.holds(103, "petugas-ti", "staf-pelaksana")
    await office.holds(104, "kepala-kantor")
    return office
