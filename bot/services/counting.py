"""Which runs somebody may count, and what is counted of them."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.engine.figures import Figures, Overview, Scope, Stage
from bot.engine.rights import Action, Reach, reach
from bot.engine.sop import Sop
from bot.services import feedback
from bot.services.house import House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import figures as view


def scope(house: House, me: Person, of: Overview, action: Action = Action.SEE_FIGURES) -> Scope:
    """Which runs somebody may count: of their unit and below, or all; whoever watches over none, their own."""
    since, until = (house.office.start_of(day) for day in (of.period.first, of.period.next.first))
    everything = Scope(since, until, of.sop, None if of.unit is None else house.units.below(of.unit))
    match reach(me.roles, action):
        case Reach.ALL:
            return everything
        case Reach.UNIT if not len(house.units):
            return everything
        case Reach.UNIT if me.unit is not None:
            mine = house.units.below(me.unit)
            units = mine if everything.units is None else tuple(one for one in everything.units if one in mine)
            return replace(everything, units=units)
        case _:
            return replace(everything, starter=me.id)


def seen(tx: Transaction, house: House, me: Person, of: Overview) -> view.Seen:
    """What an overview shows."""
    mine = scope(house, me, of)
    found = tx.figures.of(mine)
    shown = stage(of, found)
    other = found.get(Stage.REGULAR if shown is Stage.TRIAL else Stage.TRIAL, Figures())
    opens = tx.figures.open_runs(mine), tx.figures.open_reports(mine, reported(tx, house, mine))
    versions = len({one.digest for one in tx.figures.versions(mine)}) if of.sop else 0
    thought = feedback.told_in(tx, house, mine, shown)
    return view.Seen(of, shown, found.get(shown, Figures()), other.done + other.stopped, *opens, versions, thought)


def reported(tx: Transaction, house: House, of: Scope) -> Collection[str] | None:
    """The SOPs of which a scope counts reports: those of its units, None where it has all."""
    if of.units is None:
        return None
    return [one.sop.id for one in tx.versions.newest() if house.units.titled(one.sop.unit) in of.units]


def stage(of: Overview, found: Mapping[Stage, Figures]) -> Stage:
    """The stage that was chosen; else the regular runs, where there are any, or none on trial either."""
    if of.stage is not None:
        return of.stage
    return Stage.TRIAL if Stage.TRIAL in found and Stage.REGULAR not in found else Stage.REGULAR


def frame(tx: Transaction, house: House, me: Person, ask: int = 0) -> view.Frame:
    """What the screens and papers of figures are drawn with."""
    return view.Frame(house.words(me), house.pack, ask, house.office.day(tx.at), house.units, _known(tx))


def _known(tx: Transaction) -> Mapping[str, Sop]:
    """Every SOP in the version that new runs use, else in its newest."""
    versions = {one.sop.id: one.sop for one in tx.versions.newest()}
    return versions | {one.sop.id: one.sop for one in tx.versions.live()}
