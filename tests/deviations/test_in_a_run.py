"""What a run departed in is looked at from its card: weighed otherwise with a reason, and never one's own down."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.figures import Scope
from bot.sandbox.person import Person
from bot.storage.database import Transaction
from bot.storage.export import deviations
from bot.storage.part import Part
from tests.conftest import Office, folder_of
from tests.deviations.test_follow_ups import SOP, begin, finish, start, without_photo
from tests.people.records import kinds


@pytest.fixture
def sops_dir(tmp_path: Path) -> Path:
    (tmp_path / "office.yaml").write_text("follow_up: {since: berat}\nrecurrence_days: 40\n", encoding="utf-8")
    return folder_of(tmp_path, {"mesin.yaml": SOP})


async def looks(person: Person, run: int) -> None:
    """Somebody looks from the figures at what a run departed in, and at the first of it."""
    await person.says("/rekap")
    await person.taps("Penyimpangan:")
    await person.taps("tanpa bukti")
    await person.taps(f"#{run}")
    await person.taps("⚠️ Penyimpangan")
    assert "Penyimpangan pada langkah 1: tanpa bukti" in person.sees
    await person.taps("tanpa bukti")


async def test_one_without_a_follow_up_is_weighed_with_a_reason_and_one_s_own_not_down(office: Office) -> None:
    clerk, siti, nur = await begin(office), office.supervisor, office.manager
    await without_photo(clerk)
    await finish(clerk)
    await start(siti)
    await without_photo(siti)
    await finish(siti)
    await office.later(minutes=3)
    assert "Penyimpangan" not in clerk.screen  # they are for those who watch over the unit
    assert "Tindak lanjut" not in siti.chat

    await looks(siti, 2)
    await siti.taps("Ubah tingkat")
    await siti.taps("ringan")
    assert "harus ditetapkan orang lain" in siti.alert
    await looks(nur, 2)
    await nur.taps("Ubah tingkat")
    await nur.taps("ringan")
    await nur.says("Kamera rusak hari itu")
    assert "ringan" in nur.sees

    await looks(siti, 1)
    await siti.taps("Ubah tingkat")
    await siti.taps("berat")
    await siti.says("Sudah tiga kali bulan ini")
    await office.later(seconds=61)
    assert "Tindak lanjut 1: terbuka" in nur.chat
    assert (await kinds(office)).count("severity_changed") == 2


async def test_what_came_again_is_counted_within_the_days_of_the_office(office: Office) -> None:
    """Fifty days apart: by the usual sixty days it would be the second time, the office says forty."""
    clerk = await begin(office)
    await without_photo(clerk)
    await finish(clerk)
    await office.later(days=50)
    await start(clerk)
    await without_photo(clerk)
    await finish(clerk)
    await office.later(minutes=2)

    def recurrences(tx: Transaction, part: Part | None) -> list[int]:
        found = deviations(tx.connection, names=False, part=part, again=office.app.house.settings.departures.again)
        return [row["recurrence"] for row in found if row["kind"] == "evidence_missing"]

    assert await office.app.database.run(recurrences, None) == [1, 1]
    await start(clerk)
    await without_photo(clerk)
    await finish(clerk)
    await office.later(minutes=2)
    scope = Scope(office.clock.now - timedelta(minutes=3), office.clock.now)
    part = Part(scope, 1, frozenset())
    assert await office.app.database.run(recurrences, part) == [2]  # the first of them is not in the part, and counts
    await looks(office.manager, 3)
    assert "kejadian ke-2 dalam 40 hari" in office.manager.sees
