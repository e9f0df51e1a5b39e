"""A tap as people feel it: `python -m bench.felt`, with 50 ms of network added to each call.

64 people tap 30 times a second in all. Printed: milliseconds until the tap is answered, and until the card is new.
By polling a tap also waits until the next poll has come over the same network; by webhook it is brought."""

import asyncio
import sys

from bench.office import Seen, bench

NETWORK = 0.05
RATE = 30.0
SECONDS = 20.0


async def measure(bot: str, rate: float) -> Seen:
    """What came back while people tapped."""
    async with bench(bot, latency=NETWORK) as it:
        await it.crowd.tap_at(rate, 5.0)
        it.crowd.seen = Seen()
        await it.crowd.tap_at(rate, SECONDS)
        return it.crowd.seen


def within(seconds: list[float], part: float) -> float:
    """Milliseconds within which a part of them lies."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * part))] * 1000


async def main(bots: list[str]) -> None:
    """Measure, and print."""
    for bot in bots:
        seen = await measure(bot, RATE)
        for what, came in (("answer", seen.answers), ("card", seen.cards)):
            p50, p99 = within(came, 0.5), within(came, 0.99)
            print(f"{bot:10} tap to {what:6} p50 {p50:6.0f} ms  p99 {p99:6.0f} ms  of {len(came)}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or ["by webhook", "ours", "bare"]))
