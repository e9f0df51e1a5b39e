"""Follow-ups as lists tell them: however many they are, in a few statements."""

from collections.abc import Sequence

from bot.engine.followup import FollowUp
from bot.engine.sop import Sop
from bot.storage.database import Transaction
from bot.views.followups import Departed


def listed(tx: Transaction, some: Sequence[FollowUp]) -> Sequence[Departed]:
    """Each with the deviation that it is about, but where that was undone."""
    found = tx.follow_ups.departures(it.deviation for it in some)
    sops = tx.versions.sops(one.digest for one in found.values())
    people = tx.people.some({number for it in some for number in (it.owner, it.done_by) if number is not None})
    called = {one.id: one.name for one in people}
    return [
        Departed(
            one.seq,
            sops[one.digest],
            one.run,
            one.what,
            one.at,
            follow_up=it,
            owner=called.get(it.owner or 0, ""),
            done_by=called.get(it.done_by or 0, ""),
        )
        for it in some
        if (one := found.get(it.deviation)) is not None
    ]


def of_run(tx: Transaction, sop: Sop, run_id: int) -> Sequence[Departed]:
    """What in a run departed from its SOP, in order."""
    return [Departed(one.seq, sop, one.run, one.what, one.at) for one in tx.follow_ups.of_run(run_id)]
