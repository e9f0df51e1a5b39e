"""/rekap: figures of what one may see, on one card, and the runs behind each number."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.engine.deviations import Kind
from bot.engine.figures import (
    Behind,
    Breakdown,
    By,
    Figures,
    Looking,
    Overview,
    Papers,
    Period,
    Scope,
    Span,
    Stage,
    Versions,
    Which,
)
from bot.services import cards, counting, exports, papers
from bot.services.house import Answer, House
from bot.services.inquiry import Inquiry
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import figures as view
from bot.views import taps as t
from bot.views.figures import Move
from bot.views.screen import Screen

Draw = Callable[[view.Frame, Transaction], Screen]


def begin(tx: Transaction, house: House, me: Person) -> Answer:
    """/rekap: the figures of this month. Raises Inquiry."""
    this_month = Period.around(house.office.day(tx.at), Span.MONTH)
    raise _inquiry(house, me, Overview(this_month), anew=True)


def press(tx: Transaction, house: House, me: Person, tap: t.Figures) -> Answer:
    """A tap on the card. Raises Inquiry where it leads anywhere."""
    match me.asked:
        case Asked(ask=tap.ask, what=Overview() | Breakdown() | Behind() | Papers() | Versions() as state):
            wanted = _wanted(house, me, state, tap)
            if wanted is not None:
                raise wanted
        case _:
            pass
    return Answer(house.words(me)("That card was old. Send /stats for the figures of today."), alert=True)


def _wanted(house: House, me: Person, state: Looking, tap: t.Figures) -> Inquiry | None:
    if tap.move == Move.PAPER:
        of = state if isinstance(state, Overview) else state.of
        return papers.inquiry(house, me, of, tap.ask, tap.to)
    if tap.move == Move.FACTS:
        return exports.inquiry(house, me, state.of, tap.ask, tap.to) if isinstance(state, Papers) else None
    after = _after(state, tap.move, tap.to)
    return None if after is None else _inquiry(house, me, after, anew=False)


def _after(state: Looking, move: str, to: str) -> Looking | None:
    """What a tap leads to, None where no button of this card says that."""
    match state, move:
        case ((Breakdown() | Behind()), Move.TURN) if to.isdigit():
            return replace(state, page=int(to))
        case Overview(), _:
            return _from_overview(state, move, to)
        case Breakdown(of=of, by=By.SOP), Move.SOP:
            return replace(of, sop=to)
        case Breakdown(of=of, by=By.UNIT), Move.UNIT:
            return replace(of, unit=to)
        case Breakdown(of=of, by=By.KIND), Move.KIND if to in set(Kind):
            return Behind(of, Which.DEVIATING, kind=Kind(to))
        case Breakdown(of=of, by=By.STEP), Move.STEP:
            return Behind(of, Which.DEVIATING, step=to)
        case Behind(of=of, kind=Kind()), Move.BACK:
            return Breakdown(of, By.KIND)
        case Behind(of=of, step=str()), Move.BACK:
            return Breakdown(of, By.STEP)
        case ((Breakdown(of=of) | Behind(of=of) | Papers(of=of) | Versions(of=of)), Move.BACK):
            return of
        case _:
            return None


def _from_overview(state: Overview, move: str, to: str) -> Looking | None:
    match move:
        case Move.PERIOD:
            period = view.period_of(to)
            return None if period is None else replace(state, period=period)
        case Move.STAGE if to in set(Stage):
            return replace(state, stage=Stage(to))
        case Move.BREAKDOWN if to in set(By):
            return Breakdown(state, By(to))
        case Move.WHICH if to in set(Which):
            return Behind(state, Which(to))
        case Move.PAPERS:
            return Papers(state)
        case Move.VERSIONS if state.sop:
            return Versions(state)
        case Move.BACK:
            return Overview(state.period)
        case _:
            return None


# Reading


@dataclass(frozen=True, slots=True)
class _Question:
    """What is looked at, and by whom."""

    house: House
    me: Person
    state: Looking

    @property
    def overview(self) -> Overview:
        return self.state if isinstance(self.state, Overview) else self.state.of

    @property
    def scope(self) -> Scope:
        return counting.scope(self.house, self.me, self.overview)


def _inquiry(house: House, me: Person, state: Looking, *, anew: bool) -> Inquiry:
    question = _Question(house, me, state)

    def show(draw: Draw, tx: Transaction, house: House, me: Person) -> None:
        mine = me.asked is not None and isinstance(me.asked.what, Looking)
        asked = tx.questions.ask(me.id, state) if mine else cards.ask(tx, house, me, state)
        screen = draw(counting.frame(tx, house, me, asked.ask), tx)
        tx.cards.put(cards.FIGURES, me.chat, screen, seen_id=me.seen_id, anew=anew)

    return Inquiry(lambda tx: _read(tx, question), show)


def _read(tx: Transaction, question: _Question) -> Draw:
    """Read the figures, and return how they are drawn."""
    match question.state:
        case Overview() as state:
            seen = counting.seen(tx, question.house, question.me, state)
            return lambda frame, _: view.overview(frame, seen)
        case Papers() as had:
            return lambda frame, _: view.papers(frame, had)
        case Versions() as compared:
            versions = [(tx.versions.sop(one.digest).version, one) for one in tx.figures.versions(question.scope)]
            return lambda frame, _: view.versions(frame, compared, versions)
        case Breakdown() | Behind() as state:
            found = tx.figures.of(question.scope)
            stage = counting.stage(state.of, found)
            if isinstance(state, Breakdown):
                return _broken_down(tx, question, state, stage, found.get(stage, Figures()))
            count, runs = tx.figures.behind(question.scope, stage, state, view.PAGE)
            return lambda frame, tx: view.runs(frame, state, stage, count, runs, tx.at)


def _broken_down(tx: Transaction, question: _Question, state: Breakdown, stage: Stage, figures: Figures) -> Draw:
    match state.by:
        case By.SOP:
            by_sop = tx.figures.by_sop(question.scope, stage)
            return lambda frame, _: view.lines(frame, state, stage, by_sop)
        case By.UNIT:
            by_unit = tx.figures.by_unit(question.scope, stage)
            return lambda frame, _: view.lines(frame, state, stage, by_unit)
        case By.KIND:
            return lambda frame, _: view.kinds(frame, state, stage, figures.by_kind)
        case By.STEP:
            steps = [(step, count) for (_, step), count in figures.by_step]
            return lambda frame, _: view.steps(frame, state, stage, steps)
