"""Puts the parts together and runs them: the only module that knows every other."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zlib import crc32

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import InterfaceError, OperationalError
from telegram.ext import Application

from bot.documents.press import Press, Unmade
from bot.engine.people import Role
from bot.engine.sop import Sop
from bot.library.folder import Folder, Shelf
from bot.library.office import NAME, OfficeSettings, load_office
from bot.services import (
    anchoring,
    answers,
    commands,
    delays,
    drafts,
    emptied,
    facts,
    feedback,
    followups,
    leaving,
    people,
    recall,
    record,
    reminders,
    reviews,
    summary,
)
from bot.services.house import House
from bot.settings import Settings, writable
from bot.storage import anchors, migrate, notes
from bot.storage.anchors import Cast
from bot.storage.database import Database, Transaction
from bot.storage.lock import lock_of
from bot.telegram.calls import Calls
from bot.telegram.fetcher import Fetcher
from bot.telegram.greeting import learn_name, name_commands
from bot.telegram.handlers import Handlers
from bot.telegram.intake import Intake
from bot.telegram.limiter import Limiter
from bot.telegram.polling import Polling
from bot.telegram.sender import Sender
from bot.telegram.transport import AiohttpRequest
from bot.telegram.updates import Updates
from bot.telegram.watch import Watch
from bot.telegram.webhook import Webhook
from bot.ticker import Ticker
from bot.views.menu import broken_file
from bot.views.taps import Packer
from bot.views.words import Words

log = structlog.get_logger()

Clock = Callable[[], datetime]
TICK = 30
LOOK_AT_FILES = 5
STAND_BY = 1
"""Seconds after which a process that stands by looks whether it has to poll and send."""
LOOK_AT_LOOP, STALL = 0.1, 0.5
"""Seconds. A tap waits as long as the loop stands still."""
ALL_ROLES = frozenset({Role.ADMIN, Role.PERFORMER})


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of rows that come due: `work` looks at the next one and tells whether there may be more; where that fails,
    `put_off` lets the others through."""

    work: Callable[..., bool]
    put_off: Callable[[Transaction, House], None]


REVIEWS_DUE = Due(reminders.fire_one, lambda tx, _: tx.reviews.put_off())
REPORTS_DUE = Due(answers.remind_one, lambda tx, _: tx.reports.put_off())
FOLLOW_UPS_DUE = Due(followups.fire_one, lambda tx, _: tx.follow_ups.put_off())
RUNS_DUE = Due(delays.fire_one, lambda tx, _: tx.runs.put_off())
LISTS_DUE = Due(reminders.send_one, lambda tx, _: tx.digests.put_off())
FACTS_DUE = Due(facts.measure_one, lambda tx, _: tx.facts.put_off())
QUESTIONS_DUE = Due(feedback.vanish_one, feedback.put_off)
EMPTIED_DUE = Due(emptied.paint_some, emptied.put_off)


def wall_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


class WrongFile(Exception):
    """A file that the program cannot do without is wrong. Its text says what to do."""


class App:
    """One process of the bot: `async with App(…)` from the first poll to the last settled card."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = wall_clock,
        admitted: Mapping[int, frozenset[Role]] | None = None,
        limiter: Limiter | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._admitted = dict.fromkeys(settings.admin_ids, ALL_ROLES) if admitted is None else admitted
        self._folder = Folder(settings.procedures)
        writable(settings.data_dir, "DATA_DIR")
        self._lock = lock_of(settings.database_url)
        epoch = migrate.upgrade(settings.database_url, clock())
        self.database = Database(settings.database_url, clock)
        self._house = House(office_of(settings), settings.office_language, Packer(epoch))
        self._taken: Mapping[str, str] = {}  # the text of each procedure that was on the shelf last, by its digest
        self._told: set[str] = set()
        token, base = settings.token, settings.telegram_api_url.rstrip("/")
        self._requests = request, polling = AiohttpRequest(), AiohttpRequest(connections=2)
        builder = Application.builder().token(token).base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            builder.request(request).get_updates_request(polling).updater(None).job_queue(None).build()
        )
        pace = limiter or Limiter(asyncio.get_running_loop().time)
        self._calls = calls = Calls(self._application.bot, request, f"{base}/bot{token}")
        self.sender = Sender(calls, self.database, pace, self._is_open)
        self.updates = Updates(self._application, self.database, lambda: self._house, self.sender.wake)
        self.watch = Watch(self.database, lambda: self._house, settings.data_dir / "alive", self.sender.wake)
        self.incoming = self._way_in(polling, f"{base}/bot{token}")
        self._press = Press()
        files = settings.data_dir / "files"
        self.fetcher = Fetcher(self._application.bot, self.database, files, lambda: self._house, self.sender.wake)
        Handlers(calls, self.database, lambda: self._house, self.fetcher.wake, self._press).add_to(self._application)
        self._staffed: int | None = None  # who was there when everyone was called last
        self._ticker = Ticker()
        self._always: list[asyncio.Task[None]] = []
        self._lead: list[asyncio.Task[None]] = []

    def _way_in(self, request: AiohttpRequest, base: str) -> Polling | Webhook:
        settings, bot = self.settings, self._application.bot
        intake = Intake(self.database, self.updates.wake)
        match settings.webhook_url, settings.webhook_secret:
            case str(url), SecretStr() as secret:
                return Webhook(bot, url, secret.get_secret_value(), settings.webhook_listen, intake, self.watch)
            case _:
                return Polling(bot, request, base, intake, self.watch)

    async def __aenter__(self) -> "App":
        """Begin, whether or not Telegram can be reached: what is due is found and kept until it can."""
        for request in self._requests:
            await request.initialize()
        await self.database.run(_settle_in, self._house, *settings_of(self.settings))
        await self.database.run(people.know, self._house, self._admitted)
        await self.database.run(commands.offer_all, self._house)
        await self.read_files()
        await self.database.run(reviews.plan_missing, self._house)
        self._always = [asyncio.create_task(_supervised(loop)) for loop in (self._work, notice_stalls)]
        await self.lead_or_stand_by()
        self._ticker.every(STAND_BY, self.lead_or_stand_by)
        self._ticker.every(TICK, self.tick)
        self._ticker.every(LOOK_AT_FILES, self.read_files)
        self._ticker.start()
        await self._keep_anchors(await self.database.run(anchoring.all_of))
        await self.tick()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish what is under way, then let go. What cannot end well, as the database is away, keeps nothing else."""
        self._ticker.stop()
        # nothing new is taken in hand, and then what is in hand ends
        taking, rest = [*self._lead[:1], *self._always], self._lead
        for end in (
            self.watch.keep,
            lambda: _end(*taking),
            self.updates.drain,
            lambda: _end(*rest),
            self.sender.drain,
            self._application.shutdown,
            *(request.shutdown for request in self._requests),
        ):
            try:
                await end()
            except Exception as error:
                log.error("bot.ends_badly", exc_info=error)
        self.database.close()
        self._lock.release()

    async def lead_or_stand_by(self) -> None:
        """Poll and send where this process holds the lock, and only there. All of them work the inbox."""
        holds = await asyncio.to_thread(self._lock.holds)
        if holds and not self._lead:
            log.info("bot.leads")
            await self.database.run(_take_over)
            loops = (self.incoming.run, self.sender.run, self.fetcher.run)
            self._lead = [asyncio.create_task(_supervised(loop)) for loop in loops]
            self._lead.append(asyncio.create_task(self._greet()))
        elif not holds and self._lead:
            log.warning("bot.stands_by")
            for task in self._lead:
                task.cancel()
            self._lead = []

    async def _work(self) -> None:
        await learn_name(self._application)
        self._house = replace(self._house, bot=self._application.bot.username)
        await self.updates.run()

    async def _greet(self) -> None:
        await name_commands(self._calls, self.settings.office_language, self.settings.office_timezone)

    async def tick(self) -> None:
        """Fire what is due, and forget what is long done."""
        for due in (REVIEWS_DUE, REPORTS_DUE, FOLLOW_UPS_DUE, RUNS_DUE):
            await self._all(due)
        sent = 0
        while await self._one(LISTS_DUE, place=sent):
            sent += 1
        await self._take_notes()
        await self._keep_anchors(await self.database.run(anchoring.cast, self._house))
        for due in (FACTS_DUE, QUESTIONS_DUE):
            await self._all(due)
        await self._summarise()
        if self._is_open():  # nobody is called at night, whoever comes or goes then
            await self._release()
            await self._call_anew()
        await self._all(EMPTIED_DUE)
        await self.watch.count(await self.database.run(_tidy))
        await self.watch.keep()
        if not self._lead:
            self.watch.lives()
        self.updates.wake()
        self.sender.wake()

    def _is_open(self) -> bool:
        return self._house.office.is_open(self._clock())

    async def _keep_anchors(self, made: Sequence[Cast]) -> None:
        if made:
            await asyncio.to_thread(anchors.keep_up, self.settings.data_dir / anchors.FILE, made)

    async def _take_notes(self) -> None:
        """Journal what the command line left word of."""
        for file, told in await asyncio.to_thread(lambda: list(notes.waiting(self.settings.data_dir))):
            await self.database.run(record.taken_out, told)
            file.unlink(missing_ok=True)

    async def _summarise(self) -> None:
        """Send the month's summaries that are due."""
        for one in await self.database.read(summary.owed, self._house):
            try:
                picture = await self._press.make(one.paper)
            except (Unmade, OSError, TimeoutError) as error:
                log.error("summary.failed", error=str(error))
            else:
                await self.database.run(summary.send, self._house, one, picture)

    async def _release(self) -> None:
        """What those have who cannot be had any more is offered anew."""
        last: int | None = 0
        while last is not None:
            last = await self.database.run(leaving.release_some, self._house, last, _failed)

    async def _call_anew(self) -> None:
        """Where who is there has changed, whoever is to act now is called; at the start too, as nobody knows since
        when."""
        staffed = await self.database.run(recall.staffed, self._house)
        if staffed == self._staffed:
            return
        last: int | None = 0
        while last is not None:
            last = await self.database.run(recall.recall, self._house, last, _failed)
        await self.database.run(recall.recall_beside, self._house, _failed)
        self._staffed = staffed

    async def _all(self, due: Due) -> None:
        while await self._one(due):
            pass

    async def _one(self, due: Due, **where: int) -> bool:
        """Do one thing that is due. True where there may be more."""
        try:
            return await self.database.run(partial(due.work, **where), self._house)
        except (OperationalError, InterfaceError):
            raise  # the database is away, and what is due as good as before
        except Exception as error:
            log.error("due.failed", work=due.work.__module__, error=type(error).__name__, exc_info=error)
            await self.database.run(due.put_off, self._house)
            return True

    async def read_files(self) -> None:
        """Take in SOP files that changed; a broken one is told to the admins and takes no good SOP away."""
        shelf: Shelf = await asyncio.to_thread(self._folder.load)
        for sop in shelf.sops:
            source = shelf.sources.get(sop.digest)
            if source is not None and self._taken.get(sop.digest) != source:
                await self._take_in(sop, source)
        # not those that do not fit yet: they may, once another file is there
        self._taken = {one.digest: shelf.sources[one.digest] for one in shelf.sops if one.digest in shelf.sources}
        words = Words(self.settings.office_language, self.settings.office_timezone)
        for problem in shelf.problems:
            if not problem.warning:
                await self._complain(problem.line_of_text(words))
        await self._write_files()
        self.sender.wake()

    async def _write_files(self) -> None:
        """Versions that were made in the chat become files, so that the folder stays what is in use."""
        for one in await self.database.read(drafts.unwritten) if self._lead else ():
            why = await asyncio.to_thread(self._folder.write, one.sop, one.version, one.known, one.text)
            await self.database.run(drafts.written, self._house, one, why)
            log.info("sop.written", sop=one.sop, version=one.version, why=why.value if why else "")

    async def _take_in(self, sop: Sop, source: str) -> None:
        try:
            if await self.database.run(drafts.take_in, self._house, sop, source):
                log.info("sop.loaded", sop=sop.id, version=sop.version)
        except reviews.SameVersion:
            words = Words(self.settings.office_language, self.settings.office_timezone)
            told = words("{sop}: version {version} has been run; raise the version.", sop=sop.id, version=sop.version)
            await self._complain(told)

    async def _complain(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            log.warning("sop.wrong", problem=line)
            await self.database.run(_tell_admins, self._house, line)

    @property
    def house(self) -> House:
        """The office as it is served."""
        return self._house

    async def is_settled(self) -> bool:
        """True where everything that came in is handled, and every phone shows what it should."""
        return await self.database.run(_nothing_waits) and self.updates.is_idle and self.sender.is_idle


def office_of(settings: Settings) -> OfficeSettings:
    """The office's own settings. Raises WrongFile with the line that is wrong."""
    office, problems = load_office(settings.data_dir / NAME, settings.office_timezone)
    if office is None:
        words = Words(settings.office_language, settings.office_timezone)
        raise WrongFile(problems[0].line_of_text(words))
    return office


def settings_of(settings: Settings) -> tuple[str, str, str]:
    """What the journal tells of the settings: the office's own file, its time zone and its language."""
    file = settings.data_dir / NAME
    written = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    return written, settings.office_timezone.key, settings.office_language


def _failed(what: object, error: Exception) -> None:
    log.error("recall.failed", of=what, error=type(error).__name__, exc_info=error)


def _settle_in(tx: Transaction, house: House, *settings: str) -> None:
    """Where the office has other settings than the last time, what is planned follows them."""
    if record.settings(tx, *settings):
        reviews.follow_office(tx, house)


def _take_over(tx: Transaction) -> None:
    """Whoever carried before is gone, and does not come back for what they had in hand."""
    tx.cards.free()
    tx.letters.free()


def _tidy(tx: Transaction) -> int:
    """Forget what is long done, and count what waits."""
    tx.inbox.prune()
    tx.invitations.forget()
    reminders.forget(tx, tx.at.date())
    return tx.inbox.size()


def _nothing_waits(tx: Transaction) -> bool:
    return not (tx.inbox.size() or tx.files.to_fetch() or tx.cards.waiting() or tx.letters.count("new"))


def _tell_admins(tx: Transaction, house: House, line: str) -> None:
    for admin in people.tell(tx, house, (Role.ADMIN,), but=0):
        key = f"file:{tx.at.date()}:{crc32(line.encode())}:{admin.id}"
        tx.letters.put(key, admin.chat, broken_file(house.words(admin), line), must=False)


async def notice_stalls() -> None:
    """Log whenever everything stood still: something held up the loop, or the machine this process."""
    now = asyncio.get_running_loop().time
    while True:
        before = now()
        await asyncio.sleep(LOOK_AT_LOOP)
        stalled = now() - before - LOOK_AT_LOOP
        if stalled > STALL:
            log.warning("loop.stalled", seconds=round(stalled, 1))


async def _supervised(loop: Callable[[], Awaitable[None]]) -> None:
    """No loop may die: what it raises is logged, and it begins anew."""
    while True:
        try:
            await loop()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("loop.failed", loop=loop.__qualname__, error=type(error).__name__, exc_info=error)
            await asyncio.sleep(1)


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then finish what is under way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with App(settings):
        log.info("bot.ready")
        await stop.wait()
        log.info("bot.stopping")
