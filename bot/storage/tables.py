"""The tables, as SQLModel declares them. Rows are storage and never leave this package as they are."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Dialect,
    Executable,
    Index,
    Integer,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    insert,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC. SQLite forgets zones, so naive values are refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what has no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _moment(*, null: bool = False) -> Any:
    return Field(sa_column=Column(UtcDateTime(), nullable=null))


def _big(*, null: bool = False, **more: Any) -> Any:
    """A 64-bit number: every id of Telegram's, and whatever may outgrow 32 bits."""
    return Field(sa_column=Column(BigInteger(), nullable=null, **more))


def _long(*, null: bool = False) -> Any:
    return Field(sa_column=Column(Text(), nullable=null))


class Install(SQLModel, table=True):
    """One row: what this database is. `epoch` goes up with every restore, so that older buttons die."""

    id: int = Field(primary_key=True)
    epoch: int
    created_at: datetime = _moment()
    heard_at: datetime | None = _moment(null=True)  # when Telegram was last heard, give or take half a minute
    settings: str | None = None  # the digest of the office's settings that the journal told last
    secret: str  # what the pseudonyms of exports are made with


class PersonRow(SQLModel, table=True):
    """Who may use the bot. The journal knows people by id alone; names can be erased here."""

    __tablename__: ClassVar[Any] = "person"
    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = _big(unique=True)
    name: str
    language: str
    roles: str = ""  # comma-separated
    reachable: bool = True
    seen_id: int = _big()  # the highest message id known in their chat
    greeted_at: datetime | None = _moment(null=True)  # when a stranger last got the polite line
    nip: str | None = Field(default=None, unique=True)
    unit: str | None = None  # as data/office.yaml calls it
    blocked_at: datetime | None = _moment(null=True)
    erased_at: datetime | None = _moment(null=True)  # since when nothing is known of them but what they did as what
    misses: int = 0  # invitations tried in vain since `missed_at`
    missed_at: datetime | None = _moment(null=True)


class PinRow(SQLModel, table=True):
    """With what somebody signs: never the PIN itself. `tries` counts the wrong ones since the last right one."""

    __tablename__: ClassVar[Any] = "pin"
    person: int = Field(primary_key=True)
    kept: str
    tries: int = 0
    locked_until: datetime | None = _moment(null=True)


class HoldingRow(SQLModel, table=True):
    """That somebody holds a position, from its first to its last day. Nothing is removed but what never began."""

    __tablename__: ClassVar[Any] = "holding"
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    position: str = Field(index=True)
    since: date
    until: date | None = None
    acting: str = "definitive"  # definitive | plt | plh
    unit: str | None = None  # where, if not in the person's own unit


class AbsenceRow(SQLModel, table=True):
    """That somebody is away, and who stands in."""

    __tablename__: ClassVar[Any] = "absence"
    id: int | None = Field(default=None, primary_key=True)
    person: int = Field(index=True)
    since: date
    until: date | None = None
    stand_in: int | None = None


class InvitationRow(SQLModel, table=True):
    """What whoever brings the token is admitted with, once. The name and the NIP go when it is used or void."""

    __tablename__: ClassVar[Any] = "invitation"
    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)
    roles: str
    unit: str | None = None
    positions: str = ""
    name: str = ""
    nip: str | None = None
    inviter: int
    made_at: datetime = _moment()
    expires_at: datetime = _moment()
    used_by: int | None = None
    used_at: datetime | None = _moment(null=True)
    revoked_at: datetime | None = _moment(null=True)


class RequestRow(SQLModel, table=True):
    """That a stranger asked to be let in, and what was said to it."""

    __tablename__: ClassVar[Any] = "request"
    __table_args__ = (
        Index(
            "ix_request_open",
            "person",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    person: int
    made_at: datetime = _moment()
    decided_at: datetime | None = _moment(null=True)
    decided_by: int | None = None
    allowed: bool = False


class QuestionRow(SQLModel, table=True):
    """The open question of a person. `ask` only goes up; `body` is null where nothing is asked."""

    __tablename__: ClassVar[Any] = "question"
    person: int = Field(primary_key=True)
    ask: int
    run: int | None = None
    visit: int = 0
    body: str | None = _long(null=True)


class VersionRow(SQLModel, table=True):
    """A version of an SOP, kept for as long as a run may need it."""

    __tablename__: ClassVar[Any] = "version"
    __table_args__ = (UniqueConstraint("sop", "version"),)
    digest: str = Field(primary_key=True)
    sop: str = Field(index=True)
    version: str
    status: str
    title: str
    body: str = _long()
    source: str | None = _long(null=True)  # its file as it was read; null where it was read before that was kept
    loaded_at: datetime = _moment()
    trial_from: date | None = None
    continues: str | None = Field(default=None, index=True)  # the SOP that comes before it


REHEARSED = "rehearsal"
"""The stage of a run that was only rehearsed."""


class RunRow(SQLModel, table=True):
    """A run as it is now; `state` is the engine's value, the other columns are for finding it."""

    __tablename__: ClassVar[Any] = "run"
    __table_args__ = (
        Index(
            "ix_run_open",
            "starter",
            sqlite_where=text("progress IN ('active', 'paused')"),
            postgresql_where=text("progress IN ('active', 'paused')"),
        ),
        Index("ix_run_starter_moved", "starter", "moved_at"),
        Index(
            "ix_run_held",
            "holder",
            sqlite_where=text("progress IN ('active', 'paused')"),
            postgresql_where=text("progress IN ('active', 'paused')"),
        ),
        Index(
            "ix_run_look",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
        Index("ix_run_version", "digest", "progress"),
        Index("ix_run_parent", "parent"),
        Index(
            "ix_run_child",  # a run waits for one other at most
            "parent",
            unique=True,
            sqlite_where=text("progress IN ('active', 'paused')"),
            postgresql_where=text("progress IN ('active', 'paused')"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    sop: str
    digest: str
    starter: int
    unit: str | None = None
    holder: int | None = None  # whose step it is; null while it is offered, or a child run is waited for
    parent: int | None = None  # the run that waits for this one, at its step `parent_step`
    parent_step: str | None = None
    continues: int | None = Field(default=None, index=True)  # the run that comes before it
    stage: str  # how its version stood when it was started; of a run that counts nowhere, REHEARSED
    progress: str
    turn: int
    state: str = _long()
    started_at: datetime = _moment()
    moved_at: datetime = _moment()
    look_at: datetime | None = _moment(null=True)  # when it may wait, or take, too long


class JournalRow(SQLModel, table=True):
    """What anyone did, one row an event, each hashed over the one before."""

    __tablename__: ClassVar[Any] = "journal"
    __table_args__ = (
        UniqueConstraint("run", "turn"),
        Index(
            "ix_journal_change",  # what changed about an SOP is rare, and asked of every review
            "sop",
            "at",
            sqlite_where=text("kind = 'change_announced'"),
            postgresql_where=text("kind = 'change_announced'"),
        ),
    )
    seq: int = _big(primary_key=True, autoincrement=False)
    at: datetime = _moment()
    run: int | None = None
    turn: int | None = None
    sop: str | None = None
    version: str | None = None
    step: str | None = None
    kind: str
    person: int | None = None
    position: str | None = None
    unit: str | None = None
    body: str = _long()
    prev: str
    hash: str


class JournalTextRow(SQLModel, table=True):
    """What a person wrote in their own words; erasing it leaves the chain whole, which knows a salted digest."""

    __tablename__: ClassVar[Any] = "journal_text"
    seq: int = _big(primary_key=True, autoincrement=False)
    name: str = Field(primary_key=True)
    salt: str
    text: str = _long()


class AnchorRow(SQLModel, table=True):
    """How far the journal had come on a day, and its hash there; it is told elsewhere too, so that a change shows."""

    __tablename__: ClassVar[Any] = "anchor"
    day: date = Field(primary_key=True)
    seq: int = _big()
    hash: str
    at: datetime = _moment()


class DeviationRow(SQLModel, table=True):
    """A departure from an SOP. `undone` ones count nowhere."""

    __tablename__: ClassVar[Any] = "deviation"
    __table_args__ = (
        UniqueConstraint("run", "turn"),
        Index("ix_deviation_again", "sop", "step", "kind", "at"),
    )
    seq: int = _big(primary_key=True, autoincrement=False)
    at: datetime = _moment()
    run: int
    turn: int
    sop: str
    version: str
    step: str
    kind: str
    person: int
    position: str | None = None
    unit: str | None = None
    reason: str | None = None
    detail: str = ""
    late_seconds: int | None = None
    severity: str = "ringan"  # as weighed by the office's rules, or as a supervisor changed it
    undone: bool = False


class FollowUpRow(SQLModel, table=True):
    """What is done about deviations of one kind at a step in a unit. One is alive at a time; `turn` settles races."""

    __tablename__: ClassVar[Any] = "follow_up"
    __table_args__ = (
        Index(
            "ix_follow_up_alive",
            "sop",
            "step",
            "kind",
            "unit",
            unique=True,
            sqlite_where=text("state IN ('new', 'open', 'done', 'watched')"),
            postgresql_where=text("state IN ('new', 'open', 'done', 'watched')"),
        ),
        Index("ix_follow_up_alike", "sop", "step", "kind", "unit", "id"),
        Index(
            "ix_follow_up_due",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    deviation: int = _big()  # the one that opened it
    sop: str
    step: str
    kind: str
    unit: str = ""  # of the run; empty where it has none
    severity: str
    state: str
    turn: int
    owner: int | None = None
    due: date | None = None
    planned: int | None = _big(null=True)  # the entry of the journal whose words say what is to be done
    proved: int | None = _big(null=True)  # and the one that says how it shows that it is done
    proof_file: str | None = None  # the kind of the file that shows it, where there is one
    done_by: int | None = None
    closed_at: datetime | None = _moment(null=True)
    next_at: datetime | None = _moment(null=True)  # when it is to be looked at again


class RehearsedRow(SQLModel, table=True):
    """What a draft said when it was rehearsed, where it says something else since."""

    __tablename__: ClassVar[Any] = "rehearsed"
    digest: str = Field(primary_key=True)
    body: str = _long()


class RunFactRow(SQLModel, table=True):
    """What a run that is over has been, for figures. Until it is measured at `due_at` it counts nowhere."""

    __tablename__: ClassVar[Any] = "run_fact"
    __table_args__ = (
        Index(
            "ix_run_fact_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_run_fact_sop", "sop", "ended_at"),
        Index("ix_run_fact_ended", "ended_at"),
    )
    run: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    sop: str
    digest: str
    unit: str | None = None
    starter: int
    progress: str  # done | stopped
    started_at: datetime = _moment()
    ended_at: datetime = _moment()
    due_at: datetime | None = _moment(null=True)
    trial: bool = False  # begun while its version was on trial
    fitness: float | None = None  # its conformity; a stopped run has none
    performed: int = 0
    again: int = 0  # visits to steps that had been entered before
    late: int = 0  # steps recorded afterwards
    deviations: int = 0
    worked_seconds: int = 0
    waited_seconds: int = 0


class StepFactRow(SQLModel, table=True):
    """How long a step of a run that is over took, in working time."""

    __tablename__: ClassVar[Any] = "step_fact"
    run: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    visit: int = Field(sa_column=Column(Integer(), primary_key=True, autoincrement=False))
    step: str
    waited_seconds: int
    worked_seconds: int
    standard_seconds: int | None = None


class FileRow(SQLModel, table=True):
    """A file that a person sent, fetched from Telegram as soon as it can be."""

    __tablename__: ClassVar[Any] = "file"
    __table_args__ = (
        Index("ix_file_due", "next_at", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    unique_id: str = Field(index=True)
    file_id: str
    kind: str
    form: str | None = None  # None: a location
    name: str = ""
    person: int
    run: int | None = Field(default=None, index=True)
    visit: int = 0
    step: str | None = None
    report: int | None = Field(default=None, index=True)
    at: datetime = _moment()
    state: str = "new"  # new | kept | lost | erased
    sha256: str | None = Field(default=None, index=True)
    size: int | None = None
    tries: int = 0
    next_at: datetime = _moment()


class ShredRow(SQLModel, table=True):
    """Bytes that are to go from the data folder, unless somebody else sent the same."""

    __tablename__: ClassVar[Any] = "shred"
    sha256: str = Field(primary_key=True)


class ReportRow(SQLModel, table=True):
    """A claim that an SOP is wrong; its id is the number people are told. What became of one that is merged into
    another stands in that one alone."""

    __tablename__: ClassVar[Any] = "report"
    __table_args__ = (
        Index(
            "ix_report_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    seq: int = _big()
    at: datetime = _moment()
    sop: str = Field(index=True)
    version: str
    step: str | None = None
    run: int | None = None
    turn: int | None = None
    kind: str
    person: int = Field(index=True)
    state: str = Field(default="open", index=True)
    merged_into: int | None = Field(default=None, index=True)
    answers: int = 0  # how often it was answered: two authors at once are told apart by it
    answered_by: int | None = None
    answered_at: datetime | None = _moment(null=True)
    answer: int | None = _big(null=True)  # the entry of the journal whose words the answer has
    published_in: str | None = None
    due_at: datetime | None = _moment(null=True)  # when those responsible are reminded of it
    reminded: int = 0


class ReportNoteRow(SQLModel, table=True):
    """Which entries of the journal hold the words of a report."""

    __tablename__: ClassVar[Any] = "report_note"
    seq: int = _big(primary_key=True, autoincrement=False)
    report: int = Field(index=True)
    what: str


class ErrandRow(SQLModel, table=True):
    """That something waits for somebody; it goes when it waits no more."""

    __tablename__: ClassVar[Any] = "errand"
    __table_args__ = (UniqueConstraint("kind", "subject", "person"), Index("ix_errand_person", "person", "since"))
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str
    person: int
    since: datetime = _moment()


class FavouriteRow(SQLModel, table=True):
    """An SOP that a person wants on top."""

    __tablename__: ClassVar[Any] = "favourite"
    person: int = Field(primary_key=True)
    sop: str = Field(primary_key=True)


class ApprovalRow(SQLModel, table=True):
    """That a version was submitted to be approved, how far that is, and what came of it."""

    __tablename__: ClassVar[Any] = "approval"
    __table_args__ = (
        Index(
            "ix_approval_open",  # one version of an SOP waits at a time
            "sop",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    sop: str
    digest: str = Field(index=True)
    author: int
    submitted_at: datetime = _moment()
    stage: int = 0
    approved_by: str = ""  # comma-separated, in order
    wrote: str = ""  # who wrote it in the chat beside its author, comma-separated
    state: str = "open"  # open | approved | turned down | changed
    decided_at: datetime | None = _moment(null=True)


class DraftRow(SQLModel, table=True):
    """A draft of an SOP's next version that authors work on; its content is the version of that digest."""

    __tablename__: ClassVar[Any] = "draft"
    __table_args__ = (
        Index(
            "ix_draft_open",  # an SOP has one at a time
            "sop",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_draft_writes", "id", sqlite_where=text("writes"), postgresql_where=text("writes")),
    )
    id: int | None = Field(default=None, primary_key=True)
    sop: str
    base: str | None = None  # the digest of the version that it is to replace
    digest: str
    review: int | None = None  # the one whose decision opened it
    opened_at: datetime = _moment()
    opened_by: int | None = None
    closed_at: datetime | None = _moment(null=True)
    file: str | None = None  # the digest of the file's text that was taken in last
    edited: bool = False  # in the chat, since then
    rival: str | None = _long(null=True)  # what the file says since then
    before: str | None = _long(null=True)  # its text before it was changed last in the chat
    last: int | None = None  # the proposal that was taken so
    writers: str = ""  # who changed it there, comma-separated
    writes: bool = False  # its file is to be written


class ProposalRow(SQLModel, table=True):
    """Something that is proposed for a draft, and what its author says to it."""

    __tablename__: ClassVar[Any] = "proposal"
    __table_args__ = (UniqueConstraint("draft", "report"),)
    id: int | None = Field(default=None, primary_key=True)
    draft: int = Field(index=True)
    report: int | None = None
    body: str = _long()
    state: str = "open"  # open | taken | refused
    remedy: str | None = None
    decided_by: int | None = None
    decided_at: datetime | None = _moment(null=True)


class UnderstoodRow(SQLModel, table=True):
    """That a person understood what a version changes."""

    __tablename__: ClassVar[Any] = "understood"
    person: int = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    at: datetime = _moment()


class ReviewRow(SQLModel, table=True):
    """A review that is to come, or was decided."""

    __tablename__: ClassVar[Any] = "review"
    __table_args__ = (UniqueConstraint("digest", "kind", "n"),)
    id: int | None = Field(default=None, primary_key=True)
    sop: str = Field(index=True)
    digest: str
    kind: str
    n: int
    since: date  # from when on it looks at what was done
    opens: date
    due: date
    round: int = 1  # goes up whenever its dates are set anew
    put_off: int = 0
    decided_at: datetime | None = _moment(null=True)
    decided_by: int | None = None
    verdict: str | None = None  # null too where it was closed, since another version took the place of its own
    ground: str | None = None
    answers: str = ""  # to the seven questions of an evaluation: y or n


class ReminderRow(SQLModel, table=True):
    """A moment at which a review is to be spoken of; `fired_at` says that it was."""

    __tablename__: ClassVar[Any] = "reminder"
    __table_args__ = (
        UniqueConstraint("review", "round", "moment"),
        Index(
            "ix_reminder_due",
            "due_at",
            sqlite_where=text("fired_at IS NULL"),
            postgresql_where=text("fired_at IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    review: int
    round: int
    moment: str
    due_at: datetime = _moment()
    fired_at: datetime | None = _moment(null=True)
    retry_at: datetime | None = _moment(null=True)


class ReviewWordRow(SQLModel, table=True):
    """That somebody of the team had their say in a review; the words stand beside the journal."""

    __tablename__: ClassVar[Any] = "review_word"
    seq: int = _big(primary_key=True, autoincrement=False)
    review: int = Field(index=True)
    person: int
    at: datetime = _moment()


class DigestRow(SQLModel, table=True):
    """A person's list of one day, sent when it is time; whatever is added to it later makes it wait again."""

    __tablename__: ClassVar[Any] = "digest"
    __table_args__ = (
        UniqueConstraint("person", "day"),
        Index("ix_digest_due", "send_at", sqlite_where=text("waits"), postgresql_where=text("waits")),
    )
    id: int | None = Field(default=None, primary_key=True)
    person: int
    day: date
    send_at: datetime = _moment()
    waits: bool = True
    urgency: int = 0
    sent: bool = False


class NoticeRow(SQLModel, table=True):
    """A line on somebody's list of one day: what it is about; of a review its moment, and in whose place they are told
    of it; of a run in which way it waits, or takes, too long."""

    __tablename__: ClassVar[Any] = "notice"
    __table_args__ = (Index("ix_notice_about", "kind", "subject"),)
    digest: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # as errands have it
    subject: int = Field(primary_key=True)
    moment: str = ""
    instead: str = ""  # seats that are empty, comma-separated


class AllowanceRow(SQLModel, table=True):
    """How many lists and warnings a person was sent on a day."""

    __tablename__: ClassVar[Any] = "allowance"
    person: int = Field(primary_key=True)
    day: date = Field(primary_key=True)
    spent: int


class HushRow(SQLModel, table=True):
    """That a person wants no reminders until then."""

    __tablename__: ClassVar[Any] = "hush"
    person: int = Field(primary_key=True)
    until: datetime = _moment()


class FeedbackAskRow(SQLModel, table=True):
    """That the card of a run asked a person what they think of its SOP, and whether they answered; not what."""

    __tablename__: ClassVar[Any] = "feedback_ask"
    __table_args__ = (
        Index(
            "ix_feedback_ask_open",
            "at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_feedback_ask_answered", "digest", "state"),
    )
    person: int = Field(primary_key=True)
    run: int = Field(primary_key=True)
    digest: str
    at: datetime = _moment()
    state: str = "open"  # open | answered | closed


class FeedbackRow(SQLModel, table=True):
    """What somebody thinks of an SOP. It knows its day and no run; without the name, neither person nor unit."""

    __tablename__: ClassVar[Any] = "feedback"
    __table_args__ = (Index("ix_feedback_sop", "sop", "day"),)
    id: int | None = Field(default=None, primary_key=True)
    sop: str
    digest: str
    day: date
    score: int
    trial: bool  # the run was one of a trial
    step: str | None = None  # that the sentence names
    seq: int | None = _big(null=True)  # the entry of the journal whose words the sentence is
    person: int | None = None
    unit: str | None = None


class InboxRow(SQLModel, table=True):
    """An update as Telegram gave it, kept before Telegram is told that it may forget it."""

    __tablename__: ClassVar[Any] = "inbox"
    __table_args__ = (
        Index("ix_inbox_new", "update_id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    )
    update_id: int = _big(primary_key=True, autoincrement=False)
    sender: int = _big()  # whose queue it stands in
    raw: str = _long()
    received_at: datetime = _moment()
    state: str = "new"  # new | done | refused | dead
    tries: int = 0
    error: str = ""


class CardRow(SQLModel, table=True):
    """A message with buttons, painted until what is shown (`rendered`) is what is wanted (`want`)."""

    __tablename__: ClassVar[Any] = "card"
    __table_args__ = (
        UniqueConstraint("subject", "chat"),
        Index("ix_card_due", "next_at", sqlite_where=text("want > rendered"), postgresql_where=text("want > rendered")),
        Index("ix_card_message", "chat", "message_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    subject: str
    chat: int = _big()
    screen: str = _long()
    want: int
    rendered: int = 0
    anew: bool = False  # the next painting is a new message below, the old one loses its buttons
    visit: int = 0
    message_id: int | None = _big(null=True)
    strays: str = ""  # other messages that show it, since their receipts were lost: to lose their buttons
    shown_visit: int | None = None
    shown_from: int | None = _big(null=True)  # words with a lower message id were written before this visit was seen
    owner: str | None = None
    lease_until: datetime | None = _moment(null=True)
    unsure_until: datetime | None = _moment(null=True)  # so long a call of a carrier that died may still arrive
    next_at: datetime = _moment()
    tries: int = 0


class LetterRow(SQLModel, table=True):
    """A notice, carried once; its key says what for."""

    __tablename__: ClassVar[Any] = "letter"
    __table_args__ = (
        Index("ix_letter_due", "next_at", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    chat: int = _big()
    screen: str = _long()
    state: str = "new"  # new | held | sent | dead
    must: bool = True  # sent again after a time-out that leaves open whether it arrived
    created_at: datetime = _moment()
    owner: str | None = None
    lease_until: datetime | None = _moment(null=True)
    next_at: datetime = _moment()
    tries: int = 0
    error: str = ""


def table(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements that need no objects."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


def added(connection: Connection, rows: Table, **values: Any) -> int:
    """Add a row, and return the number that it got."""
    key = connection.execute(insert(rows).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


class PerDialect:
    """A statement that each database words in its own way, built once."""

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        self._built = {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}

    def on(self, connection: Connection) -> Executable:
        """The statement as the database of `connection` understands it."""
        return self._built[connection.dialect.name]
