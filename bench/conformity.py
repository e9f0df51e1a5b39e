"""How quickly the conformity of runs is told: `python -m bench.conformity [RUNS]`.

Runs of 15 visits, with loops, skipped steps and returns, made by chance and told once each on one core."""

import sys
import time
from random import Random

from bot.engine.conformity import How, Visit, conformity, unexplained

VISITS, SHORTEST = 15, 11
HOWS = [How.DONE] * 8 + [How.SKIPPED, How.AGAIN]


def trail(random: Random) -> list[Visit]:
    """Forward mostly, round a loop sometimes, and now and then sent back."""
    place, visits = 0, []
    for _ in range(VISITS):
        goes_back = place > 2 and random.random() < 0.15
        left = goes_back and random.random() < 0.5
        visits.append(Visit(f"langkah-{place}", How.LEFT if left else random.choice(HOWS)))
        place = place - random.randint(1, 2) if goes_back else place + 1
    return visits


def told(visits: list[Visit]) -> float:
    """The conformity of a run, from its visits."""
    done = sum(visit.how is How.DONE for visit in visits)
    skipped = sum(visit.how is How.SKIPPED for visit in visits)
    return float(conformity(performed=done, skipped=skipped, extra=unexplained(visits), shortest=SHORTEST))


def main(runs: int) -> None:
    """Print runs a second, and the mean so that nothing can be left out."""
    random = Random(7)
    trails = [trail(random) for _ in range(runs)]
    begun = time.process_time()
    total = sum(map(told, trails))
    took = time.process_time() - begun
    print(f"{runs} runs of {VISITS} visits: {runs / took:,.0f} runs a second, mean conformity {total / runs:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60_000)
