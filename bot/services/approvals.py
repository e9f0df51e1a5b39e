"""A draft is submitted, read as its difference, and approved by others: then it is in force, or on trial."""

from dataclasses import replace

from bot.engine import questions as q
from bot.engine.approval import (
    Meaning,
    VersionApproved,
    VersionSigned,
    VersionSubmitted,
    VersionTurnedDown,
)
from bot.engine.commands import Refused
from bot.engine.errands import ErrandKind
from bot.engine.events import Told
from bot.engine.messages import Said
from bot.engine.sop import Sop, Status
from bot.services import answers, cards, draft_card, drafts, menu, personnel, pin, reviews, runs
from bot.services import approval_card as card
from bot.services.house import Answer, House
from bot.storage.approvals import Approval
from bot.storage.database import Transaction
from bot.storage.journal import Entry
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import approval as view
from bot.views import approval_taps as a
from bot.views import taps as t
from bot.views.refusals import refusal


def press(tx: Transaction, house: House, me: Person, tap: a.ApprovalTap, message_id: int | None) -> Answer:
    """A tap around the approval of a version."""
    match tap:
        case a.Submit(sop=sop):
            return submit(tx, house, me, sop)
        case a.ShowVersion(approval=number):
            return _open_card(tx, house, me, number, message_id)
        case a.Endorse(approval=number, stage=stage):
            return _endorse(tx, house, me, number, stage, Status.IN_FORCE)
        case a.EndorseTrial(approval=number, stage=stage):
            return _endorse(tx, house, me, number, stage, Status.TRIAL)
        case a.TurnDown(approval=number, stage=stage):
            return _ask_why(tx, house, me, number, stage)
        case a.WalkVersion(approval=number):
            return _walk(tx, house, me, number)


def submit(tx: Transaction, house: House, me: Person, sop_id: str) -> Answer:
    """An author asks that the newest draft of an SOP be approved: the first in the chain are called."""
    tx.journal.hold()  # another author may change the draft at the same moment
    words, draft = house.words(me), tx.versions.draft_of(sop_id)
    if draft is None:
        return Answer(words("There is no draft of that SOP."), alert=True)
    undecided = _decide_first(tx, house, me, sop_id)
    if undecided is not None:
        return undecided
    mine = tx.drafts.of(sop_id)
    wrote = mine.writers if mine else frozenset[int]()
    stages = range(len(house.settings.approval))
    if not all(card.asked(tx, house, draft.sop, stage, wrote | {me.id}) for stage in stages):
        return Answer(words("Nobody else may approve it. Please ask an admin to name a supervisor."), alert=True)
    number = tx.approvals.submit(sop_id, draft.sop.digest, me.id, sorted(wrote - {me.id}))
    if number is None:
        return Answer(words("A version of this SOP waits for approval already."), alert=True)
    submitted = VersionSubmitted(number, draft.sop.digest)
    tx.journal.append(me.id, [Entry(submitted, reviews.where(draft.sop))])
    _call(tx, house, number)
    drafts.entrust_of(tx, house, sop_id)
    menu.show_sop(tx, house, me, sop_id)
    return Answer(words("Submitted. Those who approve have been told."))


def _decide_first(tx: Transaction, house: House, me: Person, sop_id: str) -> Answer | None:
    """A draft goes nowhere while something proposed for it is undecided: then its card is shown."""
    mine = drafts.of(tx, house, sop_id, me)
    if mine is None or (mine.rival is None and not drafts.undecided(tx, mine)):
        return None
    draft_card.show(tx, house, me, mine)
    return Answer(house.words(me)("First decide about everything that is proposed for the draft."), alert=True)


def start_trial(tx: Transaction, house: House, me: Person, tap: t.StartTrial) -> Answer:
    """An admin or author puts the first version of an SOP on trial, from its card. Where one was ever used, or waits
    for approval, the way goes through those who approve it."""
    tx.journal.hold()  # whoever else starts it or approves it, is done
    words, draft = house.words(me), tx.versions.draft_of(tap.sop)
    if not tx.versions.is_new(tap.sop):
        menu.show_sop(tx, house, me, tap.sop)
        button = words("Submit for approval")
        return Answer(
            words("This SOP was in use before. Others approve a new version: {button}.", button=button), alert=True
        )
    if tx.approvals.open_of(tap.sop) is not None:
        menu.show_sop(tx, house, me, tap.sop)
        return Answer(words("A version of this SOP waits for approval already."), alert=True)
    match me.asked:
        case Asked(ask=tap.ask, what=q.Looking(sop=tap.sop)) if draft is not None:
            undecided = _decide_first(tx, house, me, tap.sop)
            if undecided is not None:
                return undecided
            reviews.begin_trial(tx, house, draft.sop, house.office.day(tx.at), me.id)
            answers.publish(tx, house, me, draft.sop, [one.number for one in tx.reports.for_revision(tap.sop)])
            menu.show_sop(tx, house, me, tap.sop)
            return Answer(words("The trial has begun."))
        case _:
            menu.show_sop(tx, house, me, tap.sop)
            return Answer(words("That card was old. Please look at the new one."), alert=True)


def _call(tx: Transaction, house: House, number: int) -> None:
    """The version waits for whoever may approve it now; they see it, but those for whom it waited before."""
    one = _get(tx, number)
    before = tx.errands.whose(ErrandKind.VERSION, number)
    asked = card.asked(tx, house, tx.versions.sop(one.digest), one.stage, one.barred)
    tx.errands.put(ErrandKind.VERSION, number, (person.id for person in asked), one.submitted_at)
    for person in asked:
        if person.id not in before:
            card.show(tx, house, person, one, view.Standing.OPEN, anew=True)


def call_anew(tx: Transaction, house: House) -> None:
    """Others are there now: every version that waits is shown to whoever has come to approve it."""
    for one in tx.approvals.open():
        _call(tx, house, one.id)


def _open_card(tx: Transaction, house: House, me: Person, number: int, message_id: int | None) -> Answer:
    """Where its button stood, or below. What was asked on it is left."""
    known = tx.approvals.get(number)
    one = known and _open(tx, house, me, number, known.stage)
    if one is None:
        return _late(house, me)
    match me.asked:
        case Asked(what=q.TurningDown(approval=asked) | q.Endorsing(approval=asked)) if asked == number:
            tx.questions.drop(me.id)
        case _:
            pass
    here = tx.cards.is_in(cards.approval_subject(number, one.stage), me.chat, message_id)
    card.show(tx, house, me, one, view.Standing.OPEN, anew=not here)
    return Answer()


def _walk(tx: Transaction, house: House, me: Person, number: int) -> Answer:
    """Whoever is to approve a version may walk it first, and none of it counts. What they began so is shown again."""
    known = tx.approvals.get(number)
    one = known and _open(tx, house, me, number, known.stage)
    if one is None:
        return _late(house, me)
    mine = (run for run in tx.runs.open_of(me.id) if run.rehearsal and run.digest == one.digest)
    begun = next(mine, None)
    if begun is not None:
        return menu.show_begun(tx, house, me, begun.id)
    runs.rehearse(tx, house, me, tx.versions.sop(one.digest))
    return Answer()


def _get(tx: Transaction, number: int) -> Approval:
    one = tx.approvals.get(number)
    assert one is not None
    return one


def _open(tx: Transaction, house: House, me: Person, number: int, stage: int) -> Approval | None:
    """What waits for me at that stage, None where it does not."""
    one = tx.approvals.get(number)
    if one is None or not one.is_open or one.stage != stage:
        return None
    sop = tx.versions.sop(one.digest)
    return one if me.id in {other.id for other in card.asked(tx, house, sop, stage, one.barred)} else None


def _late(house: House, me: Person) -> Answer:
    return Answer(house.words(me)("That was decided already, or does not wait for you."), alert=True)


def _endorse(tx: Transaction, house: House, me: Person, number: int, stage: int, status: Status) -> Answer:
    """Approve it, or first ask for the PIN where that stage is signed."""
    one = _open(tx, house, me, number, stage)
    if one is None:
        return _late(house, me)
    if not house.signs(stage):
        return _approve(tx, house, me, number, stage, status)
    try:
        wanted = pin.first(tx, me)
    except Refused as refused:
        return Answer(refusal(house.words(me), refused), alert=True)
    _ask_pin(tx, house, me, one, q.Endorsing(number, stage, status, wanted))
    return Answer()


def _ask_pin(tx: Transaction, house: House, me: Person, one: Approval, what: q.Endorsing, said: str = "") -> None:
    if me.asked is not None and isinstance(me.asked.what, q.Endorsing):
        tx.questions.ask(me.id, what)
    else:
        cards.ask(tx, house, me, what)
    card.show(tx, house, me, one, view.Standing.OPEN, pin=what.pin, said=said)


def hear_pin(tx: Transaction, house: House, me: Person, what: q.Endorsing, said: Said) -> None:
    """What I type while my PIN is asked for. What was typed vanishes, and the card stays where it is."""
    one = _open(tx, house, me, what.approval, what.stage)
    try:
        following = pin.hear(tx, house, me, what.pin, said)
    except Refused as refused:
        note = refusal(house.words(me), refused)
        if one is not None:  # also while it is locked: what is typed then is a PIN too, and has to vanish
            card.show(tx, house, me, one, view.Standing.OPEN, pin=what.pin, said=note)
        else:
            tx.questions.drop(me.id)
            tx.letters.put(f"approval-pin:{me.id}:{said.message_id}", me.chat, view.told(note), must=False)
        return
    if one is not None and following is not None:
        _ask_pin(tx, house, me, one, replace(what, pin=following))
        return
    tx.questions.drop(me.id)
    if one is None or _approve(tx, house, me, what.approval, what.stage, what.status, signs=True).alert:
        _say_late(tx, house, me, what.approval, what.stage)


def _approve(
    tx: Transaction, house: House, me: Person, number: int, stage: int, status: Status, *, signs: bool = False
) -> Answer:
    one = _open(tx, house, me, number, stage)
    last = stage + 1 >= len(house.settings.approval)
    if one is None or not tx.approvals.approve(one, me.id, last=last):
        return _late(house, me)
    sop, becomes = tx.versions.sop(one.digest), status if last else None
    told = VersionApproved(number, stage, one.digest, becomes)
    signed = [_signature(tx, house, me, number, sop, last=last)] if signs else []
    events: list[Told] = [told, *signed]
    tx.journal.append(me.id, [Entry(event, reviews.where(sop)) for event in events])
    if last:
        now = view.Standing.NOW_ON_TRIAL if status is Status.TRIAL else view.Standing.NOW_IN_FORCE
        card.settle(tx, house, one, now)
        _publish(tx, house, me, one, sop, status)
    else:
        card.settle(tx, house, one, view.Standing.APPROVED)
        _call(tx, house, number)
    return Answer(house.words(me)("Approved."))


def _signature(tx: Transaction, house: House, me: Person, number: int, sop: Sop, *, last: bool) -> VersionSigned:
    """Who signs, as they are known today: by name, NIP and position."""
    today = house.office.day(tx.at)
    held = [one.position for one in tx.holdings.of(me.id) if one.span.covers(today)]
    position = next((one for one in (sop.team.manager, sop.team.supervisor) if one in held), next(iter(held), None))
    title = personnel.titles(tx).get(position or "", position)
    return VersionSigned(
        number, sop.digest, Meaning.ENACTED if last else Meaning.APPROVED, title, me.name, me.nip or ""
    )


def _publish(tx: Transaction, house: House, me: Person, one: Approval, sop: Sop, status: Status) -> None:
    """The version is used from now on: its author and those hear of it whose reports it takes in. Runs that are open
    end on theirs."""
    # what was accepted after the version had been submitted is for the next one
    accepted = [(report.answered_at, report.number) for report in tx.reports.for_revision(sop.id)]
    taken = [number for at, number in accepted if at is not None and at <= one.submitted_at]
    if status is Status.TRIAL:
        reviews.begin_trial(tx, house, sop, house.office.day(tx.at), me.id)
    else:
        reviews.put_in_force(tx, house, sop, me.id)
    reviews.end_revision(tx, sop.id)
    answers.publish(tx, house, me, sop, taken)
    author = tx.people.get(one.author)
    letter = view.published(house.words(author), sop, status, me.name)
    tx.letters.put(f"approved:{one.id}", author.chat, letter)


def _ask_why(tx: Transaction, house: House, me: Person, number: int, stage: int) -> Answer:
    words, one = house.words(me), _open(tx, house, me, number, stage)
    if one is None:
        return _late(house, me)
    cards.ask(tx, house, me, q.TurningDown(number, stage))
    card.show(tx, house, me, one, view.Standing.ASKS_WHY)
    return Answer(words("Please type the reason."))


def turn_down(tx: Transaction, house: House, me: Person, what: q.TurningDown, reason: str) -> None:
    """The reason was typed: the version stays a draft, and its author hears why."""
    one = _open(tx, house, me, what.approval, what.stage)
    tx.questions.drop(me.id)
    if one is None or not tx.approvals.turn_down(what.approval, what.stage):
        _say_late(tx, house, me, what.approval, what.stage)
        return
    sop, author = tx.versions.sop(one.digest), tx.people.get(one.author)
    tx.journal.append(me.id, [Entry(VersionTurnedDown(one.id, one.stage, reason), reviews.where(sop))])
    card.settle(tx, house, one, view.Standing.TURNED_DOWN, reason)
    letter = view.turned_down(house.words(author), sop, me.name, reason)
    tx.letters.put(f"turned-down:{one.id}", author.chat, letter)
    drafts.entrust_of(tx, house, one.sop)


def _say_late(tx: Transaction, house: House, me: Person, number: int, stage: int) -> None:
    letter = view.too_late(house.words(me))
    tx.letters.put(f"approval-late:{number}:{stage}:{me.id}", me.chat, letter, must=False)
