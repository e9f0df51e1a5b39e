"""/ganti: what changed in the office opens the reviews of the SOPs that it touches, and those hear who must know."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.sandbox.person import Person
from bot.services import reviews
from bot.services.house import House
from bot.storage.database import Transaction
from tests.conftest import SOPS, Office
from tests.versions.rapat import content


@pytest.fixture(autouse=True)
def divided(tmp_path: Path) -> None:
    """The office has units; nobody here was put into one."""
    shutil.copy(SOPS.parent / "data" / "office.yaml", tmp_path / "office.yaml")


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """A folder with one of the shipped SOPs in it."""
    folder = tmp_path / "sops"
    folder.mkdir()
    shutil.copy(SOPS / "uji-fungsi-komputer.yaml", folder)
    return folder


def next_review(tx: Transaction) -> list[tuple[date, date]]:
    live = tx.versions.live_of("uji-fungsi-komputer")
    assert live is not None
    return [(one.dates.opens, one.due) for one in tx.reviews.open() if one.digest == live.sop.digest]


async def test_what_changed_is_found_ticked_and_looked_at_early(office: Office) -> None:
    for one in (office.supervisor, office.manager):
        await one.says("/start")
    await office.holds(102, "kasubbag-tu")
    await office.holds(103, "petugas-ti")
    await office.clerk.says("/start sop_uji-fungsi-komputer")
    await office.clerk.taps("Mulai")

    await office.author.says("/ganti")
    await office.author.says("xyzzy")
    assert "Tidak ada SOP yang menyebut" in office.author.sees
    await office.author.says("multimetr")
    assert "Multimeter" in office.author.sees
    assert "1 pelaksanaan terbuka" in office.author.sees
    await office.author.taps("Uji Fungsi Komputer")
    await office.author.taps("Minta ditinjau")

    assert await office.app.database.run(next_review) == [(date(2026, 11, 24), date(2026, 12, 8))]
    assert "Ada yang berganti di kantor" in office.supervisor.chat  # who supervises it
    assert "mungkin menyentuh pelaksanaan Anda" in office.clerk.chat
    assert "multimetr" not in office.manager.chat  # an admin, whose it is not


async def test_who_runs_a_version_without_the_words_hears_nothing_and_an_admin_of_what_is_nobodys(
    office: Office, sops_dir: Path
) -> None:
    await office.manager.says("/start")
    await a_run_of(office, sops_dir, office.clerk, content("1", "Bekerja"))
    equipped = content("2", "Bekerja") + "equipment:\n  - Proyektor\n"
    await a_run_of(office, sops_dir, office.supervisor, equipped)

    await office.author.says("/ganti Proyektor")
    await office.author.taps("rapat")
    await office.author.taps("Minta ditinjau")

    assert "mungkin menyentuh pelaksanaan Anda" in office.supervisor.chat
    assert "Ada yang berganti di kantor" in office.manager.chat
    assert "Proyektor" not in office.clerk.chat


async def a_run_of(office: Office, folder: Path, by: Person, whole: str) -> None:
    """A version of SOP rapat comes into use, and somebody starts it."""
    (folder / "a.yaml").write_text(whole)
    await office.app.read_files()
    await office.app.database.run(_begin_trial, office.app.house)
    await by.says("/start sop_rapat")
    await by.taps("Mulai")


def _begin_trial(tx: Transaction, house: House) -> None:
    draft = tx.versions.draft_of("rapat")
    if draft is not None:
        reviews.begin_trial(tx, house, draft.sop, house.office.day(tx.at), None)


async def test_every_sop_that_a_change_touches_can_be_ticked_page_by_page(office: Office, sops_dir: Path) -> None:
    whole = content("1", "Bekerja") + "equipment:\n  - Proyektor\n"
    for number in range(10):
        text = whole.replace("id: rapat", f"id: rapat-{number}").replace("title: SOP rapat", f"title: Rapat {number}")
        (sops_dir / f"r{number}.yaml").write_text(text)
    await office.app.read_files()
    await office.author.says("/ganti Proyektor")
    await office.author.taps("1.")
    await office.author.taps("›")
    assert "(2/2)" in office.author.sees
    await office.author.taps("10.")
    assert "(2/2)" in office.author.sees
    await office.author.taps("‹")
    assert office.author.screen.count("☑️") == 1
    await office.author.taps("Minta ditinjau (2)")

    assert office.author.sees.count("•") == 2
