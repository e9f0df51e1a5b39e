"""What is known of a person is erased: name, numbers, words, files, what stands in cards and letters. That somebody did
something as a position stays, under a number; the chain of the journal knew no more than that and holds as before."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    cast,
    delete,
    exists,
    literal,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.exc import OperationalError

from bot.engine.run import Run
from bot.storage import codec
from bot.storage.audit import replayed
from bot.storage.errands import errand
from bot.storage.files import file, shred_those
from bot.storage.journal import journal, journal_text, told
from bot.storage.outbox import card, letter
from bot.storage.people import Person, favourite, person
from bot.storage.pins import pin
from bot.storage.questions import question
from bot.storage.staffing import absence
from bot.storage.tables import (
    AllowanceRow,
    ApprovalRow,
    DeviationRow,
    DigestRow,
    DraftRow,
    FeedbackAskRow,
    FeedbackRow,
    HushRow,
    InboxRow,
    NoticeRow,
    ProposalRow,
    ReportNoteRow,
    ReportRow,
    RequestRow,
    RunRow,
    table,
)
from bot.views.names import apart
from bot.views.screen import cut, h

inbox, run = table(InboxRow), table(RunRow)
feedback, proposal, report = table(FeedbackRow), table(ProposalRow), table(ReportRow)
digest, notice = table(DigestRow), table(NoticeRow)
approval, deviation, draft = table(ApprovalRow), table(DeviationRow), table(DraftRow)
report_note = table(ReportNoteRow)

_OWN: Sequence[Table] = (
    *(pin, question, favourite, absence, errand, digest),
    *(table(one) for one in (AllowanceRow, FeedbackAskRow, HushRow, RequestRow)),
)
"""Whatever is kept of a person for themselves alone."""
_ABOUT = ("name_changed", "nip_changed")
"""What others wrote of a person as such."""
PIECE, SHORT = 30, 8
"""Characters by which words are found on a card, where they may be cut; and below which they may be anybody's."""
_LOCKED = "55P03"
"""What PostgreSQL says where a lock was not to be had in time."""
_LABEL = re.compile(r'"label":"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Erased:
    """Of how many entries of the journal the words are gone, and how many files."""

    entries: int
    files: int


class InUse(Exception):
    """Somebody reads the whole database, such as a backup, and may do so for long."""


def stand_still(connection: Connection) -> None:
    """Wait until nobody has a run in hand, and let nobody take one before this transaction ends: whoever read a run
    before and saves it after would bring its words back. To be called before anything else is locked.

    Raises InUse, after which nothing more can be said in the transaction."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))  # a backup may be reading, and taps wait behind us
    try:
        connection.execute(text("LOCK TABLE run IN ACCESS EXCLUSIVE MODE"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCKED:
            raise InUse from None
        raise


def erase(connection: Connection, whom: Person, neutral: str, at: datetime) -> Erased:
    """Erase what is known of somebody, who is called `neutral` from now on."""
    about = _about(connection, whom.id)
    by_them = select(journal.c.seq).where(
        or_(journal.c.person == whom.id, journal.c.seq.in_([one.seq for one in about]))
    )
    theirs = journal_text.c.seq.in_(by_them)
    words = _told(connection, theirs)
    _empty(connection, whom.id, theirs, _Pieces(row.text for row in words))
    _words(connection, whom.id, theirs)
    _proposals(connection, whom.id, at)
    files = _files(connection, whom.id)
    connection.execute(update(absence).where(absence.c.stand_in == whom.id).values(stand_in=None))
    connection.execute(update(feedback).where(feedback.c.person == whom.id).values(person=None, unit=None))
    own = select(digest.c.id).where(digest.c.person == whom.id)
    connection.execute(delete(notice).where(notice.c.digest.in_(own)))
    for rows in _OWN:
        connection.execute(delete(rows).where(rows.c.person == whom.id))
    _chat(connection, whom.chat)
    _elsewhere(connection, _called(connection, whom, about), neutral, at)
    nothing = {"nip": None, "unit": None, "roles": "", "reachable": False, "seen_id": 0, "greeted_at": None}
    # no chat has a number below zero but a group's, and this one's is too small for that
    values = nothing | {"name": neutral, "telegram_id": -whom.id, "misses": 0, "missed_at": None, "erased_at": at}
    connection.execute(update(person).where(person.c.id == whom.id).values(**values))
    return Erased(len({row.seq for row in words}), files)


# Words


def _words(connection: Connection, whom: int, theirs: ColumnElement[bool]) -> None:
    recorded = (journal.c.person == whom) & (journal.c.kind == "recorded")
    runs = connection.execute(select(journal.c.run).where(recorded, journal.c.run.is_not(None)).distinct()).scalars()
    numbers = runs.all()
    connection.execute(delete(journal_text).where(theirs))
    for number in numbers:
        _without_words(connection, number)


def _told(connection: Connection, which: ColumnElement[bool]) -> Sequence[Any]:
    """Words, each with the entry beside which it stands."""
    columns = (journal.c.seq, journal.c.run, journal.c.kind, journal.c.body, journal_text.c.text)
    return connection.execute(
        select(*columns).join(journal_text, journal_text.c.seq == journal.c.seq).where(which)
    ).all()


def _about(connection: Connection, whom: int) -> Sequence[Any]:
    return [row for row in _told(connection, journal.c.kind.in_(_ABOUT)) if told(row.body, {})["person"] == whom]


def _without_words(connection: Connection, number: int) -> None:
    """A run tells no more than its entries do."""
    state = connection.execute(select(run.c.state).where(run.c.id == number)).scalar_one()
    now = _as_told(codec.load(state), replayed(connection, number))
    connection.execute(update(run).where(run.c.id == number).values(state=codec.dump(now)))


def _as_told(one: Run, by_entries: Run) -> Run:
    before = _as_told(one.before, by_entries.before) if one.before and by_entries.before else None
    return replace(one, values=by_entries.values, earlier=by_entries.earlier, before=before)


def _proposals(connection: Connection, whom: int, at: datetime) -> None:
    """What their reports proposed for a draft has no words any more, so that there is nothing left to take."""
    reported = proposal.c.report.in_(select(report.c.id).where(report.c.person == whom))
    for row in connection.execute(select(proposal.c.id, proposal.c.body).where(reported)).all():
        empty = codec.dump(replace(codec.load(row.body), text=""))
        connection.execute(update(proposal).where(proposal.c.id == row.id).values(body=empty))
    undecided = update(proposal).where(reported, proposal.c.state == "open")
    connection.execute(undecided.values(state="refused", decided_at=at))


def _files(connection: Connection, whom: int) -> int:
    theirs = file.c.person == whom
    there = select(file.c.sha256).where(theirs, file.c.sha256.is_not(None))
    shred_those(connection, connection.execute(there).scalars())
    nothing = {"state": "erased", "name": "", "file_id": "", "form": None, "sha256": None, "size": None}
    return connection.execute(update(file).where(theirs).values(**nothing)).rowcount


# What stands in chats

_QUOTE = ("report", "review", "draft", "change")
"""Cards that show now this report, review, draft or change, now that one."""


def _empty(connection: Connection, whom: int, theirs: ColumnElement[bool], pieces: "_Pieces") -> None:
    """Nothing stays on cards of what they wrote something in, nor in letters that were written when they did: whatever
    the words are. Such cards are painted anew a few at a time, once this is over: see `emptied`.

    Cards that anything is looked for on, as those of the menu, are looked through."""
    said = select(journal).join(journal_text, journal_text.c.seq == journal.c.seq).where(theirs).subquery("said")
    gone = {"screen": "", "rendered": card.c.want}
    connection.execute(update(card).where(_about_theirs(whom, said)).values(**gone))
    if connection.execute(select(exists().select_from(said))).scalar():
        connection.execute(update(card).where(card.c.subject.in_(_QUOTE)).values(**gone))
    loose = card.c.subject.not_like("%:%") & (card.c.screen != "")
    found = connection.execute(select(card.c.id, card.c.screen).where(loose)).all()
    some = [row.id for row in found if pieces.on(row.screen)]
    connection.execute(update(card).where(card.c.id.in_(some)).values(**gone))
    waits = letter.c.state.in_(("new", "held"))
    then = letter.c.created_at.in_(select(said.c.at))
    sent = connection.execute(select(letter.c.id, letter.c.screen, then.label("then")).where(waits)).all()
    lost = [row.id for row in sent if row.then or pieces.on(row.screen)]
    dead = {"state": "dead", "screen": "", "error": "erased"}
    connection.execute(update(letter).where(letter.c.id.in_(lost)).values(**dead))


def _about_theirs(whom: int, said: Any) -> ColumnElement[bool]:
    """Cards of runs in which they did something, and of deviations, reports, versions and drafts that they wrote
    something about."""
    acted = select(journal.c.run).where(journal.c.person == whom, journal.c.run.is_not(None))
    runs = union(acted, select(file.c.run).where(file.c.person == whom, file.c.run.is_not(None))).subquery()
    same = (said.c.sop == deviation.c.sop) & (said.c.step == deviation.c.step)
    sops = select(said.c.sop)
    about = deviation.c.run.in_(select(runs)) | exists().where(same)
    noted = report.c.id.in_(select(report_note.c.report).where(report_note.c.seq.in_(select(said.c.seq))))
    mine = noted | report.c.answer.in_(select(said.c.seq)) | (report.c.person == whom)
    named = union(
        _called_so("run", select(runs)),
        _called_so("deviation", select(deviation.c.seq).where(about)),
        _called_so("reported", select(report.c.id).where(mine)),
        _called_so("draft", select(draft.c.id).where(draft.c.sop.in_(sops))),
    )
    asked = literal("approval:") + cast(approval.c.id, String) + ":%"
    stages = card.c.subject.like("approval:%") & exists().where(approval.c.sop.in_(sops), card.c.subject.like(asked))
    return card.c.subject.in_(select(named.subquery())) | stages


def _called_so(what: str, numbers: Select[Any]) -> Select[Any]:
    one = numbers.subquery()
    return select(literal(f"{what}:") + cast(one.c[0], String))


def emptied(connection: Connection, limit: int) -> Sequence[tuple[str, int]]:
    """Subject and chat of cards that were emptied and show it nowhere yet."""
    some = select(card.c.subject, card.c.chat).where(card.c.screen == "").order_by(card.c.id).limit(limit)
    return [(row.subject, row.chat) for row in connection.execute(some)]


def _chat(connection: Connection, chat: int) -> None:
    """Nothing is left to be shown to them, and nothing of what they sent."""
    connection.execute(delete(card).where(card.c.chat == chat))
    connection.execute(delete(letter).where(letter.c.chat == chat))
    # the number of an update stays: it may be delivered twice
    connection.execute(update(inbox).where(inbox.c.sender == chat).values(raw="{}", sender=0, state="done", error=""))


@dataclass(frozen=True, slots=True)
class _Called:
    """What somebody is called and was, and the numbers that are theirs or were."""

    names: frozenset[str]
    numbers: frozenset[str]


def _called(connection: Connection, whom: Person, about: Sequence[Any]) -> _Called:
    others = set(connection.execute(select(person.c.name).where(person.c.id != whom.id)).scalars())
    said = [(row.kind, json.loads(row.text)) for row in about]
    names = {was for kind, was in said if kind == "name_changed"} - others  # whoever is called so today still is
    numbers = {was for kind, was in said if kind == "nip_changed"}
    return _Called(
        frozenset(filter(None, {whom.name} | names)), frozenset(filter(None, {whom.nip, str(whom.chat)} | numbers))
    )


def _elsewhere(connection: Connection, whom: _Called, neutral: str, at: datetime) -> None:
    """Cards in other chats that were not emptied are painted anew without them, letters on their way do not name them,
    and what others wrote with their name or number in it is kept no longer."""
    marks = {_inside(one) for name in whom.names for one in (name, h(name))} | whom.numbers
    wrote = or_(*(inbox.c.raw.contains(mark, autoescape=True) for mark in marks))
    connection.execute(update(inbox).where(inbox.c.state != "new", wrote).values(raw="{}"))
    for rows, waits in ((card, card.c.screen != ""), (letter, letter.c.state.in_(("new", "held")))):
        named = or_(*(rows.c.screen.contains(mark, autoescape=True) for mark in marks))
        for found in connection.execute(select(rows.c.id, rows.c.screen).where(waits, named)).all():
            without = _without(found.screen, whom, neutral)
            if without != found.screen:
                again = {"want": rows.c.want + 1, "next_at": at} if rows is card else {}
                connection.execute(update(rows).where(rows.c.id == found.id).values(screen=without, **again))


def _without(screen: str, whom: _Called, neutral: str) -> str:
    """A screen as it is kept, with what it says of somebody in other words: a name where it is marked as one, or on a
    button; a number wherever it stands alone."""
    for name in sorted(whom.names, key=len, reverse=True):  # one may be the beginning of another
        screen = screen.replace(_inside(h(apart(name))), _inside(apart(neutral)))
        cuts = re.compile("|".join(re.escape(_inside(cut(name, most))) for most in (60, 48, 40, 32)))
        screen = _LABEL.sub(partial(_renamed, cuts, _inside(neutral)), screen)
    for number in whom.numbers:
        screen = re.sub(rf"(?<!\d){number}(?!\d)", "–", screen)
    return screen


def _renamed(names: re.Pattern[str], neutral: str, label: re.Match[str]) -> str:
    return names.sub(lambda _: neutral, label[0])


class _Pieces:
    """How words look on a screen as it is kept, be they cut or not; those too short to be told apart, within quotes."""

    def __init__(self, texts: Iterable[str]) -> None:
        said = {one for one in map(json.loads, texts) if isinstance(one, str) and one}
        self._pieces = {_inside(h(one[:PIECE] if len(one) >= SHORT else f"“{one}”")) for one in said}

    def on(self, screen: str) -> bool:
        """Whether any of them stands there."""
        return any(piece in screen for piece in self._pieces)


def _inside(words: str) -> str:
    """Words as they stand inside a string of JSON."""
    return json.dumps(words)[1:-1]
