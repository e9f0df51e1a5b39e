"""Papers of the figures: a picture, the forms that offices hand in, the report of a trial; as files, below."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.engine.figures import Counted, Figures, Monitored, Overview, Period, Span, Stage
from bot.engine.review import Ground, ReviewKind
from bot.engine.rights import About, Action
from bot.services import counting, review_evidence
from bot.services.house import Answer, House
from bot.services.inquiry import Inquiry
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.reviews import Planned
from bot.views import figures as view
from bot.views import papers
from bot.views.papers import Form, Paper
from bot.views.review_evidence import NO_EVIDENCE, Rule
from bot.views.screen import Drawn, Screen, Written

Row: TypeAlias = tuple[Monitored, papers.Assessed | None]

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
            return _monitoring(tx, house, me, of, form)
        case Kind.EVALUATION:
            decided = _decided(tx, house, me, of, ReviewKind.EVALUATION)
            sops = dict.fromkeys([*_sops(tx, house, me, of), *decided])
            told = {sop: assessed(tx, house, planned) for sop, planned in decided.items()}
            return papers.evaluation(frame, form, _signed(tx, house, me, of), [*sops], told)
        case Kind.TRIAL:
            assert of.sop is not None
            planned = tx.reviews.trial_of(of.sop)
            if planned is None:  # it never was on trial
                signed = _signed(tx, house, me, of)
                return papers.trial_report(frame, form, signed, frame.sops[of.sop], NO_EVIDENCE, None)
            return _trial(tx, house, me, planned, form)


def _monitoring(tx: Transaction, house: House, me: Person, of: Overview, form: Form) -> Paper:
    decided = _decided(tx, house, me, of, ReviewKind.MONITORING)
    reported = counting.reported(tx, house, counting.scope(house, me, of))
    rows = [
        _monitored(tx, house, me, of, sop, reported) if sop not in decided else _looked_at(tx, house, decided[sop])
        for sop in dict.fromkeys([*_sops(tx, house, me, of), *decided])
    ]
    frame, signed = counting.frame(tx, house, me), _signed(tx, house, me, of)
    return papers.monitoring(frame, form, signed, rows, house.settings.runs_well_from)


def _trial(tx: Transaction, house: House, me: Person, planned: Planned, form: Form) -> Paper:
    """The report of a trial, from its first day until its decision, or until now."""
    sop = tx.versions.sop(planned.digest)
    seen = review_evidence.of_review(tx, house, planned, sop)
    decided = assessed(tx, house, planned) if planned.verdict is not None else None
    signed = _signed_since(tx, house, me, planned)
    return papers.trial_report(counting.frame(tx, house, me), form, signed, sop, seen, decided)


# Of one review


def of_review(house: House, me: Person, planned: Planned, form: Form) -> Inquiry:
    """The form that belongs to a review, with the figures of its card: how it is made and sent below."""

    def read(tx: Transaction) -> Paper:
        frame, signed = counting.frame(tx, house, me), _signed_since(tx, house, me, planned)
        match planned.kind:
            case ReviewKind.TRIAL:
                return _trial(tx, house, me, planned, form)
            case ReviewKind.EVALUATION:
                told = {planned.sop: assessed(tx, house, planned)} if planned.verdict is not None else {}
                return papers.evaluation(frame, form, signed, [planned.sop], told)
            case ReviewKind.MONITORING | ReviewKind.REVISION:
                rows = [_looked_at(tx, house, planned)]
                return papers.monitoring(frame, form, signed, rows, house.settings.runs_well_from)

    def show(made: tuple[Paper, bytes], tx: Transaction, house: House, me: Person) -> Answer:
        key = f"paper:{me.id}:review:{planned.id}:{form}:{tx.at:%Y%m%d%H%M}"
        tx.letters.put(key, me.chat, letter(house, me, *made), must=False)
        return Answer(house.words(me)("It follows below."))

    return Inquiry(read, show)


def _looked_at(tx: Transaction, house: House, planned: Planned) -> Row:
    """A row of Tabel 7 with the figures that the card of the review had."""
    scope = review_evidence.scope(house, planned, tx.at)
    figures = review_evidence.figures(tx, house, planned)
    found = assessed(tx, house, planned) if planned.verdict is not None else None
    rule, reports = review_evidence.rule(tx, house, scope, figures), tx.reports.undecided(planned.sop)
    return _row(tx, planned.sop, figures, rule, reports), found


def assessed(tx: Transaction, house: House, planned: Planned) -> papers.Assessed:
    """What was decided of a review."""
    assert planned.verdict is not None
    assert planned.decided_at is not None
    said = [one.text for one in tx.reviews.words(planned.id) if one.at == planned.decided_at]
    own = said[:1] if planned.ground is Ground.OWN else []
    return papers.Assessed(
        sop=planned.sop,
        verdict=planned.verdict,
        ground=planned.ground,
        words="".join(own),
        action="".join(said[len(own) :]),
        answers=planned.answers,
        name=tx.people.get(planned.decided_by).name if planned.decided_by is not None else "",
        day=house.office.day(planned.decided_at),
    )


def _decided(tx: Transaction, house: House, me: Person, of: Overview, kind: ReviewKind) -> Mapping[str, Planned]:
    """The last decision of that kind about each SOP in the time that is looked at, of units that I may see."""
    since, until = (house.office.start_of(day) for day in (of.period.first, of.period.next.first))
    within = house.units.below(of.unit) if of.unit else None
    found = {}
    for planned in tx.reviews.decided(kind, since, until):
        unit = house.units.titled(tx.versions.sop(planned.digest).unit)
        mine = house.allows(me, Action.SEE_FIGURES, About(unit=unit))
        if mine and of.sop in (None, planned.sop) and (within is None or unit in within):
            found[planned.sop] = planned
    return found


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
) -> Row:
    scope = counting.scope(house, me, Overview(of.period, sop, of.unit))
    figures = tx.figures.of(scope).get(Stage.REGULAR, Figures())
    rule, reports = review_evidence.rule(tx, house, scope, figures), tx.figures.open_reports(scope, reported)
    return _row(tx, sop, figures, rule, reports), None


def _row(tx: Transaction, sop: str, figures: Figures, rule: Rule, reports: int) -> Monitored:
    return Monitored(sop, figures, rule.grave, reports, rule.verdict, tx.follow_ups.plans(sop))


def _signed(tx: Transaction, house: House, me: Person, of: Overview) -> papers.Signed:
    period = view.period_name(house.words(me), of.period)
    return papers.Signed(me.name, house.office.day(tx.at), period, house.unit_title(of.unit or me.unit))


def _signed_since(tx: Transaction, house: House, me: Person, planned: Planned) -> papers.Signed:
    words, today = house.words(me), house.office.day(tx.at)
    until = house.office.day(planned.decided_at) if planned.decided_at else today
    period = words("{first} to {last}", first=words.day(planned.since), last=words.day(until))
    return papers.Signed(me.name, today, period, tx.versions.sop(planned.digest).unit)
