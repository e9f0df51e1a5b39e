"""The page with the bot behind it: four people walk an administrative SOP, each on their own phone."""

import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page as Tab
from playwright.async_api import async_playwright, expect

from bot.sandbox.clock import MovableClock
from bot.sandbox.page import Page, Phone
from tests.conftest import Office
from tests.people.records import kinds
from tests.people.test_handing_over import SURAT
from tests.sandbox.test_page import FLAGS

PHONES = (
    Phone(101, "Andi Pratama", "Pengonsep"),
    Phone(102, "Siti Rahma", "Kasubbag TU"),
    Phone(103, "Budi Santoso", "Pemeriksa"),
    Phone(104, "Hj. Nurhayati", "Kepala Kantor"),
)
ANDI, SITI, BUDI, NUR = (phone.name for phone in PHONES)
PICTURES = os.environ.get("PICTURES")
"""A folder into which the phones are drawn, to be looked at."""


@pytest.fixture
def database_url(tmp_path: Path, sqlite_tables: Path) -> str:
    shutil.copyfile(sqlite_tables, tmp_path / "pandu.db")
    return f"sqlite:///{tmp_path}/pandu.db"


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "sops"
    folder.mkdir()
    signed = SURAT.replace("    reject: konsep\n", "    reject: konsep\n    sign: true\n")
    (folder / "surat-keluar.yaml").write_text(signed, encoding="utf-8")
    return folder


class Phones:
    """The page as the four of them touch it."""

    def __init__(self, office: Office, tab: Tab) -> None:
        self._office = office
        self._tab = tab

    async def taps(self, name: str, word: str) -> None:
        """Somebody taps their lowest button with that word."""
        key = self._tab.get_by_role("region", name=name).locator(".key", has_text=word).last
        await key.click()
        await self._office.settle()

    async def says(self, name: str, words: str) -> None:
        """Somebody types and sends."""
        line = self._tab.get_by_role("region", name=name).locator("textarea")
        await line.fill(words)
        await line.press("Enter")
        await expect(line).to_have_value("")
        await self._office.settle()

    async def sees(self, name: str, words: str) -> None:
        """Somebody has these words on their screen, and nothing runs out of it sideways."""
        phone = self._tab.get_by_role("region", name=name)
        await expect(phone.get_by_text(words).last).to_be_in_viewport()
        assert await self._tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    async def draw(self, name: str) -> None:
        """Draw all of it."""
        if PICTURES:
            await self._tab.wait_for_timeout(400)
            await self._tab.screenshot(path=f"{PICTURES}/{name}.png")


@pytest.fixture
async def phones(office: Office) -> AsyncIterator[Phones]:
    """The page, open; everybody has their position."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    for phone, position in zip(PHONES, ("pengonsep", "kasubbag-tu", "pemeriksa", "kepala-kantor"), strict=True):
        await office.person(phone.user_id).says("/start")
        await office.holds(phone.user_id, position)
    app = web.Application()
    Page(office.world, PHONES, MovableClock(office.clock() - datetime.now(UTC)), office.app.tick).mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = await browser.new_page(viewport={"width": 1600, "height": 844})
        await tab.goto(f"http://127.0.0.1:{runner.addresses[0][1]}")
        yield Phones(office, tab)
        await browser.close()
    await runner.cleanup()


async def test_four_people_walk_it_with_a_return_a_refused_exception_and_a_signed_approval(
    office: Office, phones: Phones
) -> None:
    await phones.says(ANDI, "surat keluar")
    for word in ("Surat Keluar", "Mulai"):
        await phones.taps(ANDI, word)
    await phones.says(ANDI, "Undangan rapat")
    await phones.taps(ANDI, "Selesai")
    await phones.sees(BUDI, "Langkah ini untuk Anda")
    await phones.draw("offered")

    await phones.taps(BUDI, "Kembalikan")
    await phones.taps(BUDI, "Berkas tidak lengkap")
    await phones.sees(ANDI, "Langkah 1 dari 4")
    await phones.draw("returned")
    await phones.says(ANDI, "Undangan rapat kerja")
    await phones.taps(ANDI, "Selesai")

    for word in ("Terima", "Kendala", "Minta izin melewati", "Waktu tidak cukup", "Lanjut"):
        await phones.taps(BUDI, word)
    await phones.sees(BUDI, "Menunggu izin dari")
    await phones.sees(SITI, "Waktu tidak cukup")
    await phones.draw("asked")
    await phones.taps(SITI, "Tolak")
    await phones.taps(SITI, "Harus dikerjakan dahulu")
    await phones.sees(BUDI, "Harus dikerjakan dahulu")
    await phones.draw("refused")
    await phones.taps(BUDI, "Selesai")

    await phones.taps(NUR, "Terima")
    await phones.taps(NUR, "Setujui")
    await phones.sees(NUR, "Pilih PIN untuk mengesahkan")
    await phones.draw("pin")
    for _ in range(2):
        await phones.says(NUR, "480315")
    await phones.sees(NUR, "Disahkan dengan PIN Anda")
    await phones.draw("signed")
    for word in ("Terima", "Selesai"):
        await phones.taps(ANDI, word)
    await phones.sees(ANDI, "Pelaksanaan selesai")
    await phones.draw("done")

    told = await kinds(office)
    assert [told.count(kind) for kind in ("returned", "leave_refused", "signed", "completed")] == [1, 1, 1, 1]
