"""The shortest allowed way through a procedure: as brute force finds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.sop import Decide, Do, Earlier, Kind, Sop, Step, Team, Way

NAMES = ("a", "b", "c", "d")


def sop(*does: Do | Decide, optional: str = "") -> Sop:
    """A procedure of as many steps, of which those that are `optional` may be left out."""
    steps = tuple(
        Step(id=NAMES[n], number=n + 1, text=NAMES[n], does=one, optional=NAMES[n] in optional)
        for n, one in enumerate(does)
    )
    return Sop(
        id="uji",
        title="SOP Uji",
        version="1",
        kind=Kind.TECHNICAL,
        unit="Bengkel",
        team=Team("staf", "staf", "staf"),
        positions=(),
        steps=steps,
        digest="",
    )


def brute_force(procedure: Sop, longest: int) -> int | None:
    """Every way that a run can take, one step at a time, until one of them ends."""
    runs: set[At] = {(procedure.first.id, ())}
    for length in range(longest + 1):
        seen: set[At] = set()
        while runs - seen:
            seen |= runs
            free = [(here, taken) for here, taken in runs if here is not None and procedure.step(here).optional]
            runs |= {one for here, taken in free for one in onward(procedure.step(here or ""), taken)}
        if any(here is None for here, _ in runs):
            return length
        runs = {
            one
            for here, taken in runs
            if not procedure.step(here or "").optional
            for one in onward(procedure.step(here or ""), taken)
        }
    return None


At = tuple[str | None, tuple[str, ...]]
"""Where a run is, and every way of a decision that it took."""


def onward(step: Step, taken: tuple[str, ...]) -> list[At]:
    match step.does:
        case Decide(ways=ways):
            return [one for number, way in enumerate(ways) for one in by(way, f"{step.id}{number}", taken)]
        case _:
            return [(target, taken) for target in step.leads_to()]


def by(way: Way, key: str, taken: tuple[str, ...]) -> list[At]:
    used_up = way.max is not None and taken.count(key) >= way.max
    usual: list[At] = [] if used_up else [(way.next, tuple(sorted((*taken, key))) if way.max else taken)]
    return [*usual, (way.then, taken)] if used_up or way.until is not None else usual


targets = st.sampled_from([*NAMES, None])
ways = st.builds(
    Way, st.just("x"), targets, max=st.none() | st.integers(1, 2), then=targets, until=st.none() | st.just(Earlier("h"))
)
does = st.one_of(
    st.builds(Do, targets), st.lists(ways, min_size=1, max_size=2).map(lambda listed: Decide(tuple(listed)))
)


@given(
    st.builds(
        lambda four, optional: sop(*four, optional=optional),
        st.tuples(does, does, does, does),
        st.sampled_from(["", "", "b", "cd", "abcd"]),
    )
)
def test_it_is_as_long_as_brute_force_finds(procedure: Sop) -> None:
    longest = 9
    found = brute_force(procedure, longest)

    try:
        shortest = procedure.shortest
    except ValueError:
        assert found is None
    else:
        assert found == shortest or (found is None and shortest > longest)


def test_a_way_that_is_used_up_must_have_been_taken_first() -> None:
    back = Way("Ulangi", "a", max=2, then=None)
    assert sop(Do("b"), Decide((Way("Baik", "c"), back)), Do("d"), Do(None)).shortest == 4
    assert sop(Do("b"), Decide((back,)), Do("d"), Do(None)).shortest == 6


def test_many_loops_cost_no_time() -> None:
    loops = [Decide((Way("Ya", following), Way("Tidak", "a", max=9, then=None))) for following in ("b", "c", "d", None)]
    assert sop(*loops).shortest == 4


def test_without_an_end_there_is_no_way() -> None:
    with pytest.raises(ValueError, match="no way leads to the end"):
        _ = sop(Do("b"), Do("a")).shortest
