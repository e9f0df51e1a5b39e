"""The card of a version that waits for approval: for whom it waits, and how they see it, and what came of it."""

from bot.engine import questions as q
from bot.engine.approval import Approver, approvers
from bot.engine.difference import differences
from bot.engine.errands import ErrandKind
from bot.engine.rights import About, Action
from bot.engine.sop import Sop
from bot.services import cards
from bot.services.house import House
from bot.storage.approvals import Approval
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import approval as view


def asked(tx: Transaction, house: House, sop: Sop, stage: int, barred: frozenset[int]) -> list[Person]:
    """Who may approve a version of `sop` at that stage: those who are not barred."""
    about = About(unit=house.units.titled(sop.unit))
    may = {one.id: one for one in tx.people.everyone() if house.allows(one, Action.APPROVE_VERSION, about)}
    among = [Approver(one.id, one.roles) for one in may.values()]
    return [may[number] for number in approvers(house.settings.approval, stage, among, barred)]


def show(
    tx: Transaction,
    house: House,
    to: Person,
    one: Approval,
    standing: view.Standing,
    *,
    anew: bool = False,
    pin: q.Pin | q.PinAgain | None = None,
    said: str = "",
    why: str = "",
) -> None:
    """Show somebody how an approval stands."""
    sop, base = tx.versions.sop(one.digest), tx.versions.live_of(one.sop)
    what = view.Asked(
        approval=one.id,
        stage=one.stage,
        is_last=one.stage + 1 >= len(house.settings.approval),
        author=tx.people.get(one.author).name,
        signed=tuple(tx.people.get(person).name for person in one.approved_by),
        before=base.sop.version if base else "",
        changes=differences(base.sop, sop) if base else (),
        reports=tx.reports.undecided(one.sop),
        pin=pin,
        said=said,
        why=why,
    )
    screen = view.approval_card(house.words(to), house.pack, sop, what, standing)
    tx.cards.put(
        cards.approval_subject(one.id, one.stage), to.chat, screen, seen_id=to.seen_id if anew else 0, anew=anew
    )


def settle(tx: Transaction, house: House, one: Approval, standing: view.Standing, why: str = "") -> None:
    """Take the buttons from everyone who was asked at that stage: it waits for them no more."""
    tx.errands.done(ErrandKind.VERSION, one.id)
    for person in asked(tx, house, tx.versions.sop(one.digest), one.stage, one.barred):
        show(tx, house, person, one, standing, why=why)


def end(tx: Transaction, house: House, digest: str, standing: view.Standing) -> list[Approval]:
    """What was submitted of that content waits for nobody's approval any more, and whoever was asked is shown why.
    Returns what ended."""
    ended = [_waited(tx, number) for number in tx.approvals.drop(digest)]
    for one in ended:
        asked_last = tx.people.some(tx.errands.whose(ErrandKind.VERSION, one.id))
        tx.errands.done(ErrandKind.VERSION, one.id)
        for person in asked_last:
            show(tx, house, person, one, standing, anew=True)
    return ended


def _waited(tx: Transaction, number: int) -> Approval:
    one = tx.approvals.get(number)
    assert one is not None
    return one


def changes(tx: Transaction, house: House, digest: str) -> None:
    """The content of a version is about to change: nobody approves what they have not read. Its author and whoever has
    approved it hear of it too."""
    for one in end(tx, house, digest, view.Standing.CHANGED):
        for person in tx.people.some({one.author, *one.approved_by}):
            letter = view.changed(house.words(person), tx.versions.sop(digest), is_author=person.id == one.author)
            tx.letters.put(f"approval-changed:{one.id}:{person.id}", person.chat, letter)
