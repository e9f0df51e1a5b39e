"""The page with the phones, looked at in a real browser, and its door, tried by strangers."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, TypeAlias

import aiohttp
import pytest
import pytest_asyncio
import segno
from aiohttp import web
from playwright.async_api import Browser, Locator, async_playwright, expect
from playwright.async_api import Page as Tab

from bot.sandbox.clock import MovableClock
from bot.sandbox.page import Page, Phone
from bot.sandbox.server import Server
from bot.sandbox.world import World
from tests.sandbox.line import TOKEN, Json, Line, buttons

pytestmark = pytest.mark.asyncio(loop_scope="module")

SARI, BUDI = 101, 102
PHONES = (Phone(SARI, "Sari Dewi", "Pelaksana"), Phone(BUDI, "Budi Santoso", "Pengawas"))
WIDE = {"width": 1440, "height": 900}
SMALL = {"width": 390, "height": 844}
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CARD = (
    "<b>Peminjaman laptop</b>\nLangkah {step} dari 9, lihat <code>BMN-12</code>\n"
    "<blockquote expandable>Nyalakan laptop, lalu periksa baterai, layar, papan tik dan pengisi daya. Catat "
    "kerusakan kecil sekalipun pada formulir, sebelum laptop keluar dari ruangan.</blockquote>"
)
Opens: TypeAlias = Callable[..., Awaitable[Tab]]


@dataclass
class Demo:
    """The page at `url`, the bot behind it, and how often that was told of a moved clock."""

    world: World
    clock: MovableClock
    bot: Line
    url: str
    moves: list[datetime] = field(default_factory=list)

    async def moved(self) -> None:
        self.moves.append(self.clock())

    async def writes(self, text: str, to: int = SARI, **args: Any) -> int:
        """A message of the bot; its number."""
        message = await self.bot.get("sendMessage", chat_id=to, text=text, **args)
        return int(message["message_id"])

    async def edits(self, message_id: int, text: str, **args: Any) -> None:
        await self.bot.get("editMessageText", chat_id=SARI, message_id=message_id, text=text, **args)

    async def hears(self, kind: str) -> Json:
        """The next update of that kind."""
        async with asyncio.timeout(10):
            while True:
                for update in self.world.updates.pending(self.world.now):
                    self.world.updates.forget(update["update_id"])
                    if kind in update:
                        body: Json = update[kind]
                        return body
                await asyncio.sleep(0.01)

    def posts(self, path: str, body: Json, **headers: str) -> Any:
        return self.bot.session.post(self.url + path, json=body, headers=headers)


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    clock = MovableClock()
    world = World(clock, TOKEN)
    for phone in PHONES:
        world.add_person(phone.user_id, phone.name)
        world.say(phone.user_id, "/start")
    world.updates.clear()
    server = Server(world, flood=False)
    async with aiohttp.ClientSession() as session:
        demo = Demo(world, clock, Line(server, session), "")
        Page(world, PHONES, clock, demo.moved).mount(server.app)
        async with server:
            demo.url = server.url
            yield demo


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def opens(demo: Demo, browser: Browser) -> AsyncIterator[Opens]:
    """Opens the page. At the end nothing may have gone wrong in it, nor been asked of anybody else."""
    wrong: list[str] = []
    async with AsyncExitStack() as stack:

        async def opened(size: Any = WIDE, **context: Any) -> Tab:
            made = await browser.new_context(viewport=size, **context)
            stack.push_async_callback(made.close)
            tab = await made.new_page()
            tab.set_default_timeout(10_000)
            tab.on("pageerror", lambda error: wrong.append(str(error)))
            tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
            tab.on("request", lambda asked: wrong.append(asked.url) if not _ours(asked.url, demo.url) else None)
            await tab.goto(demo.url)
            await expect(tab.locator(".message").first).to_be_attached()
            return tab

        yield opened
    assert wrong == []


def _ours(address: str, url: str) -> bool:
    return address.startswith((url + "/", f"blob:{url}/"))


def _phone(tab: Tab, name: str = "Sari Dewi") -> Locator:
    return tab.get_by_role("region", name=name)


# What a phone shows


async def test_formatted_words_and_coloured_buttons_look_as_in_telegram(demo: Demo, opens: Opens) -> None:
    keys = {"inline_keyboard": [[{"text": "Selesai", "callback_data": "done", "style": "success"}]]}
    await demo.writes(CARD.format(step=1), parse_mode="HTML", reply_markup=keys)

    last = _phone(await opens()).locator(".message").last

    assert await last.locator("b").inner_text() == "Peminjaman laptop"
    assert await last.locator("code").inner_text() == "BMN-12"
    done = last.get_by_role("button", name="Selesai")
    assert await done.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(27, 122, 67)"


async def test_a_label_that_is_too_long_is_cut_and_widens_nothing(demo: Demo, opens: Opens) -> None:
    await demo.writes("Pilih unit", reply_markup=buttons("Kantor Kementerian Agama Kabupaten Berau, semua orang"))

    phone = _phone(await opens())

    inside = "node => node.scrollWidth <= node.clientWidth"
    assert await phone.locator(".chat").evaluate(inside)


async def test_words_are_never_read_as_html(demo: Demo, opens: Opens) -> None:
    trick = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    await demo.writes(trick, reply_markup=buttons("<b>x</b>"))

    last = _phone(await opens()).locator(".message").last

    await expect(last).to_contain_text(trick)
    await expect(last.get_by_role("button", name="<b>x</b>")).to_be_visible()
    await expect(last.locator("img, script")).to_have_count(0)


async def test_marks_count_from_the_right_letter_after_an_emoji(demo: Demo, opens: Opens) -> None:
    await demo.writes("🧑‍💻 satu <u>dua <s>tiga</s></u> empat", parse_mode="HTML")

    last = _phone(await opens()).locator(".message").last

    await expect(last.locator("u")).to_have_text(["dua ", "tiga"])  # Telegram cuts marks that overlap
    await expect(last.locator("s")).to_have_text("tiga")


async def test_a_link_that_runs_a_script_is_no_link(demo: Demo, opens: Opens) -> None:
    marks = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}]
    demo.world.post(SARI, {"text": "aman saja", "entities": marks})

    last = _phone(await opens()).locator(".message").last

    await expect(last).to_contain_text("aman saja")
    await expect(last.locator("a")).to_have_count(0)


async def test_a_long_quote_opens_on_a_tap_and_stays_open_when_the_card_is_edited(demo: Demo, opens: Opens) -> None:
    card = await demo.writes(CARD.format(step=1), parse_mode="HTML")
    quote = _phone(await opens()).locator("blockquote")
    folded = (await _box(quote))["height"]

    await quote.click()
    opened = (await _box(quote))["height"]
    await demo.edits(card, CARD.format(step=2), parse_mode="HTML")

    await expect(_phone(quote.page).locator(".message").last).to_contain_text("Langkah 2")
    assert (await _box(quote))["height"] == opened > folded
    await quote.get_by_role("button", name="Ringkas").click()
    assert (await _box(quote))["height"] == folded


async def test_an_edited_card_stays_in_its_place_and_moves_nobody_who_reads_above_it(demo: Demo, opens: Opens) -> None:
    for number in range(30):
        await demo.writes(f"Pesan {number}")
    card = await demo.writes("Kartu", reply_markup=buttons("A"))
    tab = await opens()
    chat = _phone(tab).locator(".chat")
    await chat.evaluate("node => { node.scrollTop = 200 }")
    await expect(_phone(tab).get_by_role("button", name="Ke pesan terbaru")).to_be_visible()

    await demo.edits(card, "Kartu\n" * 9, reply_markup=buttons("A", "B"))

    await expect(_phone(tab).get_by_role("button", name="B", exact=True)).to_be_attached()
    assert await chat.evaluate("node => node.scrollTop") == 200


async def test_whoever_looks_at_the_end_keeps_the_buttons_in_sight_when_the_card_grows(
    demo: Demo, opens: Opens
) -> None:
    card = await demo.writes("Kartu", reply_markup=buttons("A"))
    tab = await opens()

    await demo.edits(card, "Baru\n" * 60, reply_markup=buttons("A"))

    await expect(_phone(tab).locator(".message").last).to_contain_text("Baru")
    await expect(_phone(tab).get_by_role("button", name="A", exact=True)).to_be_in_viewport(ratio=1)


async def test_a_taller_message_than_the_screen_is_shown_from_its_beginning(demo: Demo, opens: Opens) -> None:
    tab = await opens()

    await demo.writes("Awal\n" + "isi\n" * 60)

    last = _phone(tab).locator(".message").last
    await expect(last).to_contain_text("Awal")
    await expect(last).to_be_in_viewport()
    assert (await _box(last))["y"] > (await _box(_phone(tab).locator(".chat")))["y"]


async def test_messages_of_two_days_are_parted_by_their_dates(demo: Demo, opens: Opens) -> None:
    demo.clock.advance(timedelta(days=1))
    await demo.writes("Hari lain")

    await expect(_phone(await opens()).locator(".day")).to_have_count(2)


async def test_a_deleted_message_leaves_the_phone(demo: Demo, opens: Opens) -> None:
    gone = await demo.writes("Sementara")
    tab = await opens()
    await expect(_phone(tab).get_by_text("Sementara")).to_be_visible()

    await demo.bot.get("deleteMessage", chat_id=SARI, message_id=gone)

    await expect(_phone(tab).get_by_text("Sementara")).to_have_count(0)


async def test_a_pinned_message_stands_in_the_bar(demo: Demo, opens: Opens) -> None:
    card = await demo.writes("Kartu penting")
    tab = await opens()

    await demo.bot.get("pinChatMessage", chat_id=SARI, message_id=card)

    await expect(_phone(tab).get_by_role("button", name="Pesan disematkan")).to_contain_text("Kartu penting")


# What a person does


async def test_enter_sends_and_shift_enter_begins_a_line(demo: Demo, opens: Opens) -> None:
    box = _phone(await opens()).get_by_role("textbox")

    await box.fill("Ruang umum")
    await box.press("Shift+Enter")
    await box.press_sequentially("lantai dua")
    await box.press("Enter")

    assert (await demo.hears("message"))["text"] == "Ruang umum\nlantai dua"
    await expect(box).to_have_value("")


async def test_a_tapped_button_turns_until_the_bot_answers(demo: Demo, opens: Opens) -> None:
    await demo.writes("Kartu", reply_markup=buttons("Selesai"))
    phone = _phone(await opens())
    done = phone.get_by_role("button", name="Selesai")

    await done.click()
    tapped = await demo.hears("callback_query")
    await expect(done).to_have_attribute("aria-busy", "true")
    await done.click()  # a second tap while it turns is not sent
    await demo.bot.get("answerCallbackQuery", callback_query_id=tapped["id"], text="Langkah 1 selesai.")

    assert tapped["data"] == "Selesai"
    await expect(phone.get_by_role("status")).to_have_text("Langkah 1 selesai.")
    await expect(done).not_to_have_attribute("aria-busy", "true")
    assert demo.world.updates.pending(demo.world.now) == []


async def test_an_alert_stands_until_it_is_closed_and_gives_the_focus_back(demo: Demo, opens: Opens) -> None:
    await demo.writes("Kartu", reply_markup=buttons("Selesai"))
    tab = await opens()
    done = _phone(tab).get_by_role("button", name="Selesai")

    await done.press("Enter")
    tapped = await demo.hears("callback_query")
    await demo.bot.get("answerCallbackQuery", callback_query_id=tapped["id"], text="Sudah lama.", show_alert="true")

    await expect(tab.get_by_role("dialog")).to_contain_text("Sudah lama.")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("dialog")).to_have_count(0)
    await expect(done).to_be_focused()


async def test_a_keyboard_stays_on_its_button_when_the_card_is_edited(demo: Demo, opens: Opens) -> None:
    card = await demo.writes("Kartu", reply_markup=buttons("Satu", "Dua"))
    phone = _phone(await opens())
    await phone.get_by_role("button", name="Dua").focus()

    await demo.edits(card, "Kartu baru", reply_markup=buttons("Tiga", "Empat"))

    await expect(phone.get_by_role("button", name="Empat")).to_be_focused()


async def test_a_slash_lists_the_commands_and_a_tap_sends_one(demo: Demo, opens: Opens) -> None:
    commands = [{"command": "sop", "description": "Cari SOP"}, {"command": "tugas", "description": "Menunggu saya"}]
    await demo.bot.get("setMyCommands", commands=commands)
    phone = _phone(await opens())
    listed = phone.get_by_role("list", name="Daftar perintah").get_by_role("button")

    await phone.get_by_role("button", name="Menu perintah").click()
    await expect(listed).to_have_text(["/sop Cari SOP", "/tugas Menunggu saya"])
    await phone.get_by_role("textbox").fill("/t")
    await expect(listed).to_have_text(["/tugas Menunggu saya"])
    await listed.click()

    assert (await demo.hears("message"))["text"] == "/tugas"
    await expect(listed).to_have_count(0)


async def test_sample_photos_reach_the_bot_as_pictures_and_are_shown(demo: Demo, opens: Opens) -> None:
    phone = _phone(await opens())

    for scene in ("kuitansi", "laptop"):
        await phone.get_by_role("button", name="Lampirkan").click()
        await phone.get_by_role("button", name=scene).click()
    sent = [await demo.hears("message") for _ in range(2)]

    files = [demo.world.files.by_id(message["photo"][-1]["file_id"]) for message in sent]
    assert [file.data[:3] for file in files if file] == [b"\xff\xd8\xff"] * 2
    shown = phone.locator(".photo img").last
    assert await shown.evaluate("node => node.decode().then(() => node.naturalWidth)") == 960


async def test_a_square_picture_is_shown_whole_so_that_a_code_can_be_scanned(demo: Demo, opens: Opens) -> None:
    png = BytesIO()
    segno.make("pandu").save(png, kind="png", scale=30)
    phone = _phone(await opens())

    await phone.get_by_role("button", name="Lampirkan").click()
    await phone.get_by_label("Foto dari").set_input_files(
        {"name": "kode.png", "mimeType": "image/png", "buffer": png.getvalue()}
    )
    shown = phone.locator(".photo img").last
    await shown.evaluate("node => node.decode()")

    assert await shown.evaluate("node => Math.abs(node.clientWidth - node.clientHeight) <= 1")


async def test_a_chosen_file_is_sent_under_its_name_with_the_typed_words(demo: Demo, opens: Opens) -> None:
    phone = _phone(await opens())
    await phone.get_by_role("textbox").fill("Berita acara")

    await phone.get_by_role("button", name="Lampirkan").click()
    await phone.get_by_label("Dokumen").set_input_files(
        {"name": "acara & surat.html", "mimeType": "text/html", "buffer": b"<p>"}
    )

    sent = await demo.hears("message")
    assert (sent["document"]["file_name"], sent["caption"]) == ("acara & surat.html", "Berita acara")
    await expect(phone.get_by_role("textbox")).to_have_value("")


async def test_an_answer_names_the_message_it_answers(demo: Demo, opens: Opens) -> None:
    asked = await demo.writes("Alasannya?")
    phone = _phone(await opens())

    await phone.locator(".message").last.hover()
    await phone.locator(".message").last.get_by_role("button", name="Balas").click()
    await phone.get_by_role("textbox").fill("Listrik padam")
    await phone.get_by_role("textbox").press("Enter")

    sent = await demo.hears("message")
    assert (sent["text"], sent["reply_to_message"]["message_id"]) == ("Listrik padam", asked)
    await expect(phone.locator(".message").last.locator(".quoted")).to_have_text("Alasannya?")


async def test_what_cannot_be_sent_stays_in_the_writing_line(demo: Demo, opens: Opens) -> None:
    tab = await opens()
    await tab.route("**/say", lambda route: route.fulfill(status=200, body="no JSON"))

    await _phone(tab).get_by_role("textbox").fill("Ruang umum")
    await _phone(tab).get_by_role("textbox").press("Enter")

    await expect(_phone(tab).get_by_role("status")).to_contain_text("Tidak terkirim")
    await expect(_phone(tab).get_by_role("textbox")).to_have_value("Ruang umum")


# The page around the phones


async def test_a_small_screen_shows_one_phone_and_counts_what_the_others_have_not_read(
    demo: Demo, opens: Opens
) -> None:
    tab = await opens(SMALL)
    await expect(_phone(tab)).to_be_visible()
    await expect(_phone(tab, "Budi Santoso")).to_have_count(0)
    budi = tab.get_by_role("navigation").get_by_role("button", name="Budi Santoso")

    await demo.writes("Satu", to=BUDI)
    await demo.writes("Dua", to=BUDI)
    await expect(budi).to_have_accessible_name("Budi Santoso, Pengawas, 2 belum dibaca")
    await budi.click()

    await expect(_phone(tab, "Budi Santoso")).to_be_visible()
    await expect(_phone(tab)).to_have_count(0)
    await expect(budi).to_have_accessible_name("Budi Santoso, Pengawas")
    await tab.reload()
    await expect(budi).to_have_accessible_name("Budi Santoso, Pengawas")


async def test_the_clock_moves_a_day_on_and_the_bot_is_told(demo: Demo, opens: Opens) -> None:
    tab = await opens()
    before = demo.clock()

    await tab.get_by_role("button", name="+1 hari").click()

    await expect(tab.locator("time")).to_contain_text(str((before + timedelta(days=1, hours=8)).day))
    assert [moved - before > timedelta(days=1) for moved in demo.moves] == [True]


async def test_the_page_can_be_read_in_english_and_remembers_it(demo: Demo, opens: Opens) -> None:
    tab = await opens()

    await tab.get_by_role("button", name="Use this page in English").click()
    await expect(_phone(tab).get_by_role("textbox")).to_have_attribute("placeholder", "Write a message")
    await tab.reload()

    await expect(tab.get_by_role("button", name="+1 month")).to_be_visible()
    await expect(_phone(tab).locator(".role")).to_have_text("Employee")
    await expect(tab.locator("html")).to_have_attribute("lang", "en")


async def test_a_screen_reader_hears_what_the_bot_says(demo: Demo, opens: Opens) -> None:
    tab = await opens()

    await demo.writes("Giliran Anda.", to=BUDI)

    await expect(tab.locator("[aria-live=polite]")).to_have_text("Budi Santoso: Giliran Anda.")


CRAMPED = """() => {
  const sizes = [...document.querySelectorAll("button:not(.command, .spoiler), .pick, textarea")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((node) => [node.textContent || node.className, node.getBoundingClientRect()]);
  return sizes.filter(([, { width, height }]) => width < 44 || height < 44).map(([name]) => name);
}"""

PALE = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3)
    .map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (node) => {
    const { backgroundColor } = getComputedStyle(node);
    const [, , , alpha = 1] = channels(backgroundColor);
    return alpha > 0.5 || !node.parentElement ? backgroundColor : behind(node.parentElement);
  };
  const contrast = (node) => {
    const [dark, bright] = [light(getComputedStyle(node).color), light(behind(node))].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const written = [...document.querySelectorAll("body *")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) &&
    node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !node.closest(".aloud, .spoiler"));
  return written
    .filter((node) => contrast(node) < 4.5 || parseFloat(getComputedStyle(node).fontSize) < 16)
    .map((node) => `${node.tagName}.${node.className} ${contrast(node)}: ${node.textContent.slice(0, 30)}`);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide"])
async def test_letters_buttons_and_contrast_are_made_for_tired_eyes(
    demo: Demo, opens: Opens, size: Any, scheme: str
) -> None:
    await demo.bot.get("setMyCommands", commands=[{"command": "sop", "description": "Cari SOP"}])
    styles = [{"text": name, "callback_data": name, "style": name} for name in ("primary", "success", "danger")]
    keys = {"inline_keyboard": [styles, *buttons("Biasa")["inline_keyboard"]]}
    card = await demo.writes(CARD.format(step=1), parse_mode="HTML", reply_markup=keys)
    demo.world.say(SARI, "Buka /sop dan https://berau.go.id ya", reply_to=card)
    await demo.bot.get("pinChatMessage", chat_id=SARI, message_id=card)
    tab = await opens(size, color_scheme=scheme)
    phone = _phone(tab)
    await expect(phone.get_by_role("button", name="Biasa")).to_be_attached()
    for opening in ("Menu perintah", "Lampirkan"):
        await phone.get_by_role("button", name=opening).click()

        assert await tab.evaluate(CRAMPED) == []
        assert await tab.evaluate(PALE) == []
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Its door


async def test_the_page_comes_back_by_itself_when_the_demo_was_started_again(browser: Browser) -> None:
    clock = MovableClock()
    world = World(clock, TOKEN)
    world.add_person(SARI, "Sari Dewi")
    world.say(SARI, "Sebelum")
    context = await browser.new_context()
    tab = await context.new_page()
    server = _served(world, clock)
    async with server:
        address = server.url
        await tab.goto(address)
        await expect(_phone(tab).get_by_text("Sebelum")).to_be_visible()
    await expect(tab.get_by_role("alert")).to_contain_text("Demo tidak menjawab")

    world.say(SARI, "Sesudah")
    async with _served(world, clock, port=int(address.rpartition(":")[2])):
        await expect(_phone(tab).get_by_text("Sesudah")).to_be_visible(timeout=20_000)
        await expect(_phone(tab).get_by_text("Sebelum")).to_have_count(1)
        await expect(tab.get_by_role("alert")).to_have_count(0)
    await context.close()


async def test_a_stream_begins_with_everything_and_goes_on_with_what_changed(demo: Demo) -> None:
    async with demo.bot.session.get(demo.url + "/events") as stream:
        first = await _event(stream)
        await demo.writes("Baru", to=BUDI)
        then = await _event(stream)

    assert [person["name"] for person in first["people"]] == ["Sari Dewi", "Budi Santoso"]
    assert [message["text"] for message in first["phones"][str(SARI)]["messages"]] == ["/start"]
    assert list(then["phones"]) == [str(BUDI)]
    assert [message["text"] for message in then["phones"][str(BUDI)]["messages"]] == ["Baru"]


async def test_open_streams_do_not_hold_up_the_end(demo: Demo) -> None:
    app = web.Application()
    Page(demo.world, PHONES, demo.clock, demo.moved).mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with demo.bot.session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/events") as stream:
        await _event(stream)
        async with asyncio.timeout(30):  # aiohttp would wait for a minute
            await runner.cleanup()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", None])
async def test_no_other_site_can_act(demo: Demo, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    async with demo.posts(f"/phones/{SARI}/say", {"text": "Palsu", "reply_to": None}, **headers) as answer:
        assert answer.status == 403
    assert len(demo.world.history(SARI)) == 1


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/events", "/files/x"])
async def test_a_name_that_somebody_points_at_this_machine_shows_nothing(demo: Demo, path: str) -> None:
    port = demo.url.rpartition(":")[2]
    async with demo.bot.session.get(demo.url + path, headers={"Host": f"evil.example:{port}"}) as answer:
        assert answer.status == 403


async def test_the_page_itself_may_act_by_address_and_as_localhost(demo: Demo) -> None:
    for host in (demo.url.removeprefix("http://"), demo.url.replace("http://127.0.0.1", "localhost")):
        headers = {"Host": host, "Origin": f"http://{host}"}
        async with demo.posts(f"/phones/{SARI}/say", {"text": "Halo", "reply_to": None}, **headers) as answer:
            assert answer.status == 200
    assert [message["text"] for message in demo.world.history(SARI)] == ["/start", "Halo", "Halo"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/phones/{SARI}/say", {"text": "   ", "reply_to": None}),
        (f"/phones/{SARI}/say", {"text": "Halo", "reply_to": 999}),
        ("/phones/999/say", {"text": "Halo", "reply_to": None}),
        ("/clock", {"by": "year"}),
    ],
)
async def test_what_no_phone_would_send_is_refused(demo: Demo, path: str, body: Json) -> None:
    async with demo.posts(path, body, Origin=demo.url) as answer:
        assert answer.status == 400
    assert (len(demo.world.history(SARI)), demo.clock.offset) == (1, timedelta())


async def test_a_document_can_only_be_saved_whatever_it_calls_itself(demo: Demo) -> None:
    number = demo.world.send_document(SARI, "surat.html", b"<script>alert(1)</script>", "text/html")
    file = demo.world.message(SARI, number)["document"]["file_id"]

    async with demo.bot.session.get(f"{demo.url}/files/{file}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_only_files_of_the_page_are_handed_out(demo: Demo) -> None:
    for path in ("/page/..%2fpage.py", "/page/%2fetc%2fpasswd", "/page/none.js", "/page/"):
        async with demo.bot.session.get(demo.url + path) as answer:
            assert answer.status == 404, path


def _served(world: World, clock: MovableClock, port: int = 0) -> Server:
    async def moved() -> None:
        pass

    server = Server(world, port=port)
    Page(world, PHONES[:1], clock, moved).mount(server.app)
    return server


async def _event(stream: aiohttp.ClientResponse) -> Json:
    async for line in stream.content:
        if line.startswith(b"data: "):
            event: Json = json.loads(line.removeprefix(b"data: "))
            return event
    raise AssertionError("the stream ended")


async def _box(node: Locator) -> dict[str, float]:
    box = await node.bounding_box()
    assert box is not None
    return dict(box)  # type: ignore[arg-type]
