"""/ganti: what changed in the office opens the reviews of the SOPs that it touches, and those hear who must know."""

from datetime import date

from bot.storage.database import Transaction
from tests.conftest import Office


def next_review(tx: Transaction) -> list[tuple[date, date]]:
    live = tx.versions.live_of("uji-fungsi-komputer")
    assert live is not None
    return [(one.dates.opens, one.due) for one in tx.reviews.open() if one.digest == live.sop.digest]


async def test_what_changed_is_found_ticked_and_looked_at_early(office: Office) -> None:
    for one in (office.supervisor, office.manager):
        await one.says("/start")
    await office.clerk.says("/start sop_uji-fungsi-komputer")
    await office.clerk.taps("Mulai")

    await office.author.says("/ganti")
    await office.author.says("xyzzy")
    assert "Tidak ada SOP yang menyebut" in office.author.sees
    await office.author.says("multimetr")
    assert "Multimeter" in office.author.sees
    assert "1 pelaksanaan terbuka" in office.author.sees
    await office.author.taps("Uji Fungsi Komputer")
    await office.author.taps("Minta ditinjau")

    assert await office.app.database.run(next_review) == [(date(2026, 11, 24), date(2026, 12, 8))]
    for one in (office.supervisor, office.manager):
        assert "multimetr" in one.chat
    assert "mungkin menyentuh pelaksanaan Anda" in office.clerk.chat
