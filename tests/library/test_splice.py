"""A change in the text of an SOP file changes what it is to change, and no other byte of the file."""

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine import drafting as d
from bot.engine.sop import Sop
from bot.engine.values import clean
from bot.library.edits import edited, judged, numbered
from bot.library.nodes import parse
from bot.library.splice import CannotSplice, drop, put, swap

SOPS = Path(__file__).parents[2] / "sops"
HAND_WRITTEN = """\
id: contoh   # tetap
title: "SOP Contoh"
version: '1'
kind: technical
unit: Tata Usaha
team: {author: staf, supervisor: staf, manager: staf}
positions: {staf: Staf}
steps:
  # Persiapan dahulu
  # lalu yang lain
  - id: satu
    do: >-
      Menyiapkan
      berkas

    by: staf

  - {id: dua, do: 'Memeriksa, lalu menulis', by: staf, needs: [Map, "Buku: agenda"], within: 5 menit}   # cepat
  -   id: tiga  # tiga
      do: Menyimpan
      needs:
      - Lemari   # besi
      - Kunci
      by: staf
      within:
      next: end
# penutup
"""
TEXTS = {
    **{path.stem: path.read_text(encoding="utf-8") for path in sorted(SOPS.glob("*.yaml"))},
    "by hand": HAND_WRITTEN,
    "with returns": HAND_WRITTEN.replace("\n", "\r\n"),
    "on one line": HAND_WRITTEN.split("steps:")[0]
    + "steps: [{id: satu, do: Satu, by: staf}, {id: dua, do: Dua, by: staf}]\n",
    "without an end": HAND_WRITTEN.split("# penutup")[0].rstrip(),
}


def data(text: str) -> Any:
    document, problems = parse(text.encode(), "")
    assert problems == []
    return document.data


def window(before: str, after: str) -> tuple[int, int]:
    """From where to where the two differ, as places in `before`."""
    begin = in_common(before, after)
    return begin, len(before) - in_common(before[begin:][::-1], after[begin:][::-1])


def in_common(one: str, other: str) -> int:
    """How many of their first signs are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def extent(text: str, place: int, key: str) -> tuple[int, int] | None:
    """From behind a key of a step to the end of its value, as the parser tells; None where the step has no such key."""
    root: Any = yaml.compose(text, yaml.CSafeLoader)
    steps = next(value for name, value in root.value if name.value == "steps")
    for name, value in steps.value[place].value:
        if name.value == key:
            return name.end_mark.index, max(value.end_mark.index, name.end_mark.index + 1)
    return None


lines = st.text(st.sampled_from("aB1 :#-[]{},'\"&*!|>%@`?\\é💥()~.="), min_size=1, max_size=12)
values = (lines | st.sampled_from(["null", "~", "true", "012", "2026-01-01", "a: b", "- x", "# no", "Ya, tidak"])).map(
    clean
)
whole = values.filter(bool)


@given(st.sampled_from(sorted(TEXTS)), st.data())
@settings(max_examples=80)
def test_a_value_that_is_put_is_there_and_nothing_else_is_otherwise(name: str, draw: st.DataObject) -> None:
    text = TEXTS[name]
    steps = data(text)["steps"]
    place = draw.draw(st.integers(0, len(steps) - 1))
    key = draw.draw(
        st.sampled_from(["within", "needs", "optional", *[k for k in ("do", "decide") if k in steps[place]]])
    )
    value = draw.draw(st.none() | whole | st.lists(whole, min_size=2, max_size=3).map(tuple))

    after = put(text, ("steps", place, key), value)

    wanted = data(text)
    wanted["steps"][place].pop(key, None)
    if value:
        wanted["steps"][place][key] = list(value) if isinstance(value, tuple) else value
    assert data(after) == wanted
    if after == text:
        return
    begin, end = window(text, after)
    within = extent(text, place, key)
    if within is None:
        assert begin == end  # something is added, and that is all
    else:
        assert within[0] <= begin <= end <= within[1]


@given(st.sampled_from(sorted(TEXTS)), st.data())
@settings(max_examples=30)
def test_steps_are_exchanged_whole_and_back_again(name: str, draw: st.DataObject) -> None:
    text = TEXTS[name]
    count = len(data(text)["steps"])
    place = draw.draw(st.integers(0, count - 2))

    after = swap(text, place)

    before, now = data(text), data(after)
    assert now["steps"][place : place + 2] == before["steps"][place : place + 2][::-1]
    assert sorted(after) == sorted(text)
    assert swap(after, place) == text
    assert [one["id"] for one in data(drop(text, place))["steps"]] == [
        one["id"] for number, one in enumerate(before["steps"]) if number != place
    ]


def test_a_step_takes_the_comments_along_that_stand_right_above_it() -> None:
    after = swap(HAND_WRITTEN, 0)

    first, second = after.index("id: dua"), after.index("# Persiapan dahulu\n  # lalu yang lain\n  - id: satu")
    assert first < second
    assert "# cepat\n" in after[first:second]


def test_what_would_need_more_than_a_splice_is_refused() -> None:
    changes: list[Callable[[], str]] = [
        lambda: swap(HAND_WRITTEN, 2),
        lambda: swap(HAND_WRITTEN, -1),
        lambda: put("a: 1\n", ("steps", 0, "do"), "x"),
        lambda: drop("steps:\n  - id: a\n", 0),
    ]
    for change in changes:
        with pytest.raises(CannotSplice):
            change()


EDITS: list[Callable[[str], d.Edit]] = [
    lambda step: d.StepReworded(step, 'Kalimat: "baru" # ini'),
    lambda step: d.StepTimed(step, "45 menit"),
    lambda step: d.StepTimed(step, ""),
    lambda step: d.StepSupplied(step, ("Map, merah", "Kunci")),
    lambda step: d.StepSupplied(step, ("Kunci",)),
    lambda step: d.StepSupplied(step, ()),
    lambda step: d.StepLoosened(step, optional=True),
]


def shelf(text: str, beside: list[Sop]) -> Sop | None:
    return judged(text, "x.yaml", beside).sop


@pytest.mark.parametrize("name", sorted(path.stem for path in SOPS.glob("*.yaml")))
def test_an_edit_of_a_shipped_sop_changes_one_field_of_one_step(name: str) -> None:
    others = [sop for one, text in TEXTS.items() if one != name and (sop := judged(text, one).sop)]
    text = TEXTS[name]
    before = shelf(text, others)
    if before is None:
        pytest.skip("a macro beside SOPs that need others themselves")
    for step in before.steps:
        for make in EDITS:
            try:
                after = shelf(edited(text, before, make(step.id)), others)
            except CannotSplice:
                continue
            if after is None:
                continue  # refused as a file would be
            changed = [
                (one.id, part)
                for one, old in zip(after.steps, before.steps, strict=True)
                for part in ("text", "within", "needs", "optional", "does", "by", "output", "record", "time_note")
                if getattr(one, part) != getattr(old, part)
            ]
            assert len(changed) <= 1


def test_the_mark_that_some_editors_write_and_all_returns_stay() -> None:
    text = "\ufeff" + TEXTS["with returns"]

    after = numbered(text, "2")

    assert after == text.replace("'1'", '"2"')


def test_the_next_version_has_the_next_number_that_is_free() -> None:
    assert d.next_version("1", {"1"}) == "2"
    assert d.next_version("1", {"1", "2"}) == "3"
    assert d.next_version("2026.9-b", ()) == "2026.10-b"
    assert d.next_version("awal", ()) == "awal 2"
