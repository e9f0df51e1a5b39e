"""Lives of the bot, each a process of its own: this one imports everything once and forks them, one after the other.

Run as a program, it answers each line `{"seconds": …, "served": …, "ahead": …}` with `{"up": true}` if the life came so
far that it serves, and with `{"ended": …}`. The life is killed after so many seconds, counted from its birth or, where
`served`, from when it serves. Where `seconds` is null, SIGTERM ends it at the next line. Its clock is `ahead` of
the wall clock by so many seconds. Settings come from the environment."""

import asyncio
import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Never

from bot.settings import Settings  # first: it settles how python-telegram-bot tells durations

from bot.app import App, office_of  # isort: skip
from bot import logs
from bot.engine.calendar import Duration
from bot.library.folder import Folder
from bot.views.words import Words

LONGEST_BIRTH = 15.0
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True, slots=True)
class Life:
    """A process, and the end of a pipe at which it says that it serves."""

    pid: int
    says: int

    @classmethod
    def born(cls, settings: Settings, ahead: float) -> "Life":
        """Fork one."""
        hears, says = os.pipe()
        pid = os.fork()
        if not pid:
            _be_alive(settings, ahead, says)
        os.close(says)
        return cls(pid, hears)

    def wait_until_it_serves(self, seconds: float) -> None:
        """Say so where it comes so far in time."""
        if select.select([self.says], [], [], seconds)[0] and os.read(self.says, 1):
            _say(up=True)

    def end(self, by: signal.Signals) -> int:
        """Its exit code, negative where a signal ended it."""
        os.close(self.says)
        os.kill(self.pid, by)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _be_alive(settings: Settings, ahead: float, says: int) -> Never:
    code = 1
    try:
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
        asyncio.run(_live(settings, ahead, says))
        code = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


async def _live(settings: Settings, ahead: float, says: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with App(settings, lambda: datetime.now(UTC) + timedelta(seconds=ahead)):
        os.write(says, b"!")
        await stop.wait()


def _whole_life(settings: Settings, *, seconds: float | None, served: bool, ahead: float) -> int:
    life = Life.born(settings, ahead)
    if served:
        life.wait_until_it_serves(LONGEST_BIRTH)
    if seconds is None:
        sys.stdin.readline()
        return life.end(signal.SIGTERM)
    time.sleep(seconds)
    return life.end(signal.SIGKILL)


def _warm_up(settings: Settings) -> None:
    """What is loaded at first use is loaded here, not in every life."""
    Folder(settings.sops_dir).load()
    office = office_of(settings).office
    office.due(datetime.now(UTC), Duration.parse("1 hari"))
    Words("id", settings.office_timezone).moment(datetime.now(UTC), datetime.now(UTC))


def main() -> None:
    """Serve until standard input ends."""
    settings = Settings.read()
    logs.configure("json")
    _warm_up(settings)
    gc.freeze()
    _say(ready=True)
    for line in sys.stdin:
        _say(ended=_whole_life(settings, **json.loads(line)))


def _say(**what: int) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
