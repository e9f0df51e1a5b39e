"""What views are given: values of every kind, with words as long and as strange as files and people may write."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.engine import commands as c
from bot.engine import questions as q
from bot.engine.calendar import Duration, Office
from bot.engine.deviations import Kind as Departure
from bot.engine.deviations import Reason, Severity, both_times
from bot.engine.difference import Changed, StepChanged
from bot.engine.feedback import Opinion, opinions
from bot.engine.figures import Counted, Departures, Figures, RunFound, StepTimes, Verdict, VersionSeen
from bot.engine.followup import FollowMove, FollowState, FollowUp
from bot.engine.messages import Form
from bot.engine.rights import Relation
from bot.engine.run import (
    Attachment,
    ChildRun,
    Deviated,
    Doubt,
    FileKind,
    Hand,
    Hurry,
    Leave,
    Parent,
    Progress,
    Run,
    Seen,
    Wish,
)
from bot.engine.sop import (
    Approve,
    Asks,
    Choice,
    Choices,
    Day,
    Decide,
    Do,
    Does,
    Evidence,
    Field,
    Kind,
    Law,
    Number,
    Position,
    Range,
    Sop,
    Status,
    Step,
    Team,
    Text,
    Way,
    YesNo,
)
from bot.engine.sop import Child as ChildStep
from bot.engine.units import Unit, Units
from bot.engine.values import Value, clean
from bot.engine.whereabouts import Clocks, Use
from bot.library.office import read_office
from bot.library.schema import MOST_ITEMS
from bot.views import drafts, followups
from bot.views.card import Asked, Card, Child, Enclosed, Place
from bot.views.figures import Frame as FiguresFrame
from bot.views.menu import OpenRun
from bot.views.pages import Page
from bot.views.review_evidence import Change, Rule, RunsBehind
from bot.views.review_evidence import Evidence as Shown
from bot.views.screen import Button, Known
from bot.views.taps import Packer, ShowRun
from bot.views.tasks import Task, Waiting
from bot.views.words import LANGUAGES, Words
from tests.hostile.contents import TEXTS

T = TypeVar("T")

ZONE = ZoneInfo("Asia/Makassar")
HARMLESS = str.maketrans("<>&", "⟨⟩⅋")
"""Stand-ins for what means something in HTML, which must not matter."""


def harmless(value: Any) -> Any:
    """The same value, with stand-ins in all its words."""
    return _harmless(value, {})


def _harmless(value: Any, known: dict[int, tuple[Any, Any]]) -> Any:
    # what stands in many places is looked through once; kept beside what it became, it keeps its number
    if id(value) not in known:
        known[id(value)] = value, _with_stand_ins(value, lambda one: _harmless(one, known))
    return known[id(value)][1]


def _with_stand_ins(value: Any, inner: Callable[[Any], Any]) -> Any:
    match value:
        case Enum() | Words() | Office() | Packer():
            return value
        case str():
            return value.translate(HARMLESS)
        case tuple():
            return tuple(inner(item) for item in value)
        case list():
            return [inner(item) for item in value]
        case Units():
            return Units(inner(unit) for unit in value)
        case Mapping():
            return {inner(key): inner(item) for key, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: inner(getattr(value, one.name)) for one in fields(value)})
        case _:
            return value


def _kept(words: str) -> str:
    return clean(words.translate({ord(sign): None for sign in "⟨⟩⅋"}))[:4096].strip()


_LONG = [char * count for char in "W<&>💥ﷺ \n" for count in (1, 50, 161, 500, 4096)]
_BETWEEN = [f"Memeriksa {text} laptop" for text in TEXTS]
KEPT = sorted({"Memeriksa laptop", *map(_kept, (*TEXTS, *_LONG, *_BETWEEN))} - {""})
"""Words as they may have come in, cleaned as all are before they are kept."""


class Maker:
    """Makes values by chance: often of the usual kind, often at the edge of what is allowed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._choice = random.choice

    def text(self, longest: int = 4096) -> str:
        return self._choice(KEPT)[:longest].strip() or "x"

    def line(self, longest: int = 4096) -> str:
        return " ".join(self.text(longest).split())

    def lines(self, most: int, longest: int = 4096) -> tuple[str, ...]:
        return tuple(self.line(longest) for _ in range(self.count(most)))

    def maybe(self, make: Callable[[], str]) -> str:
        return make() if self.flag() else ""

    def flag(self) -> bool:
        return self._random.random() < 0.5

    def count(self, most: int) -> int:
        return self._choice((0, 1, 2, most))

    def number(self) -> int:
        return self._choice((0, 1, 7, 1500, 999_999))

    def one_of(self, *some: T) -> T:
        return self._choice(some)

    def moment(self) -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=self._random.randrange(60 * 24 * 36_500))

    def day(self) -> date:
        return self._choice((date(1900, 1, 1), date(2199, 12, 31), self.moment().date()))

    def span(self) -> timedelta:
        return timedelta(seconds=self._choice((0, 30, 4000, 10**7)))

    def decimal(self) -> Decimal:
        return self._choice([Decimal(one) for one in ("0", "-5.5", "1500000", "9" * 20, "-0." + "9" * 19)])

    # An SOP

    def asks(self) -> Asks:
        ends = (self.one_of(None, self.decimal()), self.one_of(None, self.decimal()))
        days = (self.one_of(None, self.day()), self.one_of(None, self.day()))
        options = tuple(dict.fromkeys(self.line(38) + f" {n}"[-2:] for n in range(max(1, self.count(MOST_ITEMS)))))
        ranged = (Number(self.line(), Range(*ends)), Day(Range(*days)))
        some: list[Asks] = [Text(), Text((1, 999)), *ranged, Choice(options), Choices(options), YesNo()]
        return self._choice(some)

    def way(self) -> Way:
        return Way(self.line(32), None, reason=self.flag(), reasons=self.lines(MOST_ITEMS, 40))

    def step(self, number: int = 1) -> Step:
        ways = tuple(self.way() for _ in range(max(1, self.count(MOST_ITEMS))))
        does: list[Does] = [Do(None), Decide(ways), Approve(None, "s0"), ChildStep("x", None)]
        everybody = tuple(f"p{n}" for n in range(20))
        record = [
            Field(f"f{n}", self.line(), self.asks(), self.flag(), self.maybe(self.line)) for n in range(self.count(25))
        ]
        return Step(
            id=f"s{number - 1}",
            number=number,
            text=self.line(),
            does=self._choice(does),
            by=self.one_of(("p0",), ("initiator",), everybody),
            along=self.one_of((), everybody),
            phase=self.maybe(self.line),
            needs=self.lines(9),
            within=self.one_of(None, Duration.parse("5 menit"), Duration.parse("9999 jam")),
            time_note=self.maybe(self.line),
            output=self.lines(9),
            note=self.maybe(self.text),
            help=self.maybe(self.text),
            warning=self.maybe(self.line),
            critical=self.flag(),
            record=tuple(record),
            check=self.lines(MOST_ITEMS),
            evidence=Evidence(self.count(9999), self.count(9999), self.flag()),
        )

    def sop(self) -> Sop:
        later, count = self.step(), self.one_of(1, 2, 2, 2, 3, 3, 80)
        return Sop(
            id="x" * 48,
            title=self.line(),
            version=self.line(),
            kind=Kind.TECHNICAL,
            unit=self.line(),
            team=Team("p0", "p1", "p2"),
            positions=tuple(Position(f"p{n}", self.line(), recorded_by="p1") for n in range(20)),
            steps=(self.step(), *(replace(later, id=f"s{n}", number=n + 1) for n in range(1, count))),
            digest="0" * 64,
            number=self.maybe(self.line),
            legal_basis=tuple(Law(text) for text in self.lines(9)),
            qualifications=self.lines(9),
            equipment=self.lines(9),
            warnings=self.lines(9),
        )

    # A run

    def value(self, field: Field) -> Value:
        match field.asks:
            case Text():
                return self.text(1000)
            case Number():
                return self.decimal()
            case Day():
                return self.day()
            case Choice(options=options):
                return self._choice(options)
            case Choices(options=options):
                return options
            case YesNo():
                return self.flag()

    def values(self, step: Step) -> dict[str, Value]:
        return {field.name: self.value(field) for field in step.record if self.flag()}

    def run(self, sop: Sop) -> Run:
        step, at, progress = self._choice(sop.steps), self.moment(), self._choice([*Progress])
        photo = Attachment(FileKind.PHOTO, "x")
        doubt = Doubt(5, photo, Seen(self.number(), step.id, self.moment()))
        made = Run(
            id=self.number(),
            sop=sop.id,
            digest=sop.digest,
            starter=1,
            started_at=at,
            entered_at=at,
            progress=progress,
            turn=self.number(),
            step=None if progress is Progress.DONE else step.id,
            visit=self.number(),
            holder=self.one_of(None, 1),
            child=self.one_of(None, None, ChildRun(7, 1)),
            vacant=self.flag(),
            wish=self.one_of(None, Wish(self._choice([*Leave]), Reason.NO_TIME, self.moment())),
            hands={step.id: Hand(2, self.number())} if self.flag() else {},
            ticks=tuple(range(self.count(len(step.check)))),
            values=dict(self.values(step)),
            earlier=self.values(step),
            files=(photo,) * self.count(3),
            doubts=self.one_of((), (), (doubt,)),
            done={step.id: self.moment() for step in sop.steps if self.flag()},
            visits={step.id: self.number() for step in sop.steps},
            paused_at=at,
            hurry=self.one_of(None, Hurry((step.id,) * 6, self.span())),
            performed=self.number(),
            skipped=self.number(),
            extra=self.number(),
            deviations=self.number(),
            ended_at=at,
        )
        return replace(made, before=replace(made, step=step.id))

    def command(self, step: Step) -> c.Reasoned:
        ways = [c.Choose(n) for n in range(len(step.does.ways))] if isinstance(step.does, Decide) else []
        recorded = [c.Record(field.name, self.value(field)) for field in step.record]
        plain = (
            c.Note(),
            c.Skip(),
            c.Waive(),
            c.Block(),
            c.Pause(),
            c.Stop(),
            c.Refuse(),
            c.Return(),
            c.Assign(2),
            c.Deny(),
        )
        commands: list[c.Reasoned] = [*plain, *ways, *recorded]
        return self._choice(commands)

    def question(self, step: Step, turn: int) -> q.Question:
        name = self._choice([field.name for field in step.record] or ["gone"])
        because, which = q.Because(self.command(step)), q.Which(name, (self.decimal(), self.decimal()))
        several = q.Several(name, tuple(range(self.count(MOST_ITEMS))))
        plain = (
            q.Otherwise(),
            q.More(),
            q.StepList(),
            q.FileList(),
            q.Account(),
            q.Whereabouts(),
            q.Whom(),
            q.When(c.Note()),
            q.Quick(),
            q.Tell(turn),
            q.Signing(self._choice([*q.Pin, q.PinAgain("")])),
            q.Tell(turn + 1),
        )
        some: list[q.Question] = [*plain, q.Whom(), because, which, several, q.Fill(name)]
        return self._choice(some)

    def deviated(self, sop: Sop) -> Deviated:
        reason, kind = self.one_of(None, Reason.NO_TIME), self._choice([*Departure])
        detail = both_times(self.moment(), self.moment()) if kind is Departure.LATE_ENTRY else self.line()
        return Deviated(kind, self._choice(sop.steps).id, reason, detail, self.span())

    def card(self) -> Card:
        sop = self.sop()
        made = self.run(sop)
        asked = Asked(self.number(), self.question(sop.step(made.step or "s0"), made.turn))
        enclosed = Enclosed(self._choice(sop.steps).id, FileKind.FILE, self.maybe(self.text), self.moment())
        return Card(
            words=self.words(),
            pack=self.packer(),
            office=OFFICE,
            sop=sop,
            status=self._choice([*Status]),
            run=made,
            now=made.started_at + self.span(),
            asked=self.one_of(None, asked),
            said=self.maybe(lambda: self.line(200)),
            deviations=[self.deviated(sop) for _ in range(self.count(80))],
            files=[enclosed] * self.count(30),
            me=1,
            place=self.place(),
            parent=self.one_of(None, (sop, self.number())),
            children=[self.child(made) for _ in range(self.count(5))],
            clocks=self.one_of(None, self.clocks()),
        )

    def clocks(self) -> Clocks:
        spent = {use: self.span() for use in Use if self.count(1)}
        return Clocks(self.span(), spent, {use: self.span() for use in spent})

    def child(self, parent: Run) -> Child:
        sop = self.sop()
        made = replace(self.run(sop), id=7, parent=Parent(parent.id, parent.step or "s0"))
        return Child(made, sop, [self.deviated(sop) for _ in range(self.count(9))])

    def place(self) -> Place:
        people = {number: self.line(200) for number in range(1, 1 + self.count(30))}
        return Place(
            relation=self._choice([*Relation]),
            names=people,
            asked=tuple(people)[:3],
            candidates=tuple(people),
            may_assign=self.flag(),
            may_steer=self.flag(),
        )

    def open_run(self) -> OpenRun:
        sop = self.sop()
        return OpenRun(self.number(), sop, self.one_of(None, self._choice(sop.steps)), self.flag(), self.moment())

    # What is done about a deviation

    def follow_up(self) -> FollowUp:
        texts = (self.maybe(self.text), self.maybe(self.text))
        state, owner = self._choice([*FollowState]), self.one_of(None, 1)
        key = ("x", "s0", Departure.SKIPPED, None, self._choice([*Severity]), state, self.number())
        file = self.one_of(None, self._choice([*FileKind]))
        return FollowUp(self.number(), self.number(), *key, owner, self.day(), *texts, file, owner, self.moment())

    def departed(self) -> followups.Departed:
        sop, many = self.sop(), (self.number(), self.number())
        told = (self.number(), sop, self.number(), self.deviated(sop), self.moment(), self.line(200))
        return followups.Departed(*told, *many, self.one_of(None, self.follow_up()), self.line(200), self.line(), many)

    def follow_frame(self) -> followups.Frame:
        people = [(number, self.line(200)) for number in range(self.count(30))]
        asked = self.one_of(None, *(one for one in FollowMove if one not in (FollowMove.TAKE, FollowMove.AGREE)))
        chosen = self.one_of(None, *Severity) if asked is FollowMove.GRADE else None
        moves = frozenset(move for move in FollowMove if self.flag())
        now = (self.words(), self.packer(), self.moment(), self.day())
        return followups.Frame(*now, moves, asked, chosen, people, self.maybe(lambda: self.line(200)))

    def waiting(self) -> Waiting:
        return Waiting("📨", self.line(), self.line(), ShowRun(self.number()))

    def task(self) -> Task:
        return Task("📨", self.line(), self.line(), self.moment(), ShowRun(self.number()))

    def figures_frame(self) -> FiguresFrame:
        known = {"x" * 48: self.sop()}
        return FiguresFrame(self.words(), self.packer(), self.number(), self.day(), self.units(), known)

    def counted(self) -> dict[str, Counted]:
        return {
            f"{n:048}": Counted(self.number(), self.one_of(None, 0.935), self.number()) for n in range(self.count(30))
        }

    def by_step(self) -> list[tuple[str, int]]:
        return [(f"s{n}", self.number()) for n in range(self.count(30))]

    # A review

    def times(self, step: str) -> StepTimes:
        return StepTimes(step, ((60, 9), (9000, self.count(9))), 3, self.one_of(None, timedelta(minutes=30)))

    def evidence(self) -> Shown:
        steps = [f"s{n}" for n in range(self.count(30))]
        departures = tuple(Departures("x" * 48, step, Departure.SKIPPED, self.number()) for step in steps)
        times = tuple(self.times(step) for step in steps)
        figures = Figures(done=self.number(), fitness=self.one_of(None, 0.935), departures=departures, times=times)
        given = [Opinion(self.one_of(1, 5), step, self.maybe(self.text)[:300]) for step in steps]
        seen = [VersionSeen("0" * 64, self.flag(), self.number(), 1, 1, 0.5, 1, self.span()) for _ in range(2)]
        return Shown(
            figures=figures,
            performers=self.number(),
            wanted_runs=self.number(),
            wanted_performers=self.number(),
            open_runs=self.number(),
            reports=self.number(),
            changes=[Change(self.line(), self.day()) for _ in range(self.count(9))],
            thought=opinions(given),
            rule=self.one_of(None, Rule(85, Verdict.NOT_WELL, self.number())),
            before=(self.line(), seen[0]),
            this=(self.line(), seen[1]),
        )

    def runs_behind(self) -> RunsBehind:
        sop, count = self.sop(), self.count(9)
        worst = [(step.id, self.number()) for step in sop.steps[:3]]
        found = [RunFound(self.number(), sop.id, self.moment(), 0.5, self.number()) for _ in range(min(7, count))]
        return RunsBehind(self.number(), sop, worst, self.one_of(None, worst[0][0]), self.count(9), count, found)

    # The rest

    def units(self) -> Units:
        return Units(Unit(f"{n:048}", self.line()) for n in range(self.count(30)))

    def words(self) -> Words:
        return Words(self._choice([*LANGUAGES]), ZONE)

    def packer(self) -> Packer:
        return Packer(self.one_of(1, 9))

    def button(self) -> Button:
        return Button(self.line(60), "m1.help")

    def known(self) -> Known:
        return Known(self._choice([*Form]), "A" * 255)


def _office() -> Office:
    settings, _ = read_office(None, "office.yaml", ZONE)
    assert settings is not None
    return settings.office


OFFICE = _office()


def made(make: Callable[[Maker], T]) -> st.SearchStrategy[T]:
    """What `make` makes of a maker, by chance."""
    return st.integers(0, 2**32).map(lambda seed: make(Maker(Random(seed))))


BY_TYPE: dict[type, st.SearchStrategy[Any]] = {
    str: made(Maker.text),
    int: made(Maker.number),
    float: st.floats(0, 1),
    datetime: made(Maker.moment),
    date: made(Maker.day),
    timedelta: made(Maker.span),
    Decimal: made(Maker.decimal),
    Sop: made(Maker.sop),
    Step: made(Maker.step),
    Words: made(Maker.words),
    Packer: made(Maker.packer),
    Office: st.just(OFFICE),
    OpenRun: made(Maker.open_run),
    Task: made(Maker.task),
    Waiting: made(Maker.waiting),
    Card: made(Maker.card),
    followups.Departed: made(Maker.departed),
    followups.Frame: made(Maker.follow_frame),
    Shown: made(Maker.evidence),
    RunsBehind: made(Maker.runs_behind),
    Button: made(Maker.button),
    Units: made(Maker.units),
    Page: st.builds(Page, st.integers(0, 40), st.integers(0, 300), st.integers(1, 20)),
    drafts.Overview: st.builds(drafts.Overview, mark=st.just("0" * 12)),  # the beginning of a digest
    Known: made(Maker.known),
    FiguresFrame: made(Maker.figures_frame),
    Changed: made(lambda make: Changed("equipment", (make.line(),), tuple(make.line() for _ in range(9)))),
    StepChanged: made(lambda make: StepChanged(make.step(), "text", make.text(), make.text())),
}
for kind, strategy in BY_TYPE.items():
    st.register_type_strategy(kind, strategy)
