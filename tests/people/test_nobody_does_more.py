"""Through the door: every tap and command by every role; where it is not for them, nothing in the database changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel
from telegram.ext import Application

from bot.engine import commands as c
from bot.engine import desk as d
from bot.engine import questions as q
from bot.engine.people import Role
from bot.engine.rights import Action, Reach, reach
from bot.engine.sop import Status
from bot.engine.staffing import Acting, Span
from bot.services.rights import action_of
from bot.storage.database import Transaction
from bot.storage.invitations import Terms
from bot.telegram.handlers import Handlers, press
from bot.views import approval_taps as a
from bot.views import commands as menu
from bot.views import draft_taps as e
from bot.views import office_change_taps as o
from bot.views import report_taps as r
from bot.views import review_taps as v
from bot.views import taps as t
from bot.views.desk import Go, Move
from tests.conftest import Office
from tests.people.records import known

ME = 101
TAPS: tuple[t.Tap, ...] = (
    t.OnRun(t.Stamp(1, 1), c.Finish()),
    t.ShowSop("uji-fungsi-komputer"),
    t.StartRun(1, "uji-fungsi-komputer"),
    t.Understood(1, "uji-fungsi-komputer"),
    t.ShowRun(1),
    t.WhereIs(1),
    t.WhereAll(),
    t.Favour(True, "uji-fungsi-komputer"),
    t.Browse(0),
    t.Runs(),
    t.Tasks(0),
    t.Speak("en"),
    t.ForRun(1, 1),
    t.Search(1),
    t.DrawCode(1, "uji-fungsi-komputer"),
    t.GoOn(1, "uji-fungsi-komputer"),
    t.Rehearse(1, "uji-fungsi-komputer"),
    t.StartTrial(1, "pengelolaan-bmn"),
    t.Help(),
    t.AskIn(),
    t.LetIn(1),
    t.KeepOut(1),
    t.Desk(1, Move.GO, Go.INVITE),
    t.ShowDeviation(1),
    t.Departures(1, 0),
    t.FollowUps(0),
    t.Follow(1, 0, "take", "-"),
    o.TickTouched(1, 0, True),
    o.TurnTouched(1, 1),
    o.Announce(1),
    a.Submit("pengelolaan-bmn"),
    e.OpenDraft("pengelolaan-bmn"),
    e.OnDraft(1, "s", "-"),
    a.ShowVersion(1),
    a.Endorse(1, 0),
    a.EndorseTrial(1, 0),
    a.TurnDown(1, 0),
    a.WalkVersion(1),
    r.Report("uji-fungsi-komputer"),
    r.Steps(1, 0),
    r.StepIs(1, 0),
    r.FaultIs(1, 0),
    r.Same(1),
    r.Another(1),
    r.Leave(1),
    r.Add(1),
    r.Reword(1),
    r.Mine(0),
    r.Reports(0),
    r.ReportsOf("uji-fungsi-komputer", 0),
    r.ShowReport(1),
    r.SendReportFiles(1),
    r.AnswerIs(1, 0, 0),
    r.NoWords(1),
    r.Merge(2, 1),
    v.Reviews(0),
    v.ShowReview(1),
    v.SendDates(),
    v.Remark(1),
    v.Decide(1, 1, 0),
    v.AnswerOne(1, 0, True),
    v.Grounded(1, 0),
    v.LeaveReview(1),
    v.RunsBehind(1, 0, 0),
    v.ReviewPaper(1, False),
    v.Hush(1),
    t.Figures(1, "w", "done"),
    t.Figures(1, "e", "runs-xlsx"),
)
COMMANDS = {
    "/start": Action.USE,
    "/sop": Action.USE,
    "/lanjut": Action.RUN,
    "/tugas": Action.RUN,
    "/lapor": Action.REPORT,
    "/tinjauan": Action.SEE_REVIEWS,
    "/diam": Action.USE,
    "/rekap": Action.SEE_FIGURES,
    "/ganti": Action.ANNOUNCE_CHANGE,
    "/orang": Action.SEE_PEOPLE,
    "/bahasa": Action.USE,
    "/batal": Action.USE,
    "/bantuan": Action.USE,
}
LOOKED_UP_WITHIN = {
    Action.INVITE: "invite",
    Action.SET_ABSENCE: "absence of another's",
    Action.BLOCK: "stop another's",
    Action.CHANGE_PEOPLE: "rename",
    Action.IMPORT_PEOPLE: "take in a list",
    Action.ERASE_PERSON: "",
    Action.SEE_DRAFTS: "",
    Action.JUDGE_DEVIATIONS: "",
}
"""What no tap or command is as a whole: on which move of the card of people it is tried; drafts are looked for
below, who judges deviations is asked in tests/deviations, and who erases somebody in test_erasure."""


def test_every_tap_that_there_is_needs_a_right_and_is_tried_here() -> None:
    assert {type(tap) for tap in TAPS} == set(get_args(t.Tap))
    assert {action_of(tap) for tap in TAPS} | set(COMMANDS.values()) | set(LOOKED_UP_WITHIN) == set(Action)
    assert {name for name in LOOKED_UP_WITHIN.values() if name} <= {one.name for one in TRIES}


def test_every_command_that_there_is_is_tried_here(office: Office) -> None:
    names = Handlers.commands(Handlers.__new__(Handlers))

    assert {f"/{one[0]}" for one in names} == set(COMMANDS)


def test_the_menu_offers_every_command_by_both_its_names() -> None:
    answered = {names for names in Handlers.__new__(Handlers).commands() if names != ("start",)}

    assert answered == {(one.name, one.alias) for one in menu.ALL}
    assert {f"/{one.name}": one.needs for one in menu.ALL}.items() <= COMMANDS.items()


def test_every_handler_that_there_is_asks_for_a_right_or_is_known_to_do_nothing_for_anybody() -> None:
    application = Application.builder().token("1:x").updater(None).job_queue(None).build()
    handlers = Handlers.__new__(Handlers)
    handlers.add_to(application)

    found = {one.callback for group in application.handlers.values() for one in group}

    tried = {*handlers.commands().values(), handlers.unknown, handlers.press, handlers.message, handlers.edited}
    for_nobody = {handlers.member, handlers.ignore}  # who blocked the bot, and what is only put aside
    assert found == tried | for_nobody


ANSWERED = ("'door'", "'no:", "'attempt_denied'")


async def everything(office: Office) -> dict[str, list[str]]:
    """The whole database, but for what tells that somebody wrote and was answered, or tried it in vain."""
    return await office.app.database.run(_everything)


def _everything(tx: Transaction) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for table in SQLModel.metadata.sorted_tables:
        kept = [column for column in table.c if column.name not in ("seen_id", "greeted_at", "heard_at")]
        found = sorted(str(tuple(row)) for row in tx.connection.execute(select(*kept)))
        rows[table.name] = [row for row in found if not any(mark in row for mark in ANSWERED)]
    del rows["inbox"]
    return rows


@dataclass
class Me:
    """Whoever taps, in one role after the other."""

    office: Office
    id: int

    async def becomes(self, roles: tuple[Role, ...], *, blocked: bool = False) -> None:
        """From now on these are my roles."""

        def work(tx: Transaction) -> None:
            tx.people.give_roles(self.id, roles)
            tx.people.change(self.id, blocked_at=datetime(2026, 11, 1, tzinfo=UTC) if blocked else None)

        await self.office.app.database.run(work)

    async def is_asked(self, what: q.Question) -> int:
        """Something lies open before me."""
        return await self.office.app.database.run(lambda tx: tx.questions.ask(self.id, what).ask)

    async def taps(self, tap: t.Tap) -> None:
        """I send what need not be a button."""
        pack = self.office.app.house.pack
        data = pack.run(tap.stamp, tap.act) if isinstance(tap, t.OnRun) else pack.plain(tap)
        await self.office.person(ME).taps_data(1, data)


@pytest.fixture
async def me(office: Office) -> Me:
    """Andi, of Subbagian Tata Usaha; there is a draft, a request, and a run of Siti's."""
    for person in (office.clerk, office.supervisor, office.author, office.manager):
        await person.says("/start")
    await office.works_in("subbag-tu", 101, 102)
    await office.works_in("seksi-pakis", 103, 104)
    await office.supervisor.says("uji fungsi")
    await office.supervisor.taps("Uji Fungsi Komputer")
    await office.supervisor.taps("Mulai")
    await office.person(999).says("/start")
    await office.person(999).taps("Minta akses")

    def draft(tx: Transaction) -> None:
        tx.versions.move(next(one.sop.digest for one in tx.versions.live() if one.sop.id == "pengelolaan-bmn"), DRAFT)

    await office.app.database.run(draft)
    office.app._ticker.stop()  # on a busy machine it would look around in the middle of a test, and change rows itself
    return Me(office, (await known(office, ME)).id)


DRAFT = Status.DRAFT
WHO: dict[str, tuple[tuple[Role, ...], bool]] = {
    **{role.value: ((role,), False) for role in Role},
    "stranger": ((), False),
    "blocked": ((Role.ADMIN, Role.MANAGER), True),
}


async def test_a_tap_that_is_not_for_them_changes_nothing_whoever_taps(me: Me) -> None:
    tried = 0
    for name, (roles, blocked) in WHO.items():
        await me.becomes(roles, blocked=blocked)
        for tap in TAPS:
            may = Reach.NOTHING if blocked else reach(roles, action_of(tap))
            if may or (name == "stranger" and isinstance(tap, t.AskIn)):
                continue
            asked = await me.is_asked(q.Looking("pengelolaan-bmn"))
            tap = t.StartTrial(asked, tap.sop) if isinstance(tap, t.StartTrial) else tap
            before = await everything(me.office)
            await me.taps(tap)
            assert await everything(me.office) == before, f"{name}: {tap}"
            tried += 1
    assert tried > 50


async def test_a_command_that_is_not_for_them_changes_nothing_whoever_sends_it(me: Me) -> None:
    tried = 0
    for name, (roles, blocked) in WHO.items():
        await me.becomes(roles, blocked=blocked)
        for command, action in COMMANDS.items():
            if not blocked and reach(roles, action):
                continue
            before = await everything(me.office)
            await me.office.clerk.says(command)
            await me.office.clerk.says(f"{command} Siti")
            assert await everything(me.office) == before, f"{name}: {command}"
            tried += 1
    assert tried > 18


async def test_a_draft_is_shown_only_to_those_who_may_see_drafts(me: Me) -> None:
    for role in Role:
        await me.becomes((role,))
        await me.taps(t.ShowSop("pengelolaan-bmn"))
        shown = "tidak sedang berlaku" not in me.office.clerk.sees
        assert shown is (reach((role,), Action.SEE_DRAFTS) > Reach.NOTHING), role


async def test_whatever_strangers_and_the_blocked_send_changes_nothing(me: Me) -> None:
    clerk = me.office.clerk
    for name in ("stranger", "blocked"):
        roles, blocked = WHO[name]
        await me.becomes(roles, blocked=blocked)
        await me.is_asked(q.Looking("pengelolaan-bmn"))
        before = await everything(me.office)
        await clerk.says("uji fungsi")
        await clerk.edits(clerk.messages[0]["message_id"], "selesai")
        await clerk.sends_photo(b"a picture")
        await clerk.sends_document("orang.csv", b"nama\nBaru\n", "text/csv")
        assert await everything(me.office) == before, name


# On the card of people


TODAY, LATER = date(2026, 11, 24), date(2026, 12, 24)
Mine = Callable[[dict[str, int]], q.Question]


@dataclass(frozen=True)
class Try:
    """A move on the card: what lies open, and who may make it. Names stand for people, `at` for what it is about."""

    name: str
    opens: Mine
    move: Move
    to: str
    may: frozenset[Role]


NOBODY = frozenset[Role]()
ADMIN = frozenset({Role.ADMIN})
WATCHERS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})
ABOVE = frozenset({Role.MANAGER, Role.ADMIN})


TRIES = (
    Try("invite", lambda at: d.Directory(), Move.GO, Go.INVITE, WATCHERS),
    Try("see requests", lambda at: d.Directory(), Move.GO, Go.REQUESTS, ADMIN),
    Try("see one of mine", lambda at: d.Directory(), Move.PERSON, "{clerk}", WATCHERS),
    Try("see another's", lambda at: d.Directory(), Move.PERSON, "{elsewhere}", ADMIN),
    Try("see a stranger", lambda at: d.Directory(), Move.PERSON, "{stranger}", NOBODY),
    Try("rename", lambda at: d.Card(at["clerk"]), Move.GO, Go.NAME, ADMIN),
    Try("number", lambda at: d.Card(at["clerk"]), Move.GO, Go.NIP, ADMIN),
    Try("move one of mine", lambda at: d.Moving(at["clerk"]), Move.CHOOSE, "zakat-wakaf", ADMIN),
    Try("make admin", lambda at: d.Empowering(at["clerk"], (Role.ADMIN,)), Move.SAVE, "-", ADMIN),
    Try("make myself manager", lambda at: d.Empowering(at["me"], tuple(Role)), Move.SAVE, "-", NOBODY),
    Try("give a position", lambda at: d.Giving(at["clerk"], "ppk", asks=None), Move.SAVE, "-", ADMIN),
    Try("give myself a position", lambda at: d.Giving(at["me"], "ppk", asks=None), Move.SAVE, "-", ADMIN),
    Try("end a position", lambda at: d.Ending(at["clerk"], at["holding"]), Move.DAY, "today", ADMIN),
    Try("absence of one of mine", lambda at: d.Away(at["clerk"]), Move.SAVE, "-", WATCHERS),
    Try("absence of myself", lambda at: d.Away(at["me"]), Move.SAVE, "-", WATCHERS),
    Try("absence of another's", lambda at: d.Away(at["elsewhere"], until=TODAY), Move.SAVE, "-", ADMIN),
    Try("absence of a supervisor", lambda at: d.Away(at["supervisor"]), Move.SAVE, "-", ABOVE),
    Try("stand-in from elsewhere", lambda at: d.Away(at["clerk"], None, None, at["elsewhere"]), Move.SAVE, "-", ADMIN),
    Try("call back another's", lambda at: d.Absences(at["elsewhere"]), Move.NUMBER, "{absence}", ADMIN),
    Try("stop one of mine", lambda at: d.Stopping(at["clerk"]), Move.SAVE, "-", WATCHERS),
    Try("stop another's", lambda at: d.Stopping(at["elsewhere"]), Move.SAVE, "-", ADMIN),
    Try("stop a supervisor", lambda at: d.Stopping(at["supervisor"]), Move.SAVE, "-", ABOVE),
    Try("stop an admin", lambda at: d.Stopping(at["admin"]), Move.SAVE, "-", ADMIN),
    Try("stop myself", lambda at: d.Stopping(at["me"]), Move.SAVE, "-", NOBODY),
    Try("invite into my unit", lambda at: d.Inviting(unit="subbag-tu"), Move.SAVE, "-", WATCHERS),
    Try("invite elsewhere", lambda at: d.Inviting(unit="seksi-pakis"), Move.SAVE, "-", ADMIN),
    Try("invite to no unit", lambda at: d.Inviting(), Move.SAVE, "-", ADMIN),
    Try("invite a supervisor", lambda at: d.Inviting((Role.SUPERVISOR,), "subbag-tu"), Move.SAVE, "-", ABOVE),
    Try("invite an admin", lambda at: d.Inviting((Role.ADMIN,), "subbag-tu"), Move.SAVE, "-", ADMIN),
    Try("invite to a position", lambda at: d.Inviting(unit="subbag-tu", positions=("ppk",)), Move.SAVE, "-", ADMIN),
    Try("let in", lambda at: d.Inviting(request=at["request"]), Move.SAVE, "-", ADMIN),
    Try("answer a request", lambda at: d.Requests(), Move.NUMBER, "{request}", ADMIN),
    Try("revoke another's", lambda at: d.Invitations(), Move.NUMBER, "{invitation}", ADMIN),
    Try("have everyone as a list", lambda at: d.Directory(), Move.GO, Go.LIST, ADMIN),
    Try("take in a list", lambda at: d.ListRead((d.Listed(2, "Baru"),)), Move.SAVE, "-", ADMIN),
)


@pytest.fixture
async def at(me: Me) -> dict[str, int]:
    """People, a position, an absence, a request and an invitation to be tried on."""
    for number, name in ((201, "Bawahan"), (202, "Lain Unit"), (203, "Kepala"), (204, "Admin Dua")):
        me.office.world.add_person(number, name)

    def work(tx: Transaction) -> dict[str, int]:
        units = {201: "subbag-tu", 202: "seksi-pakis", 203: "subbag-tu", 204: "subbag-tu"}
        roles = {201: Role.PERFORMER, 202: Role.PERFORMER, 203: Role.SUPERVISOR, 204: Role.ADMIN}
        people = {number: tx.people.add(number, f"Orang {number}", "id", [roles[number]]) for number in units}
        for number, unit in units.items():
            tx.people.change(people[number], unit=unit)
        stranger = tx.people.by_chat(999)
        assert stranger is not None
        request = tx.requests.last_of(stranger.id)
        assert request is not None
        return {
            "me": me.id,
            "clerk": people[201],
            "elsewhere": people[202],
            "supervisor": people[203],
            "admin": people[204],
            "stranger": stranger.id,
            "request": request.id,
            "holding": tx.holdings.add(people[201], "petugas-ti", Span(TODAY), Acting.DEFINITIVE),
            "absence": tx.absences.add(people[202], Span(LATER), None),
            "invitation": tx.invitations.add(people[204], Terms((Role.PERFORMER,), "seksi-pakis"))[0].id,
        }

    return await me.office.app.database.run(work)


async def test_on_the_card_of_people_nobody_does_more_than_they_may(me: Me, at: dict[str, int]) -> None:
    for role in Role:
        await me.becomes((role,))
        for one in TRIES:
            if role in one.may:
                continue
            asked = await me.is_asked(one.opens(at))
            before = await everything(me.office)
            await me.taps(t.Desk(asked, one.move, one.to.format(**at)))
            assert await everything(me.office) == before, f"{role}: {one.name}"
            assert me.office.clerk.alert, f"{role}: {one.name} was not answered"


class Undone(Exception):
    """Nothing of what was tried is kept."""


async def test_and_whoever_may_does(me: Me, at: dict[str, int]) -> None:
    """Else the test above would prove nothing."""
    for one in TRIES:
        for role in one.may:
            await me.becomes((role,))
            asked = await me.is_asked(one.opens(at))
            with pytest.raises(Undone):
                await me.office.app.database.run(_does, me, t.Desk(asked, one.move, one.to.format(**at)), one.name)


def _does(tx: Transaction, me: Me, tap: t.Desk, name: str) -> None:
    before = _everything(tx)
    answer = press(tx, me.office.app.house, tx.people.get(me.id), tap, None)
    assert not answer.alert, f"{name}: {answer.text}"
    assert _everything(tx) != before, name
    raise Undone
