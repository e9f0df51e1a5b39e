"""From however a version stands, somebody can decide what leads on, until it is withdrawn or another has its place."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.engine import review as r
from bot.engine.people import Role
from bot.engine.review import ReviewKind, Verdict
from bot.engine.sop import Do, Kind, Position, Sop, Status, Step, Team
from bot.engine.staffing import Acting, Span
from bot.library.office import read_office
from bot.services import approval_card, approvals, deciders, reviews
from bot.services.house import House
from bot.storage.approvals import Approval
from bot.storage.database import Database, Transaction
from bot.storage.people import Person
from bot.storage.reviews import Planned
from bot.storage.versions import Version
from bot.views import approval_taps as a
from bot.views.taps import Packer
from tests.conftest import Clock

TEAM = ("penulis", "pengawas", "atasan")
STEPS = 200
USED = (Status.TRIAL, Status.IN_FORCE)


def version(number: int) -> Sop:
    return Sop(
        id="rapat", title="Rapat", version=str(number), kind=Kind.ADMINISTRATIVE, unit="Kantor", team=Team(*TEAM),
        positions=tuple(Position(name, name) for name in TEAM), digest=f"{number:064}", status=Status.TRIAL,
        steps=(Step(id="satu", number=1, text="Membuka rapat", does=Do(None), by=(TEAM[0],)),),
    )  # fmt: skip


class Life:
    """One SOP, of which whatever can be decided is decided, what was decided least first."""

    def __init__(self, house: House, clock: Clock, seed: int) -> None:
        self._house, self._clock, self._random = house, clock, Random(seed)
        self.decided: Counter[tuple[ReviewKind, Status, Verdict]] = Counter()
        self.stood: set[Status] = set()
        self._count = 1

    def employ(self, tx: Transaction) -> None:
        for number, role in enumerate((Role.AUTHOR, Role.SUPERVISOR, Role.MANAGER)):
            person = tx.people.add(1000 + number, role, "id", (role,))
            tx.holdings.add(person, TEAM[number], Span(tx.at.date()), Acting.DEFINITIVE, None)
        reviews.load(tx, self._house, version(1))

    def go_on(self, tx: Transaction) -> None:
        """Look at how every version stands, and decide one thing of what can be decided."""
        self._clock.advance(seconds=timedelta(days=self._random.choice((1, 40, 90))).total_seconds())
        known = tx.versions.all_of("rapat")
        self.stood |= {one.status for one in known}
        for one in known:
            assert one.status in (Status.SUPERSEDED, Status.WITHDRAWN) or self._leads_on(tx, one), one.status
        drafts = [one for one in known if one.status is Status.DRAFT]
        waiting = [one for one in tx.reviews.opened(tx.at.date()) if self._deciding(tx, one)]
        if not drafts and (not waiting or self._random.random() < 0.05):
            self._count += 1
            reviews.load(tx, self._house, version(self._count))
        elif drafts and (not waiting or self._random.random() < 0.05):
            self._approve(tx, drafts[0])
        else:
            self._decide(tx, self._random.choice(waiting))

    def _leads_on(self, tx: Transaction, one: Version) -> bool:
        """Whether somebody can decide something of it that changes how it stands, at the latest once it is due."""
        if one.status is Status.DRAFT:
            among = (range(2), frozenset([self._person(tx, 0).id]))
            return all(approval_card.asked(tx, self._house, one.sop, stage, among[1]) for stage in among[0])
        left = [each for each in tx.reviews.all_of(one.sop.digest) if each.decided_at is None]
        seated = deciders.seated(tx, self._house, one.sop)
        return any(
            r.deciding(seated, each.due, each.due) and {*r.verdicts(each.dates, one.status)} - {Verdict.POSTPONE}
            for each in left
        )

    def _deciding(self, tx: Transaction, planned: Planned) -> Sequence[Person]:
        return tx.people.some(deciders.deciding(tx, self._house, planned, tx.versions.sop(planned.digest)))

    def _decide(self, tx: Transaction, planned: Planned) -> None:
        stands = tx.versions.of(planned.digest)
        assert stands is not None
        verdict = self._random.choice(r.verdicts(planned.dates, stands.status))
        judging = r.Judging(
            planned.id, planned.dates.round, verdict, (True,) * 7, r.GROUNDS[verdict][0], action="Latih"
        )
        assert reviews.decide(tx, self._house, self._deciding(tx, planned)[0], planned, judging)
        self.decided[planned.kind, stands.status, verdict] += 1

    def _approve(self, tx: Transaction, draft: Version) -> None:
        taps = (a.Endorse, self._random.choice((a.Endorse, a.EndorseTrial)))
        assert not approvals.submit(tx, self._house, self._person(tx, 0), "rapat").alert or self._open(tx)
        for stage, tap in enumerate(taps):
            answer = approvals.press(
                tx, self._house, self._person(tx, stage + 1), tap(self._open(tx)[0].id, stage), None
            )
            assert not answer.alert, answer.text
        stands = tx.versions.of(draft.sop.digest)
        assert stands is not None
        assert stands.status in USED

    def _open(self, tx: Transaction) -> Sequence[Approval]:
        return tx.approvals.open()

    def _person(self, tx: Transaction, number: int) -> Person:
        found = tx.people.by_chat(1000 + number)
        assert found is not None
        return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_from_every_status_some_decision_leads_on(database_url: str) -> None:
    office, _ = read_office(None, "office.yaml", ZoneInfo("Asia/Makassar"))
    assert office is not None
    clock = Clock()
    database, life = Database(database_url, clock), Life(House(office, "id", Packer(1)), clock, seed=3)
    await database.run(life.employ)

    for _ in range(STEPS):
        await database.run(life.go_on)

    database.close()
    assert life.stood == {*Status}
    wanted = {
        (kind, status, verdict)
        for kind, status in (
            (ReviewKind.TRIAL, Status.TRIAL),
            (ReviewKind.REVISION, Status.TRIAL),
            (ReviewKind.MONITORING, Status.IN_FORCE),
            (ReviewKind.EVALUATION, Status.IN_FORCE),
            (ReviewKind.REVISION, Status.IN_FORCE),
        )
        for verdict in r.verdicts(r.Review(kind, clock.now.date(), clock.now.date()), status)
    }
    assert wanted <= {*life.decided}
