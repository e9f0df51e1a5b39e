"""Papers of the figures: a picture, the forms that offices hand in, the report of a trial; as files, below."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from bot.engine.figures import Counted, Figures, Monitored, Overview, Period, Span, Stage, verdict
from bot.services import counting
from bot.services.house import Answer, House
from bot.services.inquiry import Inquiry
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import figures as view
from bot.views import papers
from bot.views.papers import Form, Paper
from bot.views.screen import Drawn, Screen, Written

MONTHS = 6
"""Months that a picture looks back on, this one among them."""


class Kind(StrEnum):
    """What can be had."""

    PICTURE = "picture"
    MONITORING = "tabel7"
    EVALUATION = "tabel8"
    TRIAL = "trial"


def inquiry(house: House, me: Person, of: Overview, ask: int, code: str) -> Inquiry | None:
    """How a paper is made and sent below; None where no button says that. Tapped twice in a minute it comes once."""
    kind, _, form = code.partition("-")
    if kind not in set(Kind) or form not in set(Form) or (kind == Kind.TRIAL and of.sop is None):
        return None

    def read(tx: Transaction) -> Paper:
        return _paper(tx, house, me, of, Kind(kind), Form(form))

    def show(made: tuple[Paper, bytes], tx: Transaction, house: House, me: Person) -> Answer:
        words = house.words(me)
        key = f"paper:{me.id}:{ask}:{code}:{tx.at:%Y%m%d%H%M}"
        tx.letters.put(key, me.chat, letter(house, me, *made), must=False)
        return Answer(words("It follows below."))

    return Inquiry(read, show)


def letter(house: House, me: Person, paper: Paper, content: bytes) -> Screen:
    """A paper as it is sent, with what it tells as its caption."""
    file = Drawn(content) if paper.form is Form.PICTURE else Written(paper.file, content)
    return view.paper_letter(house.words(me), paper.title, paper.caption, file)


def _paper(tx: Transaction, house: House, me: Person, of: Overview, kind: Kind, form: Form) -> Paper:
    frame = counting.frame(tx, house, me)
    match kind:
        case Kind.PICTURE:
            return picture(tx, house, me, of)
        case Kind.MONITORING:
            reported = counting.reported(tx, house, counting.scope(house, me, of))
            rows = [_monitored(tx, house, me, of, sop, reported) for sop in _sops(tx, house, me, of)]
            return papers.monitoring(frame, form, _signed(tx, house, me, of), rows, house.runs_well_from)
        case Kind.EVALUATION:
            return papers.evaluation(frame, form, _signed(tx, house, me, of), _sops(tx, house, me, of), {})
        case Kind.TRIAL:
            assert of.sop is not None
            found = tx.figures.of(counting.scope(house, me, of))
            figures = found.get(Stage.TRIAL, Figures())
            return papers.trial_report(frame, form, _signed(tx, house, me, of), frame.sops[of.sop], figures)


def picture(tx: Transaction, house: House, me: Person, of: Overview) -> Paper:
    """The figures of a period, beside the conformity of the months up to its end."""
    seen = counting.seen(tx, house, me, of)
    last = Period.around(of.period.next.first, Span.MONTH).previous
    months: list[tuple[date, Counted]] = []
    for _ in range(MONTHS):
        counted = tx.figures.fitness(counting.scope(house, me, Overview(last, of.sop, of.unit)), seen.stage)
        months.insert(0, (last.first, counted))
        last = last.previous
    return papers.picture(counting.frame(tx, house, me), seen, months)


def _sops(tx: Transaction, house: House, me: Person, of: Overview) -> list[str]:
    """The SOPs on a form: the one that is looked at, else all of which runs ended."""
    return [of.sop] if of.sop else [*tx.figures.by_sop(counting.scope(house, me, of), Stage.REGULAR)]


def _monitored(
    tx: Transaction, house: House, me: Person, of: Overview, sop: str, reported: Collection[str] | None
) -> Monitored:
    scope = counting.scope(house, me, Overview(of.period, sop, of.unit))
    figures = tx.figures.of(scope).get(Stage.REGULAR, Figures())
    grave = tx.figures.grave(scope, Stage.REGULAR)
    found = verdict(figures, grave, house.runs_well_from)
    return Monitored(sop, figures, grave, tx.figures.open_reports(scope, reported), found)


def _signed(tx: Transaction, house: House, me: Person, of: Overview) -> papers.Signed:
    period = view.period_name(house.words(me), of.period)
    return papers.Signed(me.name, house.office.day(tx.at), period, house.unit_title(of.unit or me.unit))
