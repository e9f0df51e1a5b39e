"""The other end of the zygote: begin lives of the bot, kill them, or let them end."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Zygote:
    """The process that forks the lives, one at a time."""

    process: asyncio.subprocess.Process
    served: int = 0
    """How many lives came so far that they served."""

    async def lives(self, seconds: float, *, served: bool) -> None:
        """One life, killed after so many seconds of serving, or else of being. It must not end before."""
        self._ask(json.dumps({"seconds": seconds, "served": served, "ahead": 0}))
        answer = await self.answer()
        while answer == {"up": True}:
            self.served += 1
            answer = await self.answer()
        assert answer == {"ended": -9}

    @asynccontextmanager
    async def alive(self, ahead: float = 0.0) -> AsyncIterator[None]:
        """A life, its clock so many seconds ahead, that is ended by SIGTERM, and ends well."""
        self._ask(json.dumps({"seconds": None, "served": True, "ahead": ahead}))
        assert await self.answer() == {"up": True}
        yield
        self._ask("")
        assert await self.answer() == {"ended": 0}

    async def answer(self) -> dict[str, int]:
        """What it says next; nothing where it is gone."""
        assert self.process.stdout is not None
        answer: dict[str, int] = json.loads(await self.process.stdout.readline() or "{}")
        return answer

    def _ask(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())


@asynccontextmanager
async def zygote(log: Path, settings: Mapping[str, str]) -> AsyncIterator[Zygote]:
    """A zygote whose lives have these settings; what they say goes to `log`."""
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.zygote"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
            env={**os.environ, **settings},
        )
        try:
            mother = Zygote(process)
            assert await mother.answer() == {"ready": True}, f"see {log}"
            yield mother
        finally:
            process.kill()
            await process.wait()


async def until(is_so: Callable[[], bool], seconds: float = 30.0) -> float:
    """Wait until it is so, and tell how many seconds that took. Raises TimeoutError after so many."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        # what is waited for lies in another process
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return time.monotonic() - began
