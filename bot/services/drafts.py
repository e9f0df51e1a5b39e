"""A draft of an SOP's next version: opened with what runs and reports propose, changed step by step, and written out.

Its text is the truth of it; whatever changes it is judged as a file is before it counts. Whoever changes a draft
holds the journal first, so that two authors change it one after the other."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from bot.engine import drafting as d
from bot.engine.deviations import Kind
from bot.engine.errands import ErrandKind
from bot.engine.figures import Figures, Scope, Stage
from bot.engine.people import Role
from bot.engine.proposals import Cause, Proposal, Remedy, Seen, proposals
from bot.engine.reports import Remark, Standing
from bot.engine.review import Seat
from bot.engine.rights import Action
from bot.engine.sop import Sop, Status
from bot.library import edits
from bot.library.edits import digest_of
from bot.library.folder import Unwritten
from bot.library.splice import CannotSplice
from bot.services import answers, approval_card, deciders, reviews
from bot.services.house import House
from bot.services.people import tell
from bot.storage.database import Transaction
from bot.storage.drafts import Draft, Proposed
from bot.storage.journal import Entry
from bot.storage.people import Person
from bot.storage.reports import Report
from bot.views import drafts as view

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_RUNS = re.compile(r"\brun\s*:")
MOST_VALUES = 200
"""Runs whose entered numbers are looked at, the latest."""

# Opening one


def of(tx: Transaction, house: House, sop_id: str, me: Person | None, review: int | None = None) -> Draft | None:
    """The open draft of an SOP, opened where there is none: the version that came as a file, else the one in use as it
    is, under the next number. None where there is neither, or the text of the one in use is not known."""
    known = tx.drafts.of(sop_id)
    if known is None:
        tx.journal.hold()  # another author may open it at the same moment
        known = tx.drafts.of(sop_id) or _opened(tx, house, sop_id, me, review)
    if known is not None:
        _propose_reports(tx, known)
    return known


def _opened(tx: Transaction, house: House, sop_id: str, me: Person | None, review: int | None) -> Draft | None:
    base, came = tx.versions.live_of(sop_id), tx.versions.draft_of(sop_id)
    newest = came or base
    source = tx.versions.source(newest.sop.digest) if newest else None
    digest = came.sop.digest if came else _next(tx, base.sop, source) if base and source else None
    if digest is None:
        return None
    file = None if source is None else digest_of(source)
    by = me.id if me else None
    number = tx.drafts.open(sop_id, base.sop.digest if base else None, digest, file, review=review, person=by)
    assert number is not None
    tx.journal.append(by, [Entry(d.DraftOpened(number, digest, review), reviews.where(tx.versions.sop(digest)))])
    draft = _get(tx, number)
    _propose_changes(tx, draft)
    entrust(tx, house, draft)
    return draft


def _next(tx: Transaction, base: Sop, source: str) -> str | None:
    """Keep a copy of the version in use, under the next number, and return its content."""
    version = d.next_version(base.version, {one.sop.version for one in tx.versions.all_of(base.id)})
    try:
        text = edits.numbered(source, version)
    except CannotSplice:
        return None
    sop = _judge(tx, base.id, text).sop
    if sop is None:
        return None
    tx.versions.keep(sop, Status.DRAFT, None, tx.at, text)
    return sop.digest


def _judge(tx: Transaction, sop_id: str, text: str) -> edits.Judged:
    """What `check` says of a text. Only one that runs other SOPs needs them beside it."""
    beside = [one.sop for one in tx.versions.newest() if one.sop.id != sop_id] if _RUNS.search(text) else []
    return edits.judged(text, f"{sop_id}.yaml", beside)


def _get(tx: Transaction, number: int) -> Draft:
    found = tx.drafts.get(number)
    assert found is not None
    return found


def begin(tx: Transaction, house: House, sop: Sop, review: int) -> None:
    """A review decided that the SOP is to be revised: its authors find a draft with what is proposed."""
    draft = of(tx, house, sop.id, None, review)
    if draft is None:
        return
    _propose_changes(tx, draft)  # it may have been opened before there was as much to be seen
    waiting = len(undecided(tx, draft))
    for person in tx.people.some(_authors(tx, house, sop)):
        screen = view.opened(house.words(person), house.pack, tx.versions.sop(draft.digest), waiting)
        tx.cards.put(f"draft:{draft.id}", person.chat, screen, seen_id=person.seen_id, anew=True)


# What is proposed


def _propose_changes(tx: Transaction, draft: Draft) -> None:
    """What runs of the version in use speak for, but what was proposed already."""
    base = tx.versions.live_of(draft.sop)
    if base is not None:
        known = {_about(one.what) for one in tx.drafts.proposals(draft.id)}
        found = proposals(base.sop, _seen(tx, base.sop, base.status))
        tx.drafts.propose(draft.id, [one for one in found if _about(one) not in known])


def _about(what: Proposal) -> tuple[Cause, str | None, str]:
    return what.cause, what.step, what.record


def _seen(tx: Transaction, sop: Sop, status: Status) -> Seen:
    """What was seen of a version since it is run."""
    stage = Stage.TRIAL if status is Status.TRIAL else Stage.REGULAR
    scope = Scope(_EVER, tx.at, sop.id, digest=sop.digest)
    figures, departures = tx.figures.of(scope).get(stage, Figures()), tx.figures.departed(scope, stage)
    outside = any(one.kind is Kind.OUT_OF_RANGE for one in departures)
    entered = _entered(tx, sop) if outside else {}
    return Seen(figures.done, departures, {one.step: one for one in figures.times}, entered)


def _entered(tx: Transaction, sop: Sop) -> Mapping[str, Sequence[Decimal]]:
    """The numbers that the latest runs entered, by the names of their records."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for one in tx.runs.completed(sop.digest, _EVER, MOST_VALUES):
        for name, value in one.run.known.items():
            if isinstance(value, Decimal):
                found[name].append(value)
    return found


def _propose_reports(tx: Transaction, draft: Draft) -> None:
    """Reports that are still to be answered, or accepted and in no version yet, are for this one to take in."""
    known = {one.what.report for one in tx.drafts.proposals(draft.id)}
    fresh = [one for one in tx.reports.pending([draft.sop]) if one.number not in known]
    sop = tx.versions.sop(draft.digest)
    tx.drafts.propose(draft.id, [_of_report(tx, sop, one) for one in fresh])


def _of_report(tx: Transaction, sop: Sop, report: Report) -> Proposal:
    wordings = [one.text for one in tx.reports.written([report.number]) if one.what is Remark.WORDING]
    step = report.step if any(one.id == report.step for one in sop.steps) else None
    text = " ".join(wordings[-1].split()) if wordings and step else ""
    remedies = (Remedy.WORDING, Remedy.BY_HAND) if text else (Remedy.BY_HAND,)
    runs = () if report.run is None else (report.run,)
    return Proposal(Cause.REPORT, step, remedies, runs=runs, text=text, report=report.number)


def proposed(tx: Transaction, draft: Draft) -> tuple[Proposed, ...]:
    """What is proposed, but what another report has come to stand for, or has been answered meanwhile."""
    pending = {one.number for one in tx.reports.pending([draft.sop])}
    found = tx.drafts.proposals(draft.id)
    return tuple(one for one in found if not one.is_open or one.what.report is None or one.what.report in pending)


def undecided(tx: Transaction, draft: Draft) -> tuple[Proposed, ...]:
    """What is neither taken nor refused: until then the draft is not submitted."""
    return tuple(one for one in proposed(tx, draft) if one.is_open)


def take(tx: Transaction, house: House, me: Person, draft: Draft, one: Proposed, remedy: Remedy) -> str:
    """Take a proposal in one of its ways. Returns why it cannot be taken so, else nothing."""
    edit = d.edit_of(one.what, remedy)
    wrong = "" if edit is None else change(tx, house, me, draft, edit, one)
    if wrong or not tx.drafts.decide(one.id, remedy, me.id):
        return wrong
    told = d.ProposalTaken(draft.id, one.id, remedy.value)
    tx.journal.append(me.id, [Entry(told, reviews.where(tx.versions.sop(_get(tx, draft.id).digest)))])
    _answer_report(tx, house, me, one, Standing.IN_REVISION, "")
    return ""


def refuse(tx: Transaction, house: House, me: Person, draft: Draft, one: Proposed, why: str) -> None:
    """Do not take a proposal. Whoever reported it hears why."""
    if tx.drafts.decide(one.id, None, me.id):
        told = d.ProposalRefused(draft.id, one.id, why)
        tx.journal.append(me.id, [Entry(told, reviews.where(tx.versions.sop(draft.digest)))])
        _answer_report(tx, house, me, one, Standing.REJECTED, why)


def _answer_report(tx: Transaction, house: House, me: Person, one: Proposed, standing: Standing, text: str) -> None:
    report = tx.reports.get(one.what.report) if one.what.report is not None else None
    if report is not None and report.standing is not standing:
        answers.settle(tx, house, me, report, standing, text)


# Changing it


def change(tx: Transaction, house: House, me: Person, draft: Draft, edit: d.Edit, taken: Proposed | None = None) -> str:
    """Change one thing in a draft, by hand or as it is proposed. Returns why it cannot be so, with the draft as it was;
    else nothing."""
    words, sop = house.words(me), tx.versions.sop(draft.digest)
    source = tx.versions.source(draft.digest)
    try:
        text = None if source is None else edits.edited(source, sop, edit)
    except CannotSplice:
        text = None
    if text is None:
        return words("That cannot be changed here. Please change it in the file.")
    judged = _judge(tx, draft.sop, text)
    if judged.sop is None:
        return view.problems(words, [one.sentence(words) for one in judged.problems])
    _rewrite(tx, house, me, draft, judged.sop, text, source, taken.id if taken else None)
    told = d.DraftEdited(draft.id, edit, judged.sop.digest)
    tx.journal.append(me.id, [Entry(told, reviews.where(judged.sop))])
    return ""


def undo(tx: Transaction, house: House, me: Person, draft: Draft) -> None:
    """The draft reads again as before it was changed last; that is kept of one change. A proposal that was taken so is
    to be decided again."""
    assert draft.before is not None
    sop = _judge(tx, draft.sop, draft.before).sop
    if sop is not None:  # else another SOP that it runs has gone meanwhile
        _rewrite(tx, house, me, draft, sop, draft.before, None, None)
        tx.drafts.reopen([] if draft.last is None else [draft.last])
        tx.journal.append(me.id, [Entry(d.DraftUndone(draft.id, sop.digest), reviews.where(sop))])


def discard(tx: Transaction, house: House, me: Person, draft: Draft) -> bool:
    """Give a draft up: the version in use stays as it is, and what was proposed may go into another draft. False while
    it waits for approval: it is taken back first."""
    if tx.approvals.open_of(draft.sop) is not None or not tx.drafts.discard(draft):
        return False
    sop = tx.versions.sop(draft.digest)
    tx.errands.done(ErrandKind.DRAFT, draft.id)
    tx.journal.append(me.id, [Entry(d.DraftDiscarded(draft.id, draft.digest), reviews.where(sop))])
    reviews.stand(tx, sop, Status.WITHDRAWN, me.id)
    return True


def _rewrite(
    tx: Transaction, house: House, me: Person, draft: Draft, sop: Sop, text: str, before: str | None, last: int | None
) -> None:
    changed = tx.drafts.edit(draft, sop.digest, me.id, before, last)
    assert changed, "whoever changes a draft holds the journal"
    _keep(tx, house, draft, sop, text)


def _keep(tx: Transaction, house: House, draft: Draft, sop: Sop, text: str) -> None:
    """The draft has new content; what was submitted of it waits for nobody any more."""
    approval_card.changes(tx, house, draft.digest)
    tx.versions.replace(draft.digest, sop, text)
    entrust(tx, house, _get(tx, draft.id))


# Its file


def take_in(tx: Transaction, house: House, sop: Sop, source: str) -> bool:
    """Take in an SOP as its file has it. True where anything changed.

    What an open draft says is not given up for what its file says: where it was changed in the chat, its author
    chooses. Raises SameVersion where the content changed under a version that has been run."""
    tx.journal.hold()  # an author may change the draft at the same moment
    known, draft = tx.versions.digest_of(sop.id, sop.version), tx.drafts.of(sop.id)
    if known == sop.digest:
        tx.versions.keep_source(known, source)
        if draft is not None and draft.digest == known and draft.file != digest_of(source):
            tx.drafts.take_file(draft, known, digest_of(source))
        if draft is not None and draft.rival is not None and draft.file == digest_of(source):
            tx.drafts.meet(draft.id, None)  # it is again what the draft came from
        return False
    if draft is None or known not in (None, draft.digest):
        return reviews.load(tx, house, sop, source)
    if draft.file == digest_of(source):
        return False  # the draft came from it
    if draft.edited:
        if tx.drafts.meet(draft.id, source):
            _tell_of_rival(tx, house, draft, sop, source)
        return False
    _replace(tx, house, None, draft, sop, source)
    return True


def _replace(tx: Transaction, house: House, me: Person | None, draft: Draft, sop: Sop, source: str) -> None:
    tx.drafts.take_file(draft, sop.digest, digest_of(source))
    tx.drafts.reopen(one.id for one in tx.drafts.proposals(draft.id) if _changes(one))
    _keep(tx, house, draft, sop, source)
    told = d.DraftReplaced(draft.id, sop.digest)
    tx.journal.append(me.id if me else None, [Entry(told, reviews.where(sop))])


def _changes(one: Proposed) -> bool:
    """Whether a proposal was taken in a way that changed the draft."""
    return one.remedy is not None and d.edit_of(one.what, one.remedy) is not None


def _tell_of_rival(tx: Transaction, house: House, draft: Draft, sop: Sop, source: str) -> None:
    for person in tx.people.some(_authors(tx, house, sop)):
        screen = view.rival(house.words(person), house.pack, tx.versions.sop(draft.digest))
        key = f"rival:{draft.id}:{digest_of(source)[:12]}"
        tx.cards.put(key, person.chat, screen, seen_id=person.seen_id, anew=True)


def use_file(tx: Transaction, house: House, me: Person, draft: Draft) -> str:
    """The draft is to be what its file says. Returns why it cannot, else nothing."""
    assert draft.rival is not None
    judged = _judge(tx, draft.sop, draft.rival)
    if judged.sop is None:
        words = house.words(me)
        return view.problems(words, [one.sentence(words) for one in judged.problems])
    _replace(tx, house, me, draft, judged.sop, draft.rival)
    return ""


def keep(tx: Transaction, house: House, me: Person, draft: Draft) -> None:
    """The draft stays; what its file says is sent to whoever gives it up."""
    assert draft.rival is not None
    if tx.drafts.pass_by(draft, digest_of(draft.rival)):
        sop, text = tx.versions.sop(draft.digest), draft.rival
        tx.journal.append(me.id, [Entry(d.FilePassed(draft.id, digest_of(text)), reviews.where(sop))])
        letter = view.passed_file(house.words(me), sop, text)
        tx.letters.put(f"rival:{draft.id}:{digest_of(text)[:12]}", me.chat, letter)


@dataclass(frozen=True, slots=True)
class ToWrite:
    """The file of a version that was made in the chat; it may stand over the text of which `known` is the digest."""

    draft: int
    sop: str
    version: str
    known: str | None
    text: str


def unwritten(tx: Transaction) -> Sequence[ToWrite]:
    """What is to be written into the folder of SOP files."""
    found = []
    for draft in tx.drafts.unwritten():
        text = tx.versions.source(draft.digest)
        if text is not None:
            found.append(ToWrite(draft.id, draft.sop, tx.versions.sop(draft.digest).version, draft.file, text))
    return found


def written(tx: Transaction, house: House, one: ToWrite, why: Unwritten | None) -> None:
    """The file stands in the folder; or, where it says why not, those who write the SOP get it to put it there."""
    if not tx.drafts.written(one.draft):
        return
    draft = _get(tx, one.draft)
    sop = tx.versions.sop(draft.digest)
    told = d.VersionWritten(one.draft, draft.digest, why.value if why else "")
    tx.journal.append(None, [Entry(told, reviews.where(sop))])
    if why is not None:
        for person in tx.people.some(_authors(tx, house, sop)):
            letter = view.unwritten(house.words(person), sop, why.value, one.text)
            tx.letters.put(f"unwritten:{one.draft}:{person.id}", person.chat, letter)


# For whom it waits


def _authors(tx: Transaction, house: House, sop: Sop) -> tuple[int, ...]:
    """Whoever holds the position of its author, else all who may write."""
    seated = deciders.seated(tx, house, sop)[Seat.AUTHOR]
    able = tuple(one.id for one in tx.people.some(seated) if one.may(Action.WRITE))
    return able or tuple(one.id for one in tell(tx, house, (Role.AUTHOR,), but=0) if one.may(Action.WRITE))


def entrust(tx: Transaction, house: House, draft: Draft) -> None:
    """A draft waits for its authors, unless it waits for those who approve it."""
    waits = draft.is_open and tx.approvals.open_of(draft.sop) is None
    people = _authors(tx, house, tx.versions.sop(draft.digest)) if waits else ()
    tx.errands.put(ErrandKind.DRAFT, draft.id, people, draft.opened_at)


def entrust_all(tx: Transaction, house: House) -> None:
    """Others are there now: every open draft waits for its authors of today."""
    for draft in tx.drafts.all_open():
        entrust(tx, house, draft)


def entrust_of(tx: Transaction, house: House, sop_id: str) -> None:
    """The draft of an SOP was submitted, or came back."""
    draft = tx.drafts.of(sop_id)
    if draft is not None:
        entrust(tx, house, draft)
