"""Reminders that are due: onto each one's list of the day, which is one message whatever stands on it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

from bot.engine import review as r
from bot.engine.delays import Delay, still
from bot.engine.errands import ErrandKind
from bot.engine.people import Role
from bot.engine.reports import Standing
from bot.engine.review import Moment, Seat
from bot.engine.run import Run
from bot.engine.sop import Sop
from bot.services import departures, lists, report_cards
from bot.services.deciders import seated
from bot.services.house import House
from bot.services.reviews import where
from bot.storage.database import Transaction
from bot.storage.digests import Digest, Notice
from bot.storage.journal import Entry
from bot.storage.outbox import LIST
from bot.storage.people import Person
from bot.views import delays, followups, reports
from bot.views import review as view
from bot.views.tasks import Waiting

A_SECOND = 30
"""Lists that come due in a second, as many as Telegram takes messages; taps meanwhile go before them."""
KEPT_DAYS = 90
"""Days for which it is known who was sent what."""
CALLED = "called"
"""The moment of a follow-up that waits for somebody since others are there: to be seen before it is overdue."""


Lines: TypeAlias = tuple[list[view.Listed], list[Waiting]]


def fire_one(tx: Transaction, house: House) -> bool:
    """Put one review whose moment has come onto the lists of those responsible. True where there may be more.

    The claim and the lists are one transaction: after a downtime only the latest moment counts, and none counts twice,
    whoever else looks at the same rows. Nothing fires while the office is closed."""
    if not house.office.is_open(tx.at) or not tx.reviews.is_due():
        return False
    tx.journal.hold()  # first, as whoever decides does: or the two could wait for each other
    claimed = tx.reviews.claim_due()
    if claimed is None:
        return False
    planned, moments = claimed
    if planned.decided_at is not None:
        return True
    fired = r.fire(moments, planned.dates, tx.at, house.office)
    tx.reviews.plan_more(planned.id, planned.dates.round, fired.passed, fired.next)
    sop = tx.versions.sop(planned.digest)
    tx.journal.append(None, [Entry(r.Reminded(planned.id, fired.told), where(sop))])
    reminded = _reminded(tx, house, sop, fired.told).items()
    lines = {one: Notice(ErrandKind.REVIEW, planned.id, fired.told.name, instead) for one, instead in reminded}
    lists.add(tx, house, lines, r.urgency(fired.told))
    return True


def waits_until(tx: Transaction, house: House) -> datetime | None:
    """When the office opens, where it is closed and something that is due waits for that."""
    opens = house.office.opening(tx.at)
    waits = tx.reviews.is_due() or tx.digests.is_due() or tx.reports.next_due() is not None
    return opens if opens != tx.at and waits else None


def _reminded(tx: Transaction, house: House, sop: Sop, moment: Moment) -> Mapping[int, frozenset[Seat]]:
    found = r.reminded(seated(tx, house, sop), moment)
    if found:
        return found
    # nobody at all can be reached: it waits for the admins, who are the first to come back
    everywhere = frozenset((Seat.AUTHOR, Seat.SUPERVISOR))
    return {admin.id: everywhere for admin in tx.people.with_role((Role.ADMIN,))}


def send_one(tx: Transaction, house: House, place: int) -> bool:
    """Send one list that is due, the most urgent first; `place` is how many were sent before it just now. True where
    there may be more."""
    if not house.office.is_open(tx.at):
        return False
    one = tx.digests.claim_due()
    if one is None:
        return False
    person = tx.people.get(one.person)
    until = _not_before(tx, house, person)
    if until is not None:
        tx.digests.hold(one, until)
        return True
    one = tx.digests.gather(one, house.office.day(tx.at))
    if person.admitted and (lines := _lines(tx, house, person, one)) != ([], []):
        _send(tx, house, person, one, lines, timedelta(seconds=place // A_SECOND))
    return True


def _not_before(tx: Transaction, house: House, person: Person) -> datetime | None:
    """Until when a person is sent no list, None where they are."""
    hushed = tx.digests.hushed([person.id]).get(person.id)
    if hushed is not None:
        return house.office.opening(hushed)
    return None if person.reachable or not person.admitted else _tomorrow(house, tx.at)


def _tomorrow(house: House, at: datetime) -> datetime:
    return house.office.opening(house.office.start_of(house.office.day(at) + timedelta(days=1)))


def _send(tx: Transaction, house: House, person: Person, one: Digest, lines: Lines, wait: timedelta) -> None:
    """A list comes as a message, which the cap counts. What is added to it that day changes it in place, unless it is
    urgent; where the cap is reached a new list waits for tomorrow."""
    sounds = not one.sent or one.urgency >= r.URGENT
    spent = sounds and tx.digests.spend(person.id, house.office.day(tx.at), house.settings.messages_a_day)
    if not one.sent and not spent:
        tx.digests.hold(one, _tomorrow(house, tx.at))
        return
    _paint(tx, house, person, one, lines, anew=spent)
    if wait:
        tx.cards.put_off(_subject(one), person.chat, wait)
    tx.digests.done(one)


def _paint(tx: Transaction, house: House, person: Person, one: Digest, lines: Lines, *, anew: bool) -> None:
    screen = view.digest(house.words(person), house.pack, *lines, house.office.day(tx.at))
    tx.cards.put(_subject(one), person.chat, screen, seen_id=person.seen_id if anew else 0, anew=anew and one.sent)


def _subject(one: Digest) -> str:
    return f"{LIST}{one.person}:{one.day}"


def _lines(tx: Transaction, house: House, me: Person, one: Digest) -> Lines:
    """What still is to be looked at of a list: its reviews, the longest overdue first, then what else waits."""
    lines = tx.digests.lines(one.id)
    due = {line.subject: line for line in lines if line.kind is ErrandKind.REVIEW}
    follow_ups = {line.subject: line.moment for line in lines if line.kind is ErrandKind.FOLLOW_UP}
    unanswered = [line.subject for line in lines if line.kind is ErrandKind.REPORT]
    delayed = {line.subject: line.moment.split(",") for line in lines if line.kind is ErrandKind.RUN}
    waiting = [
        *_delayed(tx, house, me, delayed),
        *_follow_ups(tx, house, me, follow_ups),
        *_reports(tx, house, me, unanswered),
    ]
    return _reviews(tx, due), waiting


def _reviews(tx: Transaction, due: Mapping[int, Notice]) -> list[view.Listed]:
    planned = [one for one in tx.reviews.some(due) if one.decided_at is None] if due else []
    sops = tx.versions.sops(one.digest for one in planned)
    return [view.Listed(one.id, sops[one.digest], one.dates, due[one.id].instead) for one in planned]


def _follow_ups(tx: Transaction, house: House, me: Person, noted: Mapping[int, str]) -> list[Waiting]:
    if not noted:
        return []
    today, mine = house.office.day(tx.at), tx.errands.waiting(me.id, ErrandKind.FOLLOW_UP)
    some = [(it, it.due) for it in tx.follow_ups.some(noted) if it.id in mine]
    told = [it for it, due in some if due is not None and (noted[it.id] == CALLED or due < today)]
    return [followups.waiting(house.words(me), one, today) for one in departures.listed(tx, told)]


def _reports(tx: Transaction, house: House, me: Person, numbers: Sequence[int]) -> list[Waiting]:
    if not numbers:
        return []
    some = [one for one in tx.reports.some(numbers) if one.standing is Standing.OPEN]
    return [reports.overdue(house.words(me), one) for one in report_cards.listed(tx, some)]


def _delayed(tx: Transaction, house: House, me: Person, noted: Mapping[int, Sequence[str]]) -> list[Waiting]:
    """What still waits, or takes, too long; what waits for me, only while it does."""
    if not noted:
        return []
    runs, mine = tx.runs.some(noted), tx.errands.waiting(me.id, ErrandKind.RUN)
    sops = tx.versions.sops(run.digest for run in runs)
    names = {person.id: person.name for person in tx.people.some({run.holder for run in runs if run.holder})}

    def true_of(run: Run) -> list[Delay]:
        told = [one for one in Delay if one.value in noted[run.id] and still(sops[run.digest], run, one)]
        return [one for one in told if one is not Delay.YOURS or run.id in mine]

    late = [(run, told) for run in runs if (told := true_of(run))]
    words = house.words(me)
    return [
        delays.overdue(words, sops[run.digest], run, told, names.get(run.holder or 0, ""), tx.at) for run, told in late
    ]


def repaint(tx: Transaction, house: House, kind: ErrandKind, subject: int) -> None:
    """Something was done that today's lists show: they tell so, without a sound."""
    for one in tx.digests.showing(kind, subject, house.office.day(tx.at)):
        person = tx.people.get(one.person)
        _paint(tx, house, person, one, _lines(tx, house, person, one), anew=False)


def forget(tx: Transaction, today: date) -> None:
    """Forget who was sent what long ago."""
    tx.digests.forget(today - timedelta(days=KEPT_DAYS))
