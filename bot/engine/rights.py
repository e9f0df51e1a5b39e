"""Who may do what. Read at each tap, here and nowhere else; what is not allowed is forbidden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto

from bot.engine import commands as c
from bot.engine.people import Role, Staff, able, asked, assigners, offered, still_approves, supervises
from bot.engine.run import Progress, Run
from bot.engine.sop import Sop
from bot.engine.units import Units

# In a run


def may(me: int, command: c.Command, sop: Sop, run: Run, staff: Staff) -> bool:
    """Whether `me` may give `command` to the run as it stands."""
    if run.rehearsal:
        return me == run.starter and not isinstance(command, c.Assign)
    match command:
        case c.Accept() | c.Decline():
            return me in offered(sop, run, staff)
        case c.Return():
            return me == run.holder or me in offered(sop, run, staff)
        case c.Allow() | c.Deny():
            return supervises(me, sop, run, staff) or me in asked(sop, run, staff)
        case c.Assign():
            return supervises(me, sop, run, staff) or me in staff.admins
        case c.Undo() if run.progress is not Progress.PAUSED:
            return me == run.undoer
        case c.Pause() | c.Resume() | c.Stop() | c.Undo():
            return me in (run.doer, run.starter) or supervises(me, sop, run, staff)
        case c.Explain() | c.Backdate() | c.Vouch():
            return takes_part(me, run)
        case c.Give() | c.Sign() | c.Refuse():
            return me == run.holder and still_approves(sop, run, staff)
        case _:
            return me == run.holder


def takes_part(me: int, run: Run) -> bool:
    """Whether the run is one of mine: I started it, hold it, or did a step of it."""
    return me in (run.starter, run.doer) or any(hand.person == me for hand in run.hands.values())


def may_see(me: int, sop: Sop, run: Run, staff: Staff) -> bool:
    """Whether `me` may look at the run's card. Whoever was offered a step that somebody else then took still may."""
    if run.rehearsal:
        return me == run.starter
    may_do = able(sop, run, sop.step(run.step), staff) if run.step else ()
    may_take = me in may_do or me in offered(sop, run, staff)
    return takes_part(me, run) or may_take or supervises(me, sop, run, staff) or me in staff.admins


class Relation(StrEnum):
    """What a run is to a person, which decides what its card shows them."""

    HOLDS = "holds"
    OFFERED = "offered"
    ASKED = "asked"  # a supervisor whose leave is wanted
    LOOKS_ON = "looks on"


def relation(me: int, sop: Sop, run: Run, staff: Staff) -> Relation:
    """What the run is to `me` as it stands."""
    if me == run.holder and (run.wish is None or me not in asked(sop, run, staff)):
        return Relation.HOLDS
    if me in offered(sop, run, staff):
        return Relation.OFFERED
    if run.wish is not None and may(me, c.Allow(), sop, run, staff):
        return Relation.ASKED
    return Relation.LOOKS_ON


def why_not(me: int, command: c.Command, run: Run) -> c.Refused:
    """Why `me` may not give the command, as it is to be told."""
    match command:
        case c.Accept() | c.Decline() if run.holder is not None:
            return c.Refused(c.Why.TAKEN, by=run.holder)
        case c.Undo() if run.before is None:
            return c.Refused(c.Why.NOTHING_TO_UNDO)
        case _ if run.child is not None and not run.over:
            return c.Refused(c.Why.WAITS_FOR_CHILD)
        case _ if run.holder is None and not run.over:
            return c.Refused(c.Why.NOT_ACCEPTED)
        case _ if me == run.holder:
            return c.Refused(c.Why.NOT_APPROVER)
        case _ if takes_part(me, run) and run.holder is not None:
            return c.Refused(c.Why.TAKEN, by=run.holder)
        case _:
            return c.Refused(c.Why.NOT_YOURS)


def called(sop: Sop, run: Run, staff: Staff) -> tuple[int, ...]:
    """Who has to act now, and is called by a card below: those whose leave is wanted, else the holder, else
    everyone to whom the step is offered, else, where nobody is left, whoever may give it to somebody."""
    if run.over:
        return ()
    if run.wish is not None:
        return asked(sop, run, staff)
    if run.doer is not None:
        return () if run.holder is None else (run.holder,)
    return offered(sop, run, staff) or assigners(sop, run, staff)


# Everywhere else


class Action(StrEnum):
    """What one does outside a run. Every command and every tap is one of these."""

    ENTER = auto()
    """Ask to be let in, redeem an invitation."""
    USE = auto()
    """Find an SOP, look at it, mark it; choose the language; read the help; leave a question."""
    RUN = auto()
    """Start an SOP where one may do its first step, and do what one's position does in a run."""
    REPORT = auto()
    """Say that a procedure is wrong."""
    SEE_REVIEWS = auto()
    """See what is to be reviewed when."""
    JOIN_REVIEW = auto()
    """Add one's word to the review of an SOP that one works with."""
    SEE_DRAFTS = auto()
    """Find versions that are not in use yet."""
    WRITE = auto()
    """Write and change drafts."""
    REHEARSE = auto()
    """Walk an SOP as a rehearsal; a draft only where one may find it."""
    START_TRIAL = auto()
    """Put a draft on trial."""
    APPROVE_VERSION = auto()
    """Let a version that somebody else wrote come into force."""
    REVIEW = auto()
    """Decide a trial, a monitoring, an evaluation; put one off."""
    POST_CODE = auto()
    """Have the code of an SOP drawn that is put up on the wall."""
    SEE_REPORTS = auto()
    """Read what is said to be wrong with a procedure, and by whom."""
    ANSWER_REPORTS = auto()
    """Accept or reject a report."""
    FOLLOW_UP = auto()
    """Look at a deviation, and do what one answers for."""
    JUDGE_DEVIATIONS = auto()
    """Say who answers for a deviation and how severe it is, and close what somebody else did about it."""
    SEE_FIGURES = auto()
    """Read figures and the tables made of them."""
    EXPORT = auto()
    """Take facts out."""
    ANNOUNCE_CHANGE = auto()
    """Say that a machine, a person, a place or a rule changed, and which SOPs that touches, in whatever unit."""
    SEE_PEOPLE = auto()
    """See who works here, and as what."""
    INVITE = auto()
    """Invite somebody, and take the invitation back."""
    SET_ABSENCE = auto()
    """Say that somebody is away, and who stands in."""
    BLOCK = auto()
    """Stop somebody's access, and restore it."""
    CHANGE_PEOPLE = auto()
    """Change names, units, roles and positions."""
    ERASE_PERSON = auto()
    """Erase what is known of somebody whose access was stopped."""
    ADMIT = auto()
    """Let a stranger in who asked for it, or not."""
    IMPORT_PEOPLE = auto()
    """Take in a list of people."""


class Reach(IntEnum):
    """On what somebody may do something; further is higher."""

    NOTHING = 0
    SELF = 1
    UNIT = 2
    """One's own unit, those below it, and oneself."""
    ALL = 3


def _everyone(reach: Reach) -> dict[Role, Reach]:
    return dict.fromkeys(Role, reach)


_EDITORS = {Role.AUTHOR: Reach.ALL, Role.ADMIN: Reach.ALL}
_WATCHING = {Role.SUPERVISOR: Reach.UNIT, Role.MANAGER: Reach.UNIT, Role.ADMIN: Reach.ALL}
_ADMIN = {Role.ADMIN: Reach.ALL}

RIGHTS: Mapping[Action, Mapping[Role, Reach]] = {
    Action.ENTER: _everyone(Reach.SELF),
    Action.USE: _everyone(Reach.ALL),
    Action.RUN: _everyone(Reach.ALL),
    Action.REPORT: _everyone(Reach.ALL),
    Action.SEE_REVIEWS: _everyone(Reach.ALL),
    Action.JOIN_REVIEW: _everyone(Reach.ALL),
    Action.SEE_DRAFTS: _EDITORS,
    Action.WRITE: _EDITORS,
    Action.REHEARSE: _everyone(Reach.ALL),
    Action.START_TRIAL: _EDITORS,
    Action.APPROVE_VERSION: _WATCHING,
    Action.REVIEW: _WATCHING,
    Action.POST_CODE: {Role.AUTHOR: Reach.ALL, Role.SUPERVISOR: Reach.ALL, Role.ADMIN: Reach.ALL},
    Action.SEE_REPORTS: {Role.AUTHOR: Reach.UNIT, **_WATCHING},
    Action.ANSWER_REPORTS: {Role.AUTHOR: Reach.UNIT, **_WATCHING},
    Action.FOLLOW_UP: {**_everyone(Reach.SELF), **_WATCHING},
    Action.JUDGE_DEVIATIONS: _WATCHING,
    Action.SEE_FIGURES: {**_everyone(Reach.SELF), **_WATCHING},
    Action.EXPORT: {**_everyone(Reach.SELF), **_WATCHING},
    Action.ANNOUNCE_CHANGE: dict.fromkeys((Role.AUTHOR, *_WATCHING), Reach.ALL),
    Action.SEE_PEOPLE: _WATCHING,
    Action.INVITE: _WATCHING,
    Action.SET_ABSENCE: _WATCHING,
    Action.BLOCK: _WATCHING,
    Action.CHANGE_PEOPLE: _ADMIN,
    Action.ERASE_PERSON: _ADMIN,
    Action.ADMIT: _ADMIN,
    Action.IMPORT_PEOPLE: _ADMIN,
}
"""What each role may do. Of several roles the furthest reach counts; whoever has none may only ask to be let in."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as far as rights go."""

    id: int
    roles: frozenset[Role]
    unit: str | None = None

    @property
    def rank(self) -> int:
        """How high the highest of the roles stands."""
        return max((list(Role).index(role) for role in self.roles), default=-1)


@dataclass(frozen=True, slots=True)
class About:
    """What something is about: a unit, a person, or both."""

    unit: str | None = None
    person: int | None = None


def reach(roles: Iterable[Role], action: Action) -> Reach:
    """On what a person of these roles may do `action`."""
    return max((RIGHTS[action].get(role, Reach.NOTHING) for role in roles), default=Reach.NOTHING)


def allowed(me: Who, action: Action, about: About, units: Units) -> bool:
    """Whether I may do `action` on what it is about."""
    match reach(me.roles, action):
        case Reach.ALL:
            return True
        case Reach.UNIT:
            return about.person == me.id or units.covers(me.unit, about.unit)
        case Reach.SELF:
            return about.person == me.id
        case Reach.NOTHING:
            return False


def grantable(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles that a person of these roles may give by an invitation: what stands below, and admins any."""
    me = Who(0, frozenset(roles))
    if Role.ADMIN in me.roles:
        return frozenset(Role)
    return frozenset(role for role in Role if Who(0, frozenset({role})).rank < me.rank)


def stands_above(me: Who, other: Who) -> bool:
    """Whether I may stop or replace the other: never myself, never one beside or above me; an admin may anyone else."""
    return me.id != other.id and (Role.ADMIN in me.roles or other.rank < me.rank)
