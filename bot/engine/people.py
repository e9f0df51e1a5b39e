"""Who works here, whose a step is, and who is told of what."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from bot.engine.run import Run
from bot.engine.sop import INITIATOR, Approve, Sop, Step


class Role(StrEnum):
    """What one may do in the bot; several at once are usual."""

    PERFORMER = "performer"
    AUTHOR = "author"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"


def in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Roles as they are always told and kept: from the performer up, each once."""
    given = set(roles)
    return tuple(role for role in Role if role in given)


WATCHERS = (Role.ADMIN, Role.SUPERVISOR)
"""Told where a step cannot be done, or a PIN was locked."""

REVIEWERS = (Role.ADMIN, Role.AUTHOR, Role.SUPERVISOR)
"""Told where a procedure is said to be wrong, when a review opens and when it is due."""


@dataclass(frozen=True, slots=True)
class Away:
    """That somebody is away, from which day on, and who stands in for them, where somebody does who is there."""

    since: date
    stand_in: int | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works here today, as one run sees it. `holders` are those who hold a position in the run's unit, else in the
    SOP's, else in the office; acting officials and stand-ins are among them, whoever is away is not."""

    holders: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    admins: tuple[int, ...] = ()
    out: frozenset[int] = frozenset()
    """Who of those that the run knows cannot be had: they were stopped, or nothing reaches them."""
    away: Mapping[int, Away] = field(default_factory=dict)
    """Who of those that the run knows is away."""

    def instead_of(self, person: int | None) -> tuple[int, ...]:
        """Who does what is that person's: they, while they are away their stand-in; nobody where there is neither."""
        if person is None or person in self.out:
            return ()
        away = self.away.get(person)
        return (person,) if away is None else () if away.stand_in is None else (away.stand_in,)

    def meeting(self, person: int) -> "Staff":
        """The same where that person is surely there, as they have just done something."""
        there = {one: away for one, away in self.away.items() if one != person}
        return replace(self, away=there) if person in self.away else self

    def holding(self, *positions: str | None) -> tuple[int, ...]:
        """Everyone who holds one of the positions, each once."""
        found = (person for name in positions if name for person in self.holders.get(name, ()))
        return tuple(dict.fromkeys(found))


def doers(sop: Sop, step: Step, starter: int, staff: Staff) -> tuple[int, ...]:
    """Everyone whose the step is, whatever happened in the run. What an external position does is recorded by the one
    named for it."""
    found = (person for name in step.by for person in _of(sop, name, starter, staff))
    return tuple(dict.fromkeys(found))


def _of(sop: Sop, name: str, starter: int, staff: Staff) -> tuple[int, ...]:
    position = sop.position(name)
    if name == INITIATOR or position is None:
        return staff.instead_of(starter)
    return staff.holding(position.recorded_by if position.external else name)


def supervisors(sop: Sop, run: Run, staff: Staff) -> tuple[tuple[int, ...], ...]:
    """Who watches over the run, in the order in which they are asked: the SOP's supervisor, then its manager, where
    there is neither the admins. Never whoever's step it is, but in a rehearsal, where one person plays all."""
    if run.rehearsal:
        return ((run.starter,),)
    groups = (staff.holding(sop.team.supervisor), staff.holding(sop.team.manager))
    others = tuple(tuple(person for person in group if person != run.holder) for group in groups)
    asked = tuple(group for group in others if group)
    return asked or tuple(group for group in (tuple(one for one in staff.admins if one != run.holder),) if group)


def assigners(sop: Sop, run: Run, staff: Staff) -> tuple[int, ...]:
    """Who is told where nobody is there to do a step, and may give it to somebody: whoever watches over the run, and
    the admins; each once, never whoever's step it is, and rather those who did not just say that it is not theirs."""
    groups, admins = supervisors(sop, run, staff), _without(staff.admins, {run.holder})
    willing = [_without(group, run.declined) for group in groups]
    told = (*next(filter(None, willing), ()), *_without(admins, run.declined))
    return tuple(dict.fromkeys(told or (*next(iter(groups), ()), *admins)))


def supervises(person: int, sop: Sop, run: Run, staff: Staff) -> bool:
    """Whether the person is among those who watch over the run."""
    return any(person in group for group in supervisors(sop, run, staff))


def line(sop: Sop, run: Run, staff: Staff) -> tuple[tuple[int, ...], ...]:
    """Who is turned to one after the other where something waits too long: whoever watches over the run, then the
    admins; each once, and never whoever's step it is. A rehearsal bothers nobody but its one player."""
    if run.rehearsal:
        return supervisors(sop, run, staff)
    groups: list[tuple[int, ...]] = []
    for group in (*supervisors(sop, run, staff), staff.admins):
        before = {person for one in groups for person in one} | {run.holder}
        groups.append(tuple(person for person in group if person not in before))
    return tuple(group for group in groups if group)


def asked(sop: Sop, run: Run, staff: Staff) -> tuple[int, ...]:
    """Whose leave is wanted: the first in line, and who was asked as well since they did not answer. Whoever has the
    step gives it where nobody else is there, so that one person alone can finish any SOP."""
    groups = line(sop, run, staff)[: max(1, run.nudged.told if run.nudged else 0)]
    if not groups:
        return staff.instead_of(run.doer)
    return tuple(person for group in groups for person in group)


def above(sop: Sop, run: Run, staff: Staff, waited_for: Iterable[int], number: int) -> tuple[int, ...]:
    """The `number`-th in line, from 1, above those for whom the run waits; nobody where the line ends before."""
    theirs = set(waited_for)
    groups = [tuple(one for one in group if one not in theirs) for group in line(sop, run, staff)]
    return next(iter([group for group in groups if group][number - 1 : number]), ())


# Whose the step is in this run


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step goes when it is entered: to `holder`, or, where that is None, it is offered to `offered`."""

    holder: int | None
    offered: tuple[int, ...] = ()
    vacant: bool = False


def place(sop: Sop, run: Run, step: Step, me: int, staff: Staff) -> Place:
    """To whom `step` goes when `me` has ended the step before it.

    Back to whoever did it before in this run; else it stays with `me` who may do it too; else everyone who may is
    offered it; where nobody may, it waits for whoever watches over it while whoever did it before is away, else it
    stays with `me`, so that one person alone can finish any SOP. Whatever names nobody
    is for whoever did the step before, and a rehearsal bothers nobody else."""
    if not step.by or run.rehearsal:
        return Place(me)
    may = able(sop, run, step, staff)
    before = run.hands.get(step.id)
    if before is not None and before.person in may:
        return Place(before.person)
    if me in may:
        return Place(me)
    if may:
        return Place(None, may)
    if before is not None and before.person in staff.away and not isinstance(step.does, Approve):
        waits = replace(run, step=step.id, holder=None, child=None, declined=(), released=before.person)
        if offered(sop, waits, staff) or assigners(sop, waits, staff):
            return Place(before.person)
    return Place(me, vacant=True)


def able(sop: Sop, run: Run, step: Step, staff: Staff) -> tuple[int, ...]:
    """Everyone who may do the step in this run. Nobody approves own work: where that bars all, the supervisors do."""
    may = doers(sop, step, run.starter, staff)
    if not isinstance(step.does, Approve):
        return may
    barred = workers(run, step.does)
    groups = (may, staff.holding(sop.team.supervisor, sop.team.manager), staff.admins)
    return next((found for group in groups if (found := _without(group, barred))), ())


def still_approves(sop: Sop, run: Run, staff: Staff) -> bool:
    """Whether whoever has the step may go on with it: an approval ends with the position, unless nobody else is there
    for it, or it was taken up during a leave."""
    if run.step is None or run.holder is None or run.vacant or run.rehearsal or run.holder in staff.away:
        return True
    step = sop.step(run.step)
    may = able(sop, run, step, staff) if isinstance(step.does, Approve) else ()
    return not may or run.holder in may


def workers(run: Run, approval: Approve) -> set[int]:
    """Whose work is approved: everyone who ended a step since the one that a refusal would go back to, and whoever left
    out the step right before."""
    first = run.hands.get(approval.reject) if approval.reject else None
    since = first.visit if first else 0
    last = run.before.doer if run.before else None
    found = {hand.person for hand in run.hands.values() if hand.visit >= since}
    return found if last is None else found | {last}


def _without(people: Iterable[int], barred: Container[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(person for person in people if person not in barred))


def offered(sop: Sop, run: Run, staff: Staff) -> tuple[int, ...]:
    """To whom the run's step is offered now: holders may have changed since it was entered. While whoever had it is
    away, to their stand-in alone; whoever could not be had any more is among the others once they are back."""
    if run.step is None or run.doer is not None:
        return ()
    step = sop.step(run.step)
    may, had_it = able(sop, run, step, staff), staff.instead_of(run.released)
    if isinstance(step.does, Approve):
        had_it = tuple(one for one in had_it if one in may or not may)
        if run.released in staff.away:
            had_it = _without(had_it, workers(run, step.does))
    if run.released not in staff.away:
        return _without((*may, *had_it), run.declined)
    return _without(had_it, run.declined) or _without(may, run.declined)


def stands_in(sop: Sop, run: Run, staff: Staff) -> int | None:
    """To whom alone the run's step is offered while whoever had it is away, None where there is nobody such."""
    match offered(sop, run, staff) if run.released in staff.away else ():
        case (one,):
            return one
        case _:
            return None


def may_start(person: int, sop: Sop, staff: Staff) -> bool:
    """Whether a person may start the SOP: whoever may do its first step, and everyone where nobody else could."""
    may = doers(sop, sop.first, person, staff)
    return not may or person in may
