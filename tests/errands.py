"""What people do on purpose, whatever else goes on: each errand is a row of things typed and of buttons tapped that are
really on a phone, and brings about what the journal then tells. It is begun anew until the journal tells it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.sandbox.world import World
from bot.storage.database import Transaction
from tests.deviations.test_follow_ups import SOP as MACHINE
from tests.people.test_handing_over import SURAT
from tests.people.test_signing import PIN, WRONG
from tests.versions.test_a_draft import SOP as LETTERS

Json = dict[str, Any]

CLERK, SUPERVISOR, AUTHOR, MANAGER = 301, 302, 303, 304
DRAFTER, CHECKER, OTHER, BOSS, HEAD = 311, 312, 313, 314, 315
FITTER, FOREMAN, SECOND = 321, 322, 323
ADMIN, DOORKEEPER, STRANGER = 331, 332, 333
GUESTS = (341, 342, 343, 344)
"""Who are only acted upon."""
HOLD = {
    CLERK: ("staf",),
    SUPERVISOR: ("pengawas",),
    AUTHOR: ("penulis",),
    MANAGER: ("kepala",),
    DRAFTER: ("pengonsep",),
    CHECKER: ("pemeriksa",),
    OTHER: ("pemeriksa",),
    BOSS: ("kepala-kantor",),
    HEAD: ("kasubbag-tu", "pemeriksa"),
    FITTER: ("teknisi",),
}
"""Positions of the SOPs below, which are nobody else's."""
ROLES = dict.fromkeys((SUPERVISOR, AUTHOR, MANAGER, BOSS, HEAD, FOREMAN, SECOND, ADMIN, DOORKEEPER), frozenset(Role))
ROLES |= dict.fromkeys((CLERK, DRAFTER, CHECKER, OTHER, FITTER, *GUESTS), frozenset({Role.PERFORMER}))
OFFICE = "approval: [supervisor, {role: manager, sign: true}]\nfollow_up: {watched: 1}\n"


def write_files(folder: Path) -> None:
    """The SOPs that errands are about."""
    signed = SURAT.replace("    reject: konsep\n", "    reject: konsep\n    sign: true\n")
    for name, text in (("layanan", LETTERS), ("mesin", MACHINE), ("surat", signed)):
        (folder / f"errand-{name}.yaml").write_text(text, encoding="utf-8")


def employ(tx: Transaction, today: date) -> None:
    """Let them hold what they hold."""
    for chat, positions in HOLD.items():
        person = tx.people.by_chat(chat)
        assert person is not None
        for position in positions:
            tx.holdings.add(person.id, position, Span(today), Acting.DEFINITIVE)


@dataclass(frozen=True, slots=True)
class Errand:
    """What it brings about, and how: who does what next. What follows `>` is typed, and `»` so as an
    answer to the newest message; all else is tapped."""

    causes: frozenset[str]
    steps: tuple[tuple[int, str], ...]


def _by(who: int, *steps: str) -> tuple[tuple[int, str], ...]:
    return tuple((who, step) for step in steps)


def _errand(causes: str, *parts: tuple[tuple[int, str], ...]) -> Errand:
    return Errand(frozenset(causes.split()), sum(parts, ()))


def _about(guest: int, causes: str, *steps: str) -> Errand:
    return _errand(causes, _by(ADMIN, f">/orang Orang {guest}", f"Orang {guest}", *steps))


_TO_APPROVE = (
    *_by(DRAFTER, ">/start sop_surat-keluar", "Mulai", "»Undangan rapat", "Selesai"),
    *_by(CHECKER, "Terima", "Selesai"),
    *_by(BOSS, "Terima", "Setujui"),
)
_FAULTY = (
    *_by(FITTER, ">/start sop_periksa-mesin", "Mulai", "Kendala", "Selesai dengan catatan", "Alasan lain", "Lanjut"),
    *_by(FITTER, "Selesai"),
)

_ERASED = ("Hapus data pribadi", "Permintaan yang bersangkutan", "Hapus selamanya")

ERRANDS = (
    # an SOP is worked with, found wrong, changed, approved
    (
        _errand(
            "skipped deviated completed rated rated_in_words",
            _by(CLERK, ">/start sop_layanan", "Mulai", "Selesai", "Kendala", "Lewati", "Tidak diperlukan", "Lanjut"),
            _by(CLERK, "Selesai", "4", ">Langkah 1 terlalu lama"),
        ),
        _errand(
            "report_reworded report_explained report_merged draft_opened proposal_taken proposal_refused draft_edited"
            " draft_undone version_submitted version_turned_down version_approved version_signed version_written"
            " pin_chosen report_published",
            _by(CLERK, ">/lapor", ">layanan", ">1", "Salah ketik", "Usulkan kalimat", ">Menerima dan mencatat surat"),
            _by(CLERK, ">/lapor", ">layanan", ">2", "Urutan salah", ">Stempel dahulu"),
            _by(MANAGER, ">/lapor", ">layanan", ">2", "Urutan salah", "Ikut melaporkan", ">Saya juga"),
            _by(AUTHOR, ">/start sop_layanan", "Buat draf", "Langkah 1: laporan", "Pakai kalimat usulan"),
            _by(AUTHOR, "Langkah 2: laporan", "Jangan dipakai", ">Surat dibaca dahulu"),
            _by(AUTHOR, "Ubah langkah", "3. ", "Waktu", ">2 hari", "Kembali", "Kembali", "Batalkan perubahan terakhir"),
            _by(AUTHOR, ">/start sop_layanan", "Ajukan"),
            _by(SUPERVISOR, "Tolak", ">Sebutkan formulirnya"),
            _by(AUTHOR, ">/start sop_layanan", "Ajukan"),
            _by(SUPERVISOR, "Setujui"),
            _by(MANAGER, "Setujui, berlakukan", f">{PIN}", f">{PIN}"),
        ),
        _errand("change_understood", _by(CLERK, ">/start sop_layanan", "Mulai", "Paham")),
        _errand(
            "report_answered",
            _by(CLERK, ">/lapor", ">layanan", ">3", "Urutan salah", ">Terbalik"),
            _by(AUTHOR, ">/lapor", "Laporan masuk", "Urutan salah", "Diterima", ">Akan ditukar"),
        ),
        _errand("hushed", _by(SUPERVISOR, ">/diam", "Diam 1 bulan", "Ingatkan lagi")),
        _errand("facts_exported", _by(SUPERVISOR, ">/rekap", "Dokumen", "Unduh pelaksanaan")),
        _errand("change_announced", _by(AUTHOR, ">/ganti multimeter", "Uji Fungsi Komputer", "Minta ditinjau")),
    ),
    # a run goes from hand to hand
    (
        _errand(
            "started entered recorded finished accepted approved signed",
            _TO_APPROVE,
            _by(BOSS, f">{PIN}", f">{PIN}"),
            _by(DRAFTER, "Terima", "Selesai"),
        ),
        _errand("pin_locked", _TO_APPROVE, _by(BOSS, *(f">{WRONG}" for _ in range(5)))),
        _errand("pin_cleared", _by(HEAD, f">/orang Orang {BOSS}", f"Orang {BOSS}", "Hapus PIN")),
        _errand(
            "declined returned",
            _by(DRAFTER, ">/start sop_surat-keluar", "Mulai", "»Undangan rapat", "Selesai"),
            _by(OTHER, "Bukan saya"),
            _by(CHECKER, "Kembalikan", "Berkas tidak lengkap"),
        ),
        _errand(
            "assigned",
            _by(DRAFTER, ">/start sop_surat-keluar", "Mulai", "»Undangan rapat", "Selesai"),
            _by(CHECKER, "Terima"),
            _by(HEAD, "Ambil alih", "Tidak dapat dihubungi", "Lanjut"),
        ),
        _errand(
            "leave_asked leave_refused",
            _by(DRAFTER, ">/start sop_surat-keluar", "Mulai", "»Undangan rapat", "Selesai"),
            _by(CHECKER, "Terima", "Kendala", "Minta izin melewati", "Waktu tidak cukup", "Lanjut"),
            _by(HEAD, "Tolak", "Harus dikerjakan dahulu"),
        ),
        _errand(
            "leave_given",
            _by(CHECKER, ">/lanjut", "Kendala", "Minta izin melewati", "Waktu tidak cukup", "Lanjut"),
            _by(HEAD, "Izinkan"),
        ),
        _errand("remarked", _by(CHECKER, ">/tinjauan", "Surat Keluar", "Beri masukan", ">Langkah 2 terlalu panjang")),
        _errand("review_decided", _by(HEAD, ">/tinjauan", "Surat Keluar", "Berlakukan", "Hanya penyimpangan kecil")),
        _errand("rejected", _TO_APPROVE[:-1], _by(BOSS, "Tolak", "Berkas tidak lengkap")),
    ),
    # a deviation is taken care of
    (
        _errand(
            "follow_up_opened follow_up_given follow_up_planned follow_up_moved follow_up_done follow_up_closed follow_up_reopened",
            _FAULTY,
            _by(FOREMAN, "Saya tangani", "Rencana", ">Memasang contoh foto", "Tenggat", ">30/12/2027"),
            _by(FOREMAN, "Sudah ditindaklanjuti", ">Contoh sudah dipasang", "Buka lagi", ">Belum beres"),
        ),
        _errand(
            "explained",
            _by(FITTER, ">/start sop_periksa-mesin", "Mulai", "Kendala", "Selesai dengan catatan", "Alasan lain"),
            _by(FITTER, ">Kamera rusak"),
        ),
        _errand(
            "severity_changed follow_up_weighed",
            _FAULTY,
            _by(FOREMAN, "Ubah tingkat", "berat", ">Berbahaya"),
        ),
    ),
    # people are changed
    (
        _about(341, "name_changed nip_changed", "Nama", ">Orang 341 Baru", "NIP", ">19850217 201003 1 002"),
        _about(341, "roles_changed", "Peran", "Penulis", "Simpan"),
        _about(
            342,
            "position_given position_ended",
            "Jabatan",
            "Beri jabatan",
            "Kasubbag TU",
            "Simpan",
            "Akhiri",
            "Hari ini",
        ),
        _about(342, "went_away came_back", "Cuti", "Catat cuti", "Simpan", "Akhiri"),
        _about(343, "access_stopped", "Blokir", "Blokir"),
        _about(343, "access_restored", "Pulihkan akses"),
        _about(
            344,
            "person_erased",
            "Blokir",
            "Blokir",
            "Hapus data pribadi",
            "Permintaan yang bersangkutan",
            "Hapus selamanya",
        ),
    ),
    # people come in
    (
        _errand("access_asked access_refused", _by(STRANGER, ">/start", "Minta akses"), _by(DOORKEEPER, "Tolak")),
        _errand(
            "invited invitation_revoked",
            _by(DOORKEEPER, ">/orang", "Undang", "Buat undangan", ">/orang", "Undangan (", "Cabut: #"),
        ),
    ),
)
"""Side by side, each row by people of its own, one errand after the other."""
PATIENCE = 6
"""After so many turns without the button an errand begins anew, behind the others of its row."""


class Runners:
    """All of them on their way."""

    def __init__(self, world: World) -> None:
        for user in ROLES:
            world.say(user, "/start")
        self._rows = [_Row(world, list(row)) for row in ERRANDS]

    def turn(self, told: Collection[str]) -> list[str]:
        """The next step of each row, towards what the journal does not tell yet: the queries of what was tapped."""
        return [tap for row in self._rows for tap in row.turn(told)]


class _Row:
    def __init__(self, world: World, errands: list[Errand]) -> None:
        self._world = world
        self._errands = errands
        self._step = 0
        self._waited = 0

    def turn(self, told: Collection[str]) -> Iterator[str]:
        if self._step == 0:
            self._errands.sort(key=lambda one: one.causes <= set(told))  # what is still to be brought about comes first
        errand = self._errands[0]
        if self._step == 0 and errand.causes <= set(told):
            return
        who, step = errand.steps[self._step]
        if step.startswith(">"):
            self._world.say(who, step[1:])
        elif step.startswith("»") and (newest := self._newest(who)):
            self._world.say(who, step[1:], newest)
        elif found := self._button(who, step):
            yield self._world.tap(who, *found)
        else:
            self._waited += 1
            if self._waited < PATIENCE:
                return
            self._step = len(errand.steps)
        self._waited, self._step = 0, self._step + 1
        if self._step >= len(errand.steps):
            self._errands.append(self._errands.pop(0))
            self._step = 0

    def _newest(self, who: int) -> int | None:
        ours = (one["message_id"] for one in reversed(self._world.history(who)) if one["from"]["is_bot"])
        return next(ours, None)

    def _button(self, who: int, words: str) -> tuple[int, str] | None:
        for message in reversed(self._world.history(who)[-12:]):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for one in row:
                    if words in one["text"]:
                        return message["message_id"], one["callback_data"]
        return None
