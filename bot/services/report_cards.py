"""Reports as they are shown: lists, a report's card, and those who may answer it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, utils

from bot.engine import questions as q
from bot.engine.errands import ErrandKind
from bot.engine.people import REVIEWERS, Role
from bot.engine.reports import Fault, Remark, Standing
from bot.engine.rights import About, Action
from bot.engine.sop import Sop, Step
from bot.engine.staffing import nearest
from bot.services import cards, record
from bot.services.house import Answer, House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.storage.reports import Report
from bot.views import reports as view
from bot.views.screen import Screen

QUESTIONS = (q.WhichSop, q.WhichStep, q.WhatIsWrong, q.Alike, q.Wording, q.Rewording, q.Answering)
"""What is asked on the card of reports."""

ALIKE = 72
"""Likeness, of 100, from which on words of two reports may say the same."""

SHORTEST = 12
"""Letters below which words are like too many others."""

MOST_FILES = 10
"""Files that are sent at once, the newest."""

MOST_ALIKE = 3
"""Reports that are offered to be merged."""

LATEST = 60
"""Reports of one person that are listed, the newest."""


# Who may read and answer


def may(tx: Transaction, house: House, who: Person, action: Action, sop: Sop) -> bool:
    """Whether somebody may read or answer reports of an SOP: where their role reaches to its unit, or they hold the
    position of its author."""
    return bool(of_mine(tx, house, who, action, [sop]))


def of_mine(tx: Transaction, house: House, who: Person, action: Action, sops: Iterable[Sop]) -> frozenset[str]:
    """The ids of those SOPs whose reports somebody may read or answer so."""
    if not who.may(action):
        return frozenset()
    reached, others = set[str](), list[Sop]()
    for sop in sops:
        if _reaches(house, who, action, sop):
            reached.add(sop.id)
        else:
            others.append(sop)
    authors = _authors(tx, house, others)
    return frozenset(reached | {sop.id for sop in others if who.id in authors[sop.id]})


def _reaches(house: House, who: Person, action: Action, sop: Sop) -> bool:
    return house.allows(who, action, About(unit=house.units.titled(sop.unit)))


def _authors(tx: Transaction, house: House, sops: Collection[Sop]) -> Mapping[str, tuple[int, ...]]:
    """Who holds the position of each one's author: in its unit, else anywhere."""
    positions = [sop.team.author for sop in sops if sop.team.author]
    seats = tx.people.seats(positions, house.office.day(tx.at)) if positions else []
    return {sop.id: _author(sop, nearest(seats, (house.units.titled(sop.unit),))) for sop in sops}


def _author(sop: Sop, holders: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    return holders.get(sop.team.author, ()) if sop.team.author else ()


def concerned(tx: Transaction, house: House, sop: Sop, but: int, roles: tuple[Role, ...] = REVIEWERS) -> list[Person]:
    """Those of the roles who hear of a report of an SOP, as they may answer it."""
    told = tell(tx, house, roles, but)
    return _concerned(house, sop, told, _authors(tx, house, [sop])[sop.id])


def _concerned(house: House, sop: Sop, people: Iterable[Person], authors: Collection[int]) -> list[Person]:
    action = Action.ANSWER_REPORTS
    return [one for one in people if one.may(action) and (one.id in authors or _reaches(house, one, action, sop))]


# For whom a report waits


_LINE = ((Role.AUTHOR,), (Role.SUPERVISOR,), (Role.MANAGER,), (Role.ADMIN,))
"""In this order those of a role are asked for an answer; where there is none of them, the next."""


def asked(everyone: Collection[Person], reminder: int) -> Iterator[list[Person]]:
    """Of those who may answer a report, whom its n-th reminder is for: the groups that take each other's place."""
    for roles in _LINE if reminder < 2 else _LINE[1:]:
        group = [one for one in everyone if one.roles & {*roles}]
        if group:
            yield group


def await_answer(tx: Transaction, house: House, some: Sequence[Report]) -> None:
    """Each of these reports waits for its authors, else for those above them; once the second reminder was due, for
    the next above the authors too."""
    sops = tx.versions.called((one.sop, one.version) for one in some)
    authors = _authors(tx, house, list({sop.id: sop for sop in sops.values()}.values()))
    people, before = tell(tx, house, tuple(Role), but=0), tx.errands.of_kind(ErrandKind.REPORT)
    for one in some:
        sop = sops[one.sop, one.version]
        able = _concerned(house, sop, people, authors[sop.id])
        groups = [next(asked(able, reminder), []) for reminder in range(1, 3) if reminder == 1 or one.reminded > 1]
        waits = {person.id for group in groups for person in group}
        if waits != before.get(str(one.number), frozenset()):
            tx.errands.put(ErrandKind.REPORT, one.number, waits, one.at)


# What is shown of a report


def sop_of(tx: Transaction, one: Report) -> Sop:
    """The version that was found wrong."""
    digest = tx.versions.digest_of(one.sop, one.version)
    assert digest is not None, f"{one.sop} {one.version} is gone"
    return tx.versions.sop(digest)


def step_of(sop: Sop, step: str | None) -> Step | None:
    """The step that a report is about, where it is about one that the version still has."""
    return next((one for one in sop.steps if one.id == step), None)


def shown(tx: Transaction, lead: Report) -> view.Shown:
    """A report with all that were merged into it."""
    return _shown(tx, lead, tx.reports.group(lead.number))


def alone(tx: Transaction, one: Report) -> view.Shown:
    """A report as whoever made it knows it: with their own words alone."""
    return _shown(tx, one, [one])


def _shown(tx: Transaction, one: Report, group: Sequence[Report]) -> view.Shown:
    sop, numbers = sop_of(tx, one), [each.number for each in group]
    written = tx.reports.written(numbers)
    return view.Shown(
        number=one.number,
        sop=sop,
        step=step_of(sop, one.step),
        fault=one.fault,
        by=tx.people.get(one.person).name,
        at=one.at,
        standing=one.standing,
        people=tx.reports.people([one.lead])[one.lead],
        also=tuple(number for number in numbers if number != one.number),
        words=tuple(each.text for each in written if each.what is Remark.SAID),
        wording=tuple(each.text for each in written if each.what is Remark.WORDING),
        files=len(tx.files.of_reports(numbers)),
        runs=tuple(each.run for each in group if each.run is not None),
        answer=one.answer,
        answered_by="" if one.answered_by is None else tx.people.get(one.answered_by).name,
        answered_at=one.answered_at,
        published_in=one.published_in or "",
    )


# Lists


def waiting(tx: Transaction, house: House, me: Person) -> int | None:
    """How many reports wait for an answer that I may give; None where I may read none."""
    if not me.may(Action.SEE_REPORTS):
        return None
    return sum(one.standing is Standing.OPEN for one in _readable(tx, house, me))


def pending_of(tx: Transaction, house: House, me: Person, sop: Sop) -> int:
    """How many reports of an SOP are on their way, of those that I may read."""
    return len(tx.reports.pending([sop.id])) if may(tx, house, me, Action.SEE_REPORTS, sop) else 0


def _readable(tx: Transaction, house: House, me: Person) -> list[Report]:
    found = tx.reports.pending()
    sops = {sop.id: sop for sop in tx.versions.called((one.sop, one.version) for one in found).values()}
    mine = of_mine(tx, house, me, Action.SEE_REPORTS, sops.values())
    return [one for one in found if one.sop in mine]


def show_mine(tx: Transaction, house: House, me: Person, page: int, *, anew: bool) -> None:
    """One's own reports, the newest first."""
    found = listed(tx, tx.reports.of(me.id, LATEST))
    put(tx, house, me, view.mine(house.words(me), house.pack, found, page), anew=anew)


def show_incoming(tx: Transaction, house: House, me: Person, page: int, *, anew: bool) -> None:
    """The reports that I may read."""
    found = listed(tx, _readable(tx, house, me))
    put(tx, house, me, view.incoming(house.words(me), house.pack, found, page), anew=anew)


def show_of_sop(tx: Transaction, house: House, me: Person, sop_id: str, page: int, *, anew: bool) -> Answer:
    """The same of one SOP."""
    version = next(iter(tx.versions.all_of(sop_id)), None)
    if version is None or not may(tx, house, me, Action.SEE_REPORTS, version.sop):
        return refused(tx, house, me)
    found = listed(tx, tx.reports.pending([sop_id]))
    put(tx, house, me, view.of_sop(house.words(me), house.pack, version.sop, found, page), anew=anew)
    return Answer()


def listed(tx: Transaction, some: Sequence[Report]) -> list[view.Listed]:
    """Reports as lists tell them, however many in a few statements."""
    people = tx.reports.people(one.lead for one in some)
    sops = tx.versions.called((one.sop, one.version) for one in some)
    return [
        view.Listed(one.number, sop, step_of(sop, one.step), one.fault, one.standing, people[one.lead])
        for one in some
        for sop in [sops[one.sop, one.version]]
    ]


# The card of one


def show(tx: Transaction, house: House, me: Person, number: int, *, anew: bool, said: str = "") -> Answer:
    """The card of a report: to who may answer it with all that were merged, to who made it as their own."""
    found = tx.reports.get(number)
    if found is None:
        return refused(tx, house, me)
    answers = may(tx, house, me, Action.ANSWER_REPORTS, sop_of(tx, found))
    if not answers and found.person != me.id:
        return refused(tx, house, me)
    lead = tx.reports.get(found.lead) if answers else found
    assert lead is not None
    told = shown(tx, lead) if answers else alone(tx, found)
    desk = view.ForAuthor(lead.answers, tuple(alike(tx, lead))) if answers else None
    mine = lead.person == me.id
    words = house.words(me)
    card = view.report_card(words, house.pack, told, tx.at, mine=mine, desk=desk, said=said)
    put(tx, house, me, card, anew=anew)
    return Answer()


def send_files(tx: Transaction, house: House, me: Person, number: int) -> Answer:
    """The files of a report once more, below; pressed twice in a minute it is done once."""
    found = tx.reports.get(number)
    if found is None:
        return refused(tx, house, me)
    answers, words = may(tx, house, me, Action.SEE_REPORTS, sop_of(tx, found)), house.words(me)
    if not answers and found.person != me.id:
        return refused(tx, house, me)
    numbers = [one.number for one in tx.reports.group(number)] if answers else [number]
    for one in tx.files.of_reports(numbers)[-MOST_FILES:]:
        key = f"report-file:{one.id}:{me.id}:{tx.at:%Y%m%d%H%M}"
        tx.letters.put(key, me.chat, view.file_letter(words, one.report, one.known), must=False)
    return Answer(words("They follow below."))


def refused(tx: Transaction, house: House, me: Person) -> Answer:
    """There is no such report for them."""
    record.attempt(tx, me, "report")
    return Answer(house.words(me)("That report is not for you to see."), alert=True)


def put(tx: Transaction, house: House, me: Person, screen: Screen, *, anew: bool) -> None:
    """Put a list or a report on the card of reports; what was asked on it is asked no more."""
    if me.asked is not None and isinstance(me.asked.what, QUESTIONS):
        tx.questions.drop(me.id)
    tx.cards.put(cards.REPORT, me.chat, screen, seen_id=me.seen_id, anew=anew)


def alike(tx: Transaction, lead: Report) -> list[view.Like]:
    """Other reports of the same SOP that may say the same as one without an answer, the likeliest first: of the same
    kind at the same step, or in like words."""
    if lead.standing is not Standing.OPEN:
        return []
    others = [one for one in tx.reports.pending([lead.sop]) if one.number != lead.number]
    said: dict[int, str] = defaultdict(str)
    for one in tx.reports.written([lead.number, *(each.number for each in others)]):
        said[one.report] += f" {one.text}"
    likeness = {one.number: _likeness(lead, one, said) for one in others}
    found = sorted((one for one in others if likeness[one.number]), key=lambda one: -likeness[one.number])
    people = tx.reports.people(one.number for one in found[:MOST_ALIKE])
    return [view.Like(one.number, one.fault, people[one.number]) for one in found[:MOST_ALIKE]]


def _likeness(one: Report, other: Report, said: Mapping[int, str]) -> float:
    if one.fault is other.fault is not Fault.OTHER and one.step == other.step:
        return 100
    mine, theirs = said[one.number], said[other.number]
    if min(len(mine), len(theirs)) < SHORTEST:
        return 0
    likeness = fuzz.token_set_ratio(mine, theirs, processor=utils.default_process)
    return likeness if likeness >= ALIKE else 0


# What others hear of


def announce(tx: Transaction, house: House, number: int, but: int) -> None:
    """Those who may answer hear of a report."""
    lead = tx.reports.get(number)
    assert lead is not None
    told = shown(tx, lead)
    for other in concerned(tx, house, told.sop, but):
        screen = view.notice(house.words(other), house.pack, told)
        tx.cards.put(_notice(number), other.chat, screen, seen_id=other.seen_id)


def repaint_notices(tx: Transaction, house: House, number: int) -> None:
    """Those who heard of a report see where their notice stands, without a sound, what became of it."""
    lead = tx.reports.get(number)
    assert lead is not None
    told = shown(tx, lead)
    for other in tx.people.some(tx.people.of_chats(tx.cards.chats(_notice(number)))):
        tx.cards.put(_notice(number), other.chat, view.notice(house.words(other), house.pack, told), seen_id=0)


def _notice(number: int) -> str:
    return f"reported:{number}"


def tell_reporter(tx: Transaction, house: House, number: int) -> None:
    """Whoever made a report hears how it was answered."""
    one = tx.reports.get(number)
    assert one is not None
    to = tx.people.get(one.person)
    letter = view.answered_letter(house.words(to), number, alone(tx, one))
    tx.letters.put(f"answered:{number}:{one.lead}:{one.answers}", to.chat, letter)
