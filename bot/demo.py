"""The bot on this machine alone: a Telegram of our own, four phones in a page, and a clock that can be moved on."""

import asyncio
import json
import signal
import socket
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from bot.app import App
from bot.engine.people import Role
from bot.library.office import NAME
from bot.sandbox.clock import MovableClock
from bot.sandbox.page import Page, Phone
from bot.sandbox.server import Server
from bot.sandbox.world import World
from bot.services import personnel, reminders
from bot.services.house import House
from bot.settings import Settings, WrongSetting, writable
from bot.storage.database import Transaction

TOKEN = "100200300:" + "sandbox" * 5
"""Known to nobody but the Telegram of this process."""

EVERY = 5
"""Seconds between two savings of the phones."""

PHONES = (
    (Phone(101, "Andi Pratama", "Pelaksana"), frozenset({Role.PERFORMER})),
    (Phone(102, "Siti Rahma", "Pengawas"), frozenset({Role.SUPERVISOR, Role.PERFORMER})),
    (Phone(103, "Budi Santoso", "Penulis"), frozenset({Role.AUTHOR, Role.PERFORMER})),
    (Phone(104, "Hj. Nurhayati", "Pimpinan"), frozenset({Role.MANAGER, Role.ADMIN, Role.PERFORMER})),
)

SEATS = {
    101: ("subbag-tu", "petugas-ti staf-pelaksana pengelola-kepegawaian petugas-pendaftaran tim-inventarisasi"),
    102: ("subbag-tu", "kasubbag-tu kepala-seksi kasi-penmad penanggung-jawab-ruangan tim-verifikasi"),
    103: ("subbag-tu", "petugas-bmn pengguna-komputer ketua-panitia tim-seleksi operator-emis bendahara-pengeluaran"),
    104: ("kantor", "kepala-kantor kepala-madrasah ppk kuasa-pengguna-barang"),
}
"""Which positions of the shipped SOPs the four hold, so that they can walk each of them together."""


async def serve(given: Settings, host: str, port: int, data: Path) -> None:
    """Serve the page until SIGTERM or SIGINT. Of the settings given, only those that tell of the office count.

    Raises WrongSetting where the page cannot be served there, or nothing be kept."""
    saved = writable(data, "--data") / "telegram.json"
    door = _door(host, port)
    clock, world = await asyncio.to_thread(_before, saved)
    await asyncio.to_thread(_furnish, given.data_dir / NAME, data / NAME)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with Server(world) as server:
        settings = Settings(
            telegram_bot_token=SecretStr(TOKEN),
            telegram_api_url=server.url,
            data_dir=data,
            sops_dir=given.procedures,
            office_timezone=given.office_timezone,
            office_language=given.office_language,
        )
        admitted = {phone.user_id: roles for phone, roles in PHONES}
        async with App(settings, clock, admitted) as app:
            await app.database.run(seat, app.house)
            page = web.Application()
            Page(world, [phone for phone, _ in PHONES], clock, lambda: _moved(app, clock)).mount(page)
            runner = web.AppRunner(page, access_log=None)
            await runner.setup()
            await web.SockSite(runner, door).start()
            print(f"Pandu: {_address(host, port)}", flush=True)
            saving = asyncio.create_task(_save_now_and_then(saved, clock, world))
            await stop.wait()
            saving.cancel()
            await runner.cleanup()
        _save(saved, clock, world)


async def _moved(app: App, clock: MovableClock) -> None:
    """The clock was moved on. Where what is due by then waits for the office to open, it opens, so that it is seen."""
    opens = await app.database.run(reminders.waits_until, app.house)
    if opens is not None:
        clock.advance(opens - clock())
    await app.tick()


def _door(host: str, port: int) -> socket.socket:
    """Where the page will be served: taken first, so that nothing has begun where somebody else is there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]  # Python repeats the address there
        raise WrongSetting(
            f"The page cannot be served at {host}:{port} ({why}): where a demo runs there already, open "
            f"{_address(host, port)}, else choose another --port"
        ) from None


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _before(saved: Path) -> tuple[MovableClock, World]:
    """The phones and the clock as they were left, or four new ones."""
    if saved.exists():
        state = json.loads(saved.read_text(encoding="utf-8"))
        clock = MovableClock(timedelta(seconds=state["offset"]))
        return clock, World.from_json(state["world"], clock, TOKEN)
    clock = MovableClock()
    world = World(clock, TOKEN)
    for phone, _ in PHONES:
        world.add_person(phone.user_id, phone.name)
        world.say(phone.user_id, "/start")
    return clock, world


def _furnish(office: Path, demo: Path) -> None:
    """The demo's office is divided as the given one, until its own file is changed."""
    if office.exists() and not demo.exists():
        demo.write_bytes(office.read_bytes())


def seat(tx: Transaction, house: House) -> None:
    """Give each of the four their unit and positions, unless they have a unit already."""
    for chat, (unit, positions) in SEATS.items():
        personnel.seat(tx, house, chat, unit, positions.split())


async def _save_now_and_then(saved: Path, clock: MovableClock, world: World) -> None:

    while True:
        await asyncio.sleep(EVERY)
        _save(saved, clock, world)


def _save(saved: Path, clock: MovableClock, world: World) -> None:
    part = saved.with_suffix(".part")
    part.write_text(json.dumps({"offset": clock.offset.total_seconds(), "world": world.to_json()}), encoding="utf-8")
    part.replace(saved)
