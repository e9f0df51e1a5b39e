"""Has papers made, one at a time, in a process that ends with it: what setting needs of memory is not kept."""

import asyncio
import json
import sys

from bot.views.papers import Paper

LONGEST = 60
"""Seconds after which a paper is given up."""


class Unmade(Exception):
    """A paper could not be made."""


class Press:
    """Makes papers beside the event loop."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)

    async def make(self, paper: Paper) -> bytes:
        """The file. Raises Unmade."""
        command = sys.executable, "-m", "bot.documents", paper.template, paper.form.value
        pipe = asyncio.subprocess.PIPE
        async with self._one:
            process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
            try:
                async with asyncio.timeout(LONGEST):
                    made, wrong = await process.communicate(json.dumps(paper.data).encode())
            except BaseException:
                process.kill()
                await process.wait()
                raise
        if process.returncode:
            raise Unmade(f"{paper.file}: {wrong.decode(errors='replace')[-500:]}")
        return made
