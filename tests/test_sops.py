"""Every shipped SOP is sound, has the shape it should have, and can be walked to its end whatever one chooses."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.engine import commands as c
from bot.engine.calendar import Office
from bot.engine.children import carried_up
from bot.engine.commands import ReasonWanted, Situation, decide, missing
from bot.engine.people import Staff
from bot.engine.run import (
    Attachment,
    ChildOpened,
    ChildWanted,
    Event,
    FileKind,
    Parent,
    Progress,
    Run,
    Started,
    begin,
    evolve,
)
from bot.engine.sop import Approve, Child, Choice, Choices, Day, Decide, Field, Number, Sop, Text, YesNo
from bot.engine.values import Value, Verdict, check, ends
from bot.library.folder import Folder
from bot.library.judge import Judge
from bot.library.office import read_office
from bot.library.schema import json_schema
from bot.storage import codec

SOPS = Path(__file__).parent.parent / "sops"
SHELF = Folder(SOPS).load()
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def _office() -> Office:
    settings, _ = read_office(None, "office.yaml", ZoneInfo("Asia/Makassar"))
    assert settings is not None
    return settings.office


OFFICE = _office()


def _sop(name: str) -> Sop:
    return next(sop for sop in SHELF.sops if sop.id == name)


def test_nothing_is_wrong_with_any_shipped_file() -> None:
    office = SOPS.parent / "data" / "office.yaml"
    assert Judge(SOPS, office, OFFICE.zone).problems([SOPS, office]) == []


def test_eight_sops_are_shipped() -> None:
    assert len(SHELF.sops) == 8


@pytest.mark.parametrize(
    ("name", "steps", "decisions", "ways_back"),
    [
        ("pemeliharaan-komputer", 16, 4, 3),
        ("penerimaan-peserta-didik-baru", 16, 5, 5),
        ("penyelenggaraan-bimbingan-teknis", 16, 4, 4),
        ("penyelenggaraan-pelatihan", 16, 4, 4),
        ("pengelolaan-bmn", 16, 5, 4),
    ],
)
def test_the_five_have_the_shape_of_their_tables(name: str, steps: int, decisions: int, ways_back: int) -> None:
    sop = _sop(name)
    back = [
        target for step in sop.steps for target in step.leads_to() if target and sop.step(target).number < step.number
    ]
    assert len(sop.steps) == steps
    assert sum(isinstance(step.does, Decide | Approve) for step in sop.steps) == decisions
    assert len(back) == ways_back


def test_every_key_of_the_format_is_shown_in_some_shipped_file() -> None:
    schema = json_schema()
    known = {key for group in (schema, *schema["$defs"].values()) for key in group.get("properties", ())}
    used = {key for path in SOPS.glob("*.yaml") for key in _keys(yaml.safe_load(path.read_text(encoding="utf-8")))}
    assert known - used == set()


def _keys(data: object) -> Iterator[str]:
    match data:
        case dict():
            for key, value in data.items():
                yield from (key, *_keys(value))
        case list():
            for item in data:
                yield from _keys(item)


@pytest.mark.parametrize("sop", SHELF.sops, ids=lambda sop: sop.id)
def test_a_version_comes_back_from_the_database_as_it_went_in(sop: Sop) -> None:
    assert codec.load(codec.dump(sop)) == sop
    json.loads(codec.dump(sop))


class Robot:
    """Walks an SOP by orders alone, filling in whatever is asked for."""

    def __init__(self, sop: Sop) -> None:
        self.sop = sop
        self.at = START
        events = c.start(sop, 1, Staff())
        started = events[0]
        assert isinstance(started, Started)
        self.run = begin(1, started, self.at)
        self.move(events[1:])

    def move(self, events: Sequence[Event]) -> None:
        for event in events:
            self.run = evolve(self.run, event, self.at)
            if isinstance(event, ChildWanted):
                self.run = evolve(self.run, ChildOpened(event.step, 2), self.at)

    def situation(self) -> Situation:
        return Situation(self.sop, self.run, 1, Staff(), OFFICE, self.at)

    def order(self, command: c.Command) -> None:
        try:
            events = decide(self.situation(), self.run.visit, command)
        except ReasonWanted as wanted:
            assert isinstance(command, c.Reasoned)
            self.order(c.with_reason(command, wanted.reasons[-1]))
            return
        before = self.run.turn
        self.move(events)
        assert self.run.turn >= before + len(events)

    def prepare(self) -> None:
        """Fill in everything that the step asks for, and wait until it may be done."""
        step = self.sop.step(self.run.step or "")
        for field in step.record:
            self.order(c.Record(field.name, _some_value(field, self.run)))
        for item in range(len(step.check)):
            self.order(c.Tick(item, True))
        evidence = step.evidence
        for kind, count in ((FileKind.PHOTO, evidence.photos), (FileKind.FILE, evidence.files)):
            for number in range(count):
                self.order(c.Attach(Attachment(kind, f"{kind}{self.run.turn}{number}")))
        if evidence.location:
            self.order(c.Attach(Attachment(FileKind.LOCATION, f"here{self.run.turn}")))
        assert missing(step, self.run) == ()
        opens = c.opens_at(self.run, step, OFFICE)
        self.at = max(self.at, opens) if opens else self.at
        self.at += timedelta(minutes=1)

    def finish(self, way: int = 0) -> None:
        step = self.sop.step(self.run.step or "")
        match step.does:
            case Decide():
                self.order(c.Choose(way))
            case Approve(sign=sign):
                self.order(c.Sign() if sign else c.Give())
            case Child(sop=name):
                self.walk_child(_sop(name))
            case _:
                self.order(c.Finish())

    def walk_child(self, sop: Sop) -> None:
        child = Robot(sop)
        child.run = before = replace(child.run, id=2, parent=Parent(1, self.run.step or ""))
        while not child.run.over:
            child.prepare()
            child.finish(_forward(sop, child.run.step or "", child))
        self.move(carried_up(before, child.run, self.situation()))


def _some_value(field: Field, run: Run) -> Value:
    match field.asks:
        case Text(digits=digits):
            return "1" * (digits[0] if digits else 3)
        case Number(expect=expect, limit=limit):
            usual: list[Value] = [Decimal(10), Decimal(0), Decimal(1), Decimal(1000)]
            return _allowed(field, run, [*ends(expect, run.known), *ends(limit, run.known), *usual])
        case Day(expect=expect, limit=limit):
            return _allowed(field, run, [*ends(expect, run.known), *ends(limit, run.known), OFFICE.day(START)])
        case Choice(options=options):
            return options[0]
        case Choices(options=options):
            return options[:1]
        case YesNo():
            return True


def _allowed(field: Field, run: Run, candidates: list[Value | None]) -> Value:
    # the high ends first: who counts nothing where something is to follow would be stuck, as a person would
    fitting = (one for one in [*candidates[1:4:2], *candidates[4:], *candidates] if one is not None)
    return next(one for one in fitting if check(field.asks, one, run.known) is not Verdict.FORBIDDEN)


def _ways(sop: Sop) -> Iterator[tuple[str, int]]:
    for step in sop.steps:
        if isinstance(step.does, Decide):
            yield from ((step.id, number) for number in range(len(step.does.ways)))


@pytest.mark.parametrize(
    ("sop", "taken", "way"),
    [(sop, step, number) for sop in SHELF.sops for step, number in _ways(sop)],
    ids=lambda value: value.id if isinstance(value, Sop) else str(value),
)
def test_a_robot_reaches_the_end_whichever_way_it_takes_twice(sop: Sop, taken: str, way: int) -> None:
    """At one decision the robot takes the given way twice (a limited one until it is used up), elsewhere the way on."""
    robot = Robot(sop)
    times = 0
    for _ in range(400):
        if robot.run.over:
            break
        robot.prepare()
        here = robot.run.step
        if here == taken and times < 2:
            times += 1
            robot.finish(way)
        else:
            robot.finish(_forward(sop, here or "", robot))
    assert robot.run.progress is Progress.DONE, f"stuck at {robot.run.step}"
    assert times >= 1 or not _reachable(sop, taken)


def _reachable(sop: Sop, name: str) -> bool:
    """Whether the robot's usual way passes that step; the others are reached by the ways that lead to them."""
    robot = Robot(sop)
    seen = set()
    for _ in range(200):
        if robot.run.over:
            break
        seen.add(robot.run.step)
        robot.prepare()
        robot.finish(_forward(sop, robot.run.step or "", robot))
    return name in seen


def _forward(sop: Sop, name: str, robot: Robot) -> int:
    """The way that leads farthest on."""
    step = sop.step(name)
    if not isinstance(step.does, Decide):
        return 0

    def target(number: int) -> int:
        then = c.way_leads(robot.run, step, number, robot.at, OFFICE)
        return len(sop.steps) + 1 if then is None else sop.step(then).number

    return max(range(len(step.does.ways)), key=target)


def test_a_critical_step_is_skipped_only_by_leave() -> None:
    sop, step = next((sop, step) for sop in SHELF.sops for step in sop.steps if step.critical)
    robot = Robot(sop)
    robot.run = replace(robot.run, step=step.id)
    robot.order(c.Skip())
    assert robot.run.step == step.id
    assert robot.run.wish is not None
