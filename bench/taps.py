"""Our durable tap beside what people write instead: `python -m bench.taps [RUNS]`.

One run starts each bot against the same local Telegram, in turn, and lets 64 people tap as fast as they are answered.
Printed is the median: updates a second, processor seconds for 1,000 taps, statements and commits of ours for a tap."""

import asyncio
import sys
from statistics import median

from bench.office import bench

WARM = 300
TAPS = {"ours": 2000, "bare": 2000, "pickled": 400}


async def measure(bot: str) -> tuple[float, float]:
    """Updates a second, and processor seconds for 1,000 taps."""
    async with bench(bot) as it:
        await it.crowd.tap(min(WARM, TAPS[bot]))
        before = it.cpu
        seconds = await it.crowd.tap(TAPS[bot])
        return TAPS[bot] / seconds, (it.cpu - before) * 1000 / TAPS[bot]


async def count() -> tuple[float, float]:
    """Statements and commits of ours for one tap."""
    async with bench("ours", count=True) as it:
        await it.crowd.tap(WARM)
        before = [int(part) for part in (it.folder / "count").read_text(encoding="ascii").split()]
        await it.crowd.tap(TAPS["ours"])
        after = [int(part) for part in (it.folder / "count").read_text(encoding="ascii").split()]
    statements, commits = ((b - a) / TAPS["ours"] for a, b in zip(before, after, strict=True))
    return statements, commits


async def main(runs: int) -> None:
    """Compare, and print."""
    figures: dict[str, list[tuple[float, float]]] = {bot: [] for bot in TAPS}
    for _ in range(runs):
        for bot in TAPS:
            figures[bot].append(await measure(bot))
    rates = {bot: median(rate for rate, _ in seen) for bot, seen in figures.items()}
    costs = {bot: median(cost for _, cost in seen) for bot, seen in figures.items()}
    for bot in TAPS:
        print(f"{bot:8} {rates[bot]:7.0f} updates/s {costs[bot]:6.2f} s of CPU for 1,000 taps")
    for other in ("bare", "pickled"):
        rate, cost = rates["ours"] / rates[other], costs["ours"] / costs[other]
        print(f"ours / {other}: {rate:.2f} x the rate, {cost:.2f} x the CPU")
    statements, commits = await count()
    print(f"ours: {statements:.1f} statements and {commits:.2f} commits a tap at this load")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
