"""The card of a draft: its author decides about what is proposed, and changes it by buttons and short answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from bot.engine import drafting as d
from bot.engine.calendar import Duration
from bot.engine.commands import Refused, Why
from bot.engine.deviations import AnyReason
from bot.engine.difference import differences
from bot.engine.drafting import Drafting, Part
from bot.engine.messages import Said
from bot.engine.rights import Action
from bot.engine.sop import Step
from bot.engine.values import LONGEST_TEXT, Misfit, clean
from bot.library.edits import digest_of
from bot.services import cards, drafts, report_cards
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.drafts import Draft, Proposed
from bot.storage.people import Person
from bot.storage.questions import Asked
from bot.views import draft_taps as t
from bot.views import drafts as view
from bot.views.draft_taps import DraftMove
from bot.views.pages import Page
from bot.views.refusals import refusal
from bot.views.screen import Screen

_CANCEL = ("batal", "cancel")


class _Gone(Exception):
    """What a tap is about is not there any more."""


class _NotYours(Exception):
    """A report is for others to answer."""


def press(tx: Transaction, house: House, me: Person, tap: t.DraftTap) -> Answer:
    """A tap around a draft."""
    match tap:
        case t.OpenDraft(sop=sop):
            return _open(tx, house, me, sop)
        case t.OnDraft(ask=ask, move=move, to=to):
            match me.asked:
                case Asked(ask=asked, what=state) if asked == ask and isinstance(state, Drafting):
                    return _moved(tx, house, me, state, move, to)
                case _:
                    return _old(house, me)


def _old(house: House, me: Person) -> Answer:
    return Answer(house.words(me)("That card was old. Please look at the new one."), alert=True)


def _open(tx: Transaction, house: House, me: Person, sop_id: str) -> Answer:
    draft = drafts.of(tx, house, sop_id, me)
    if draft is None:
        words = house.words(me)
        return Answer(words("Its text is not known here. Please put the new version into the SOP folder."), alert=True)
    show(tx, house, me, draft)
    return Answer()


def show(tx: Transaction, house: House, me: Person, draft: Draft) -> None:
    """The card of a draft, below."""
    _put(tx, house, me, d.DraftOpen(draft.id), anew=True)


# Taps


def _moved(tx: Transaction, house: House, me: Person, state: Drafting, move: str, to: str) -> Answer:
    tx.journal.hold()  # another author may change the same draft
    try:
        draft = _draft(tx, state)
        if isinstance(state, d.DraftDiscarding) and move == DraftMove.SURE and to == _mark(draft):
            return _discard(tx, house, me, draft)
        _put(tx, house, me, *_after(tx, house, me, draft, state, move, to))
    except _Gone:
        return _old(house, me)
    except _NotYours:
        return report_cards.refused(tx, house, me)
    return Answer()


def _discard(tx: Transaction, house: House, me: Person, draft: Draft) -> Answer:
    words = house.words(me)
    if not drafts.discard(tx, house, me, draft):
        _put(tx, house, me, d.DraftOpen(draft.id), words("It waits for approval. Please take it back first."))
        return Answer()
    tx.questions.drop(me.id)
    screen = view.discarded(words, house.pack, tx.versions.sop(draft.digest))
    tx.cards.put(cards.DRAFT, me.chat, screen, seen_id=me.seen_id)
    return Answer()


def _draft(tx: Transaction, state: Drafting) -> Draft:
    found = tx.drafts.get(state.draft)
    if found is None or not found.is_open:
        raise _Gone
    return found


def _after(
    tx: Transaction, house: House, me: Person, draft: Draft, state: Drafting, move: str, to: str
) -> tuple[Drafting, str]:
    """What lies open after a tap, and what is said on it. Raises _Gone, also for what no button of this card says."""
    words, home = house.words(me), d.DraftOpen(draft.id)
    match state, move:
        case d.StepOpen(step=step), DraftMove.BACK:
            return _among(tx, draft, step), ""
        case _, DraftMove.BACK:
            return _before(state), ""
        case d.DraftDiscarding(), DraftMove.SURE:
            return home, words("The draft has changed meanwhile. Please look at it as it is now.")
        case d.DraftOpen(), _:
            return _from_overview(tx, house, me, draft, move, to)
        case d.ProposalOpen(proposal=number), DraftMove.TAKE if to.isdigit():
            one = _proposed(tx, house, me, draft, number)
            if not one.is_open or int(to) >= len(one.what.remedies):
                raise _Gone
            wrong = drafts.take(tx, house, me, draft, one, one.what.remedies[int(to)])
            return (state, wrong) if wrong else (home, words("Taken."))
        case d.ProposalOpen(proposal=number), DraftMove.REFUSE:
            return d.ProposalRefusing(draft.id, number), ""
        case d.ProposalOpen(proposal=number), DraftMove.RUNS:
            return d.RunsOpen(draft.id, number), ""
        case ((d.RunsOpen() | d.StepsOpen()), DraftMove.TURN) if to.isdigit():
            return replace(state, page=int(to)), ""
        case d.StepsOpen(), DraftMove.STEP:
            return d.StepOpen(draft.id, _step(tx, draft, to).id), ""
        case d.StepOpen(step=step), DraftMove.PART if to in set(Part):
            return d.StepRewriting(draft.id, step, Part(to)), ""
        case d.StepOpen(step=step), _:
            return _change(tx, house, me, draft, step, move)
        case d.StepRewriting(step=step, part=Part.WITHIN), DraftMove.NO_TIME:
            return _changed(tx, house, me, draft, state, d.StepTimed(step, ""))
        case d.StepRewriting(step=step, part=Part.NEEDS), DraftMove.NO_TIME:
            return _changed(tx, house, me, draft, state, d.StepSupplied(step, ()))
        case _:
            raise _Gone


def _before(state: Drafting) -> Drafting:
    match state:
        case d.RunsOpen(draft=draft, proposal=number) | d.ProposalRefusing(draft=draft, proposal=number):
            return d.ProposalOpen(draft, number)
        case d.StepRewriting(draft=draft, step=step):
            return d.StepOpen(draft, step)
        case _:
            return d.DraftOpen(state.draft)


def _from_overview(tx: Transaction, house: House, me: Person, draft: Draft, move: str, to: str) -> tuple[Drafting, str]:
    words, home = house.words(me), d.DraftOpen(draft.id)
    match move:
        case DraftMove.PROPOSAL if to.isdigit():
            return d.ProposalOpen(draft.id, _proposed(tx, house, me, draft, int(to)).id), ""
        case DraftMove.STEPS:
            return d.StepsOpen(draft.id), ""
        case DraftMove.DISCARD:
            return d.DraftDiscarding(draft.id), ""
        case DraftMove.UNDO | DraftMove.USE_FILE | DraftMove.KEEP if to != _mark(draft):
            return home, words("The draft has changed meanwhile. Please look at it as it is now.")
        case DraftMove.UNDO if draft.before is not None:
            drafts.undo(tx, house, me, draft)
            return home, words("The last change is taken back.")
        case DraftMove.SEND:
            _send(tx, house, me, draft)
            return home, words("The file follows below.")
        case DraftMove.USE_FILE if draft.rival is not None:
            return home, drafts.use_file(tx, house, me, draft)
        case DraftMove.KEEP if draft.rival is not None:
            drafts.keep(tx, house, me, draft)
            return home, words("The draft stays. What the file says follows below.")
        case _:
            raise _Gone


def _mark(draft: Draft) -> str:
    """By what a tap knows again what it takes back or gives up: that may be somebody else's by now."""
    return digest_of("\n".join((draft.digest, draft.before or "", draft.rival or "")))[:12]


def _send(tx: Transaction, house: House, me: Person, draft: Draft) -> None:
    sop, text = tx.versions.sop(draft.digest), tx.versions.source(draft.digest)
    if text is None:
        raise _Gone
    letter = view.file_letter(house.words(me), sop, text)
    tx.letters.put(f"draft-file:{me.id}:{draft.digest[:12]}:{tx.at:%Y%m%d%H%M}", me.chat, letter, must=False)


def _change(tx: Transaction, house: House, me: Person, draft: Draft, step: str, move: str) -> tuple[Drafting, str]:
    here = d.StepOpen(draft.id, step)
    match move:
        case DraftMove.LOOSEN:
            return _changed(tx, house, me, draft, here, d.StepLoosened(step, optional=True))
        case DraftMove.BIND:
            return _changed(tx, house, me, draft, here, d.StepLoosened(step, optional=False))
        case DraftMove.UP:
            return _changed(tx, house, me, draft, here, d.StepRaised(step))
        case DraftMove.DOWN:
            return _changed(tx, house, me, draft, here, d.StepLowered(step))
        case DraftMove.DROP:
            return _changed(tx, house, me, draft, here, d.StepDropped(step))
        case _:
            raise _Gone


def _changed(
    tx: Transaction, house: House, me: Person, draft: Draft, state: Drafting, edit: d.Edit
) -> tuple[Drafting, str]:
    """The step as it is then; where it cannot be changed so, what was asked, and why."""
    words, among = house.words(me), _among(tx, draft, edit.step)
    wrong = drafts.change(tx, house, me, draft, edit)
    if wrong:
        return state, wrong
    if isinstance(edit, d.StepDropped):
        return among, words("The step is removed. Tap Back to undo that.")
    return d.StepOpen(draft.id, edit.step), words("Changed.")


def _among(tx: Transaction, draft: Draft, name: str) -> d.StepsOpen:
    """The list of steps, at the page that has the step; at its first where somebody removed it."""
    number = next((one.number for one in tx.versions.sop(draft.digest).steps if one.id == name), 1)
    return d.StepsOpen(draft.id, (number - 1) // view.PAGE)


# What is typed


def hear(tx: Transaction, house: House, me: Person, said: Said) -> bool:
    """What is typed while the card asks for it. False where it is not for the card."""
    text = clean(said.text)
    typed = text and said.file is None and not said.forwarded and text.casefold() not in _CANCEL
    match me.asked:
        case Asked(what=(d.StepRewriting() | d.ProposalRefusing()) as state) if typed:
            tx.journal.hold()
            try:
                _put(tx, house, me, *_heard(tx, house, me, _draft(tx, state), state, text))
            except (_Gone, _NotYours):
                cards.leave(tx, house, me)
            return True
        case _:
            return False


def _heard(
    tx: Transaction, house: House, me: Person, draft: Draft, state: d.StepRewriting | d.ProposalRefusing, text: str
) -> tuple[Drafting, str]:
    if len(text) > LONGEST_TEXT:
        return state, refusal(house.words(me), Refused(Why.MISREAD, misfit=Misfit.TOO_LONG))
    lines = tuple(one for line in text.split("\n") if (one := " ".join(line.split())))
    match state:
        case d.ProposalRefusing(proposal=number):
            drafts.refuse(tx, house, me, draft, _proposed(tx, house, me, draft, number), text)
            return d.DraftOpen(draft.id), house.words(me)("Not taken.")
        case d.StepRewriting(step=step, part=Part.TEXT):
            return _changed(tx, house, me, draft, state, d.StepReworded(step, " ".join(lines)))
        case d.StepRewriting(step=step, part=Part.WITHIN):
            time = " ".join(lines)
            if not Duration.is_one(time):
                return state, view.no_length(house.words(me), time)
            return _changed(tx, house, me, draft, state, d.StepTimed(step, time))
        case d.StepRewriting(step=step):
            return _changed(tx, house, me, draft, state, d.StepSupplied(step, lines))


# Drawing


def _put(tx: Transaction, house: House, me: Person, state: Drafting, said: str = "", *, anew: bool = False) -> None:
    """Let `state` lie open, and draw it."""
    draft = tx.drafts.get(state.draft)
    assert draft is not None
    inside = me.asked is not None and isinstance(me.asked.what, Drafting)
    asked = tx.questions.ask(me.id, state) if inside else cards.ask(tx, house, me, state)
    frame = view.Frame(house.words(me), house.pack, asked.ask, said)
    screen = _screen(tx, house, me, draft, state, frame)
    tx.cards.put(cards.DRAFT, me.chat, screen, seen_id=me.seen_id, anew=anew)


def _screen(tx: Transaction, house: House, me: Person, draft: Draft, state: Drafting, frame: view.Frame) -> Screen:
    sop = tx.versions.sop(draft.digest)
    match state:
        case d.DraftOpen():
            return view.overview(frame, _overview(tx, draft))
        case d.DraftDiscarding():
            return view.discarding(frame, _overview(tx, draft))
        case d.ProposalOpen(proposal=number):
            return view.proposal(frame, sop, _told(tx, draft, _proposed(tx, house, me, draft, number)))
        case d.ProposalRefusing(proposal=number):
            return view.refusing(frame, sop, _told(tx, draft, _proposed(tx, house, me, draft, number)))
        case d.RunsOpen(proposal=number, page=page):
            one = _proposed(tx, house, me, draft, number)
            behind = _behind(tx, house, me, one, page)
            return view.runs(frame, sop, _told(tx, draft, one), behind, page, tx.at)
        case d.StepsOpen(page=page):
            return view.steps(frame, sop, page)
        case d.StepOpen(step=name):
            return view.step(frame, sop, _step(tx, draft, name))
        case d.StepRewriting(step=name, part=part):
            return view.rewriting(frame, sop, _step(tx, draft, name), part)
        case _:
            assert_never(state)


def _overview(tx: Transaction, draft: Draft) -> view.Overview:
    sop, base = tx.versions.sop(draft.digest), tx.versions.live_of(draft.sop)
    return view.Overview(
        sop=sop,
        before=base.sop.version if base else "",
        changes=differences(base.sop, sop) if base else (),
        proposals=[_listed(tx, draft, one) for one in drafts.proposed(tx, draft)],
        waits=tx.approvals.open_of(draft.sop) is not None,
        rival=draft.rival is not None,
        undoes=draft.before is not None,
        mark=_mark(draft),
    )


def _proposed(tx: Transaction, house: House, me: Person, draft: Draft, number: int) -> Proposed:
    found = next((one for one in tx.drafts.proposals(draft.id) if one.id == number), None)
    if found is None:
        raise _Gone
    sop = tx.versions.sop(draft.digest)
    if found.what.report is not None and not report_cards.may(tx, house, me, Action.ANSWER_REPORTS, sop):
        raise _NotYours
    return found


def _listed(tx: Transaction, draft: Draft, one: Proposed) -> view.Listed:
    """The step is shown as it was when it was proposed, where it is gone since."""
    sops = (tx.versions.sop(draft.digest), *([tx.versions.sop(draft.base)] if draft.base else []))
    step = next((step for sop in sops for step in sop.steps if step.id == one.what.step), None)
    return view.Listed(one.id, one.what, step, one.is_open, one.remedy)


def _told(tx: Transaction, draft: Draft, one: Proposed) -> view.Listed:
    """The same with the words of the report that it comes from."""
    report = tx.reports.get(one.what.report) if one.what.report is not None else None
    return replace(_listed(tx, draft, one), report=report_cards.shown(tx, report) if report else None)


def _step(tx: Transaction, draft: Draft, name: str) -> Step:
    found = next((one for one in tx.versions.sop(draft.digest).steps if one.id == name), None)
    if found is None:
        raise _Gone
    return found


def _behind(tx: Transaction, house: House, me: Person, one: Proposed, page: int) -> Sequence[view.RunBehind]:
    """A page of the runs behind a proposal."""
    some = one.what.runs[Page(page, len(one.what.runs), view.PAGE).lines]
    runs = sorted(tx.runs.some(some), key=lambda run: -run.id)
    return [
        view.RunBehind(run.id, run.ended_at or run.started_at, _reason(tx, run.id, one), cards.sees(tx, house, me, run))
        for run in runs
    ]


def _reason(tx: Transaction, run: int, one: Proposed) -> AnyReason | None:
    """Why the run departed from that step."""
    found = (each.reason for each in tx.runs.deviations(run) if each.step == one.what.step and each.reason)
    return next(found, None)
