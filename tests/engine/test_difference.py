"""What changed between two versions: nothing if and only if they say the same, and nothing is left out."""

from dataclasses import fields, replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.calendar import Duration
from bot.engine.difference import (
    NO_CONTENT,
    Changed,
    StepAdded,
    StepChanged,
    StepMoved,
    StepRemoved,
    differences,
)
from bot.engine.sop import Do, Sop, Step
from bot.views.changes import PARTS, SWITCHED
from tests.views.given import Maker


def row(*names: str, **times: str) -> tuple[Step, ...]:
    """Steps that each lead to the one below, with standard times."""
    below = [*names[1:], None]
    return tuple(
        Step(
            id=name,
            number=number,
            text=f"Langkah {name}",
            does=Do(following),
            within=Duration.parse(times[name]) if name in times else None,
        )
        for number, (name, following) in enumerate(zip(names, below, strict=True), start=1)
    )


OLD = replace(Maker(Random(1)).sop(), steps=row("a", "b", "c", "d"))


def test_each_change_is_told_by_itself() -> None:
    new = replace(OLD, steps=row("a", "x", "d", "b", b="45 menit"), title="Judul baru", version="9")

    found = differences(OLD, new)

    assert [type(one) for one in found] == [Changed, StepAdded, StepMoved, StepChanged, StepRemoved]
    assert [one.part for one in found if isinstance(one, Changed | StepChanged)] == ["title", "within"]


def test_a_step_that_leads_on_to_what_is_now_below_it_is_not_changed_itself() -> None:
    assert differences(OLD, replace(OLD, steps=row("a", "b", "x", "c", "d"))) == (
        StepAdded(row("a", "b", "x", "c", "d")[2]),
    )


def content(sop: Sop) -> list[object]:
    return [getattr(sop, one.name) for one in fields(Sop) if one.name not in NO_CONTENT - {"steps"}]


@given(st.integers(0, 2**16), st.integers(0, 2**16), st.integers(0, 8))
def test_there_is_no_difference_if_and_only_if_two_versions_say_the_same(one: int, other: int, parts: int) -> None:
    old, whole = Maker(Random(one)).sop(), Maker(Random(other)).sop()
    some = [field.name for field in fields(Sop)][:: parts + 1] if parts else []
    new = replace(old, **{name: getattr(whole, name) for name in some})

    assert (differences(old, new) == ()) is (content(old) == content(new))


@given(st.integers(0, 2**16), st.randoms(use_true_random=False))
def test_only_what_is_out_of_order_is_said_to_be_moved(seed: int, random: Random) -> None:
    names = list("abcdefgh")[: 2 + seed % 7]
    moved = random.sample(names, len(names))

    found = differences(replace(OLD, steps=row(*names)), replace(OLD, steps=row(*moved)))

    assert {type(one) for one in found} <= {StepMoved}
    assert bool(found) is (names != moved)
    assert len(found) < len(names)


def test_every_part_has_a_name() -> None:
    parts = {one.name for one in fields(Sop)} - NO_CONTENT | {one.name for one in fields(Step)} - {"number"}

    assert set(PARTS) | {part for part, _ in SWITCHED} == parts
