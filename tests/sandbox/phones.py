"""The page with the bot behind it, as four people touch it: each has a phone of their own on it."""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from playwright.async_api import Locator, async_playwright, expect
from playwright.async_api import Page as Tab

from bot.sandbox.clock import MovableClock
from bot.sandbox.page import Page, Phone
from tests.conftest import Office
from tests.sandbox.test_page import FLAGS

PICTURES = os.environ.get("PICTURES")
"""A folder into which the phones are drawn, to be looked at."""


class Phones:
    """The page as they touch it."""

    def __init__(self, office: Office, tab: Tab, clock: MovableClock) -> None:
        self._office = office
        self._tab = tab
        self._clock = clock

    async def taps(self, name: str, *labels: str) -> None:
        """Somebody taps their lowest button with each of these words, one after the other."""
        for label in labels:
            await self._phone(name).locator(".key", has_text=label).last.click()
            await self._office.settle()

    async def says(self, name: str, words: str) -> None:
        """Somebody types and sends."""
        line = self._phone(name).locator("textarea")
        await line.fill(words)
        await line.press("Enter")
        await expect(line).to_have_value("")
        await self._office.settle()

    async def sends_photo(self, name: str, picture: bytes) -> None:
        """Somebody picks a photo."""
        phone = self._phone(name)
        await phone.get_by_role("button", name="Lampirkan").click()
        sent = phone.locator(".message")
        before = await sent.count()
        await phone.get_by_label("Foto dari").set_input_files(
            {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        await expect(sent).not_to_have_count(before)
        await self._office.settle()

    async def sends_file(self, name: str, called: str, content: bytes) -> None:
        """Somebody picks a file."""
        phone = self._phone(name)
        await phone.get_by_role("button", name="Lampirkan").click()
        sent = phone.locator(".message")
        before = await sent.count()
        await phone.get_by_label("Dokumen").set_input_files(
            {"name": called, "mimeType": "application/pdf", "buffer": content}
        )
        await expect(sent).not_to_have_count(before)
        await self._office.settle()

    async def downloads(self, name: str) -> bytes:
        """Somebody opens the newest file that they were sent."""
        async with self._tab.expect_download() as started:
            await self._phone(name).locator("a[download]").last.click()
        return (await (await started.value).path()).read_bytes()

    async def sees(self, name: str, words: str) -> None:
        """Somebody has these words on their screen, and nothing runs out of it sideways."""
        await expect(self._phone(name).get_by_text(words).last).to_be_in_viewport()
        assert await self._tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    async def later(self, **by: float) -> None:
        """Let time pass in the office and on the page."""
        self._clock.advance(timedelta(**by))
        await self._office.later(**by)

    async def draw(self, name: str) -> None:
        """Draw all of it."""
        if PICTURES:
            await self._tab.wait_for_timeout(400)
            await self._tab.screenshot(path=f"{PICTURES}/{name}.png")

    def _phone(self, name: str) -> Locator:
        return self._tab.get_by_role("region", name=name)


@asynccontextmanager
async def phones_of(office: Office, people: Sequence[tuple[Phone, Sequence[str]]]) -> AsyncIterator[Phones]:
    """The page, open; everybody holds these positions, and has written to the bot."""
    for phone, positions in people:
        office.world.add_person(phone.user_id, phone.name)
        await office.person(phone.user_id).says("/start")
        await office.holds(phone.user_id, *positions)
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    clock = MovableClock(office.clock() - datetime.now(UTC))
    app = web.Application()
    Page(office.world, [phone for phone, _ in people], clock, office.app.tick).mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = await browser.new_page(viewport={"width": 1600, "height": 844})
        tab.set_default_timeout(5_000)
        await tab.goto(f"http://127.0.0.1:{runner.addresses[0][1]}")
        yield Phones(office, tab, clock)
        await browser.close()
    await runner.cleanup()
