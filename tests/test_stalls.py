"""A loop that stands still is noticed."""

import asyncio
import time

from structlog.testing import capture_logs

from bot.app import notice_stalls


async def test_a_loop_that_stands_still_is_logged() -> None:
    watching = asyncio.create_task(notice_stalls())
    await asyncio.sleep(0.2)

    with capture_logs() as lines:
        time.sleep(0.8)  # noqa: ASYNC251 (that is the point)
        await asyncio.sleep(0.2)

    watching.cancel()
    assert any(line["event"] == "loop.stalled" and line["seconds"] > 0.5 for line in lines)
