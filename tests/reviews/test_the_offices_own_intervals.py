"""When an SOP is reviewed that does not say so itself: as the office has it, also once the office has it otherwise."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.engine.review import ReviewKind
from bot.engine.sop import Status
from bot.storage.database import Transaction
from bot.storage.tables import ReminderRow, table
from tests.conftest import SOPS, Office, StartOffice, folder_of
from tests.reviews.test_every_moment_once import told as all_told
from tests.reviews.test_lists_of_the_day import lists
from tests.reviews.test_the_decision import SOP, stands

reminder = table(ReminderRow)


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    """An SOP that says nothing of its reviews."""
    text = (SOPS / f"{SOP}.yaml").read_text("utf-8")
    silent = re.sub(r"review:\n(?: .*\n)+", "", text)
    assert silent != text
    return folder_of(tmp_path, {f"{SOP}.yaml": silent})


def office_says(tmp_path: Path, review: str) -> None:
    (tmp_path / "office.yaml").write_text(f"review: {review}\n", encoding="utf-8")


async def seated(office: Office) -> None:
    await office.holds(102, "kasubbag-tu", "kepala-seksi")
    await office.holds(103, "petugas-ti", "staf-pelaksana")


async def moments(office: Office) -> list[str]:
    """What is still to be spoken of, in order, and on which day."""

    def work(tx: Transaction) -> list[str]:
        rows = tx.connection.execute(
            select(reminder.c.moment, reminder.c.due_at)
            .where(reminder.c.fired_at.is_(None))
            .order_by(reminder.c.due_at)
        )
        return [f"{row.moment} {office.app.house.office.day(row.due_at):%d/%m}" for row in rows]

    return await office.app.database.run(work)


async def test_an_office_has_its_own_trials_monitoring_and_reminders(start_office: StartOffice, tmp_path: Path) -> None:
    office_says(tmp_path, "{trial: {from: 2 minggu, until: 5 minggu, runs: 3, performers: 4}, remind: [3]}")

    async with start_office() as office:
        for person in (office.supervisor, office.author):
            await person.says("/start")
        await seated(office)

        assert await stands(office) == (Status.TRIAL, [(ReviewKind.TRIAL, 35)])
        assert await moments(office) == ["opens-7 01/12", "opens 08/12", "due-3 28/12", "due 29/12", "late-1 06/01"]
        await office.later(days=15)
        await office.supervisor.says("/tinjauan")
        await office.supervisor.taps("Uji Fungsi Komputer")
        assert "Yang diharapkan: 3, oleh 4 orang" in office.supervisor.sees


async def test_what_is_to_be_decided_follows_an_office_that_has_it_otherwise(
    start_office: StartOffice, tmp_path: Path
) -> None:
    async with start_office() as office:
        for person in (office.supervisor, office.author):
            await person.says("/start")
        await seated(office)
        assert (await stands(office))[1] == [(ReviewKind.TRIAL, 61)]
        await office.later(days=1)

    office_says(tmp_path, "{trial: {from: 2 minggu, until: 5 minggu}, monitor: 3 bulan, remind: [14, 7, 1]}")
    async with start_office() as office:
        assert (await stands(office))[1] == [(ReviewKind.TRIAL, 34)]
        assert await moments(office) == [
            *("opens-7 01/12", "opens 08/12", "due-14 15/12", "due-7 22/12", "due-1 28/12", "due 29/12", "late-1 06/01")
        ]
        await office.later(days=20)
        await office.supervisor.says("/tinjauan")
        await office.supervisor.taps("Uji Fungsi Komputer")
        await office.supervisor.taps("Tunda")
        await office.supervisor.taps("Tim belum sempat bertemu")
        put_off = await moments(office)

    office_says(tmp_path, "{trial: {from: 1 minggu, until: 2 minggu}, monitor: 11 bulan, remind: [2]}")
    async with start_office() as office:
        assert await moments(office) == put_off  # somebody has given it its day
        await office.supervisor.says("/tinjauan")
        await office.supervisor.taps("Uji Fungsi Komputer")
        await office.supervisor.taps("Berlakukan")
        await office.supervisor.taps("Sesuai pekerjaan")
        kinds = [kind for kind, _ in (await stands(office))[1]]
        assert kinds == [ReviewKind.MONITORING, ReviewKind.EVALUATION]

    # in the month of an evaluation no monitoring is held, and apart from it one is
    office_says(tmp_path, "{monitor: 6 bulan, evaluate: 6 bulan, remind: [2]}")
    async with start_office() as office:
        assert await stands(office) == (Status.IN_FORCE, [(ReviewKind.EVALUATION, 182)])
    office_says(tmp_path, "{monitor: 3 bulan, evaluate: 6 bulan, remind: [9]}")
    async with start_office() as office:
        assert await stands(office) == (Status.IN_FORCE, [(ReviewKind.MONITORING, 90), (ReviewKind.EVALUATION, 182)])
        assert [one.split()[0] for one in await moments(office)].count("due-9") == 2


async def test_what_a_change_brought_forward_stays_where_it_is(start_office: StartOffice, tmp_path: Path) -> None:
    async with start_office() as office:
        for person in (office.supervisor, office.author, office.manager):
            await person.says("/start")
        await seated(office)
        await office.manager.says("/ganti")
        await office.manager.says("multimeter")
        await office.manager.taps("Uji Fungsi Komputer")
        await office.manager.taps("Minta ditinjau")
        early = await stands(office)
        assert early[1] == [(ReviewKind.TRIAL, 14)]

    office_says(tmp_path, "{trial: {from: 2 minggu, until: 5 minggu}}")
    async with start_office() as office:
        assert await stands(office) == early


@pytest.mark.parametrize(
    ("days", "after", "told", "following"),
    [
        (48, "{remind: [2]}", "due-14", "due-2 22/01"),  # a reminder that is sent no more
        (62, "{trial: {from: 1 minggu, until: 5 minggu}}", "late-3", "late-4 26/01"),  # dates by which it is late
    ],
)
async def test_what_was_due_while_nobody_was_there_is_told_once_also_by_other_settings(
    start_office: StartOffice, tmp_path: Path, days: int, after: str, told: str, following: str
) -> None:
    async with start_office() as office:
        for person in (office.supervisor, office.author):
            await person.says("/start")
        await seated(office)
        await office.later(days=days - 5)
        before = len(lists(office, 102))
        office.clock.advance(days=5)

    office_says(tmp_path, after)
    async with start_office() as office:
        await office.settle()
        found = await office.app.database.run(of_reminders)
        assert found[-1] == told
        assert (await moments(office))[0] == following
        await office.later(hours=2)
        assert await office.app.database.run(of_reminders) == found
        assert len(lists(office, 102)) == before + 1


def of_reminders(tx: Transaction) -> list[str]:
    """The moments of which somebody was told, in order."""
    return [moment for _, moment, _ in all_told(tx)]
