"""People on errands: each does one thing after the other, and is told of each that it is done before the next. So it
is known what they were told, to be held against the journal: `Errands.told`, `tried` and `said`."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from bot.engine.people import Role
from bot.engine.staffing import Acting, Span
from bot.sandbox.world import World
from bot.storage.database import Transaction
from tests.chaos.staff import Button, buttons

Json = dict[str, Any]

PATIENCE = 1.5
"""Seconds after which a button is pressed once more where nothing came of it."""
GIVEN_UP = 20.0
"""Seconds after which a step that came to nothing is left, and its errand begun anew."""
RECENT = 14
"""So many of the newest messages of a chat are looked at."""

FITTER, FOREMAN, SECOND = 201, 202, 203
CLERK, ANSWERER = 211, 212
REPORTER, AUTHOR, SUPERVISOR, MANAGER = 221, 222, 223, 224
DECIDER, REMARKER = 231, 232
PERFORMERS = (241, 242, 243)
NAMES = {
    FITTER: "Tono",
    FOREMAN: "Farid",
    SECOND: "Sari",
    CLERK: "Rina",
    ANSWERER: "Joko",
    REPORTER: "Wati",
    AUTHOR: "Agus",
    SUPERVISOR: "Dewi",
    MANAGER: "Hasan",
    DECIDER: "Lina",
    REMARKER: "Umar",
    **dict(zip(PERFORMERS, ("Eka", "Yani", "Putra"), strict=True)),
}
ROLES = {
    **dict.fromkeys((FITTER, CLERK, REPORTER, *PERFORMERS), (Role.PERFORMER,)),
    **dict.fromkeys((FOREMAN, SECOND, SUPERVISOR, DECIDER), (Role.PERFORMER, Role.SUPERVISOR)),
    **dict.fromkeys((ANSWERER, AUTHOR, REMARKER), (Role.PERFORMER, Role.AUTHOR)),
    MANAGER: (Role.PERFORMER, Role.MANAGER),
}
PARTS = {
    "bengkel": (FITTER, FOREMAN, SECOND),
    "loket": (CLERK, ANSWERER),
    "persuratan": (REPORTER, AUTHOR, SUPERVISOR, MANAGER),
    "arsip": (DECIDER, REMARKER),
    "penerima": PERFORMERS,
}
"""Whose SOP is whose: each part of the office has one of its own."""
HOLD = {
    FITTER: "bengkel-pelaksana",
    FOREMAN: "bengkel-pengawas",
    SECOND: "bengkel-kepala",
    CLERK: "loket-pelaksana",
    ANSWERER: "loket-penulis",
    REPORTER: "persuratan-pelaksana",
    AUTHOR: "persuratan-penulis",
    SUPERVISOR: "persuratan-pengawas",
    MANAGER: "persuratan-kepala",
    DECIDER: "arsip-pengawas",
    REMARKER: "arsip-penulis",
    **dict.fromkeys(PERFORMERS, "penerima-pelaksana"),
}
OFFICE = "approval: [supervisor, manager]\nfollow_up: {watched: 5}\nunits:\n" + "".join(
    f"  - {{id: {part}, title: Bagian {part.title()}}}\n" for part in PARTS
)
SOP = """\
id: PART
title: SOP Berkas Bagian TITLE
version: "1"
status: trial
kind: technical
unit: Bagian TITLE
team: {author: PART-penulis, supervisor: PART-pengawas, manager: PART-kepala}
positions:
  PART-pelaksana: Pelaksana TITLE
  PART-penulis: Penulis TITLE
  PART-pengawas: Pengawas TITLE
  PART-kepala: Kepala TITLE
steps:
  - {id: terima, do: Menerima berkas, by: PART-pelaksanaEVIDENCE}
  - {id: stempel, do: Memberi stempel, by: PART-pelaksana}
"""


def write_files(folder: Path, office: Path) -> None:
    """The SOPs that errands are about, and how the office is divided."""
    for part in PARTS:
        proof = ", evidence: {photos: 1}" if part == "bengkel" else ""
        text = SOP.replace("EVIDENCE", proof).replace("PART", part).replace("TITLE", part.title())
        (folder / f"{part}.yaml").write_text(text, encoding="utf-8")
    office.write_text(OFFICE, encoding="utf-8")


def employ(tx: Transaction, today: date) -> None:
    """Let them be known, and hold what they hold."""
    for part, people in PARTS.items():
        for chat in people:
            person = tx.people.add(chat, NAMES[chat], "id", ROLES[chat], reachable=False)
            tx.people.change(person, unit=part)
            tx.holdings.add(person, HOLD[chat], Span(today), Acting.DEFINITIVE)


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what, and what somebody's phone then shows anew: the words `shows` on a message.

    What `does` begins with `>` is typed, all else is in the label of a button, under a message that
    says `on`. `WORD` stands for one that is new each time. `tells`: what the journal then tells of it."""

    who: int
    does: str
    shows: str
    tells: str = ""
    on: str = ""


BEFORE = (
    (
        Step(FITTER, ">/start sop_bengkel", "Bengkel"),
        Step(FITTER, "Mulai", "Langkah 1 dari"),
        Step(FITTER, "Kendala", "label='Selesai dengan catatan"),
        Step(FITTER, "Selesai dengan catatan", "label='[^']*Alasan lain"),
        Step(FITTER, "Alasan lain", "label='[^']*Lanjut"),
        Step(FITTER, "Lanjut", "Langkah 2 dari"),
        Step(FITTER, "Selesai", "🏁"),
    ),
    *(
        (
            Step(one, ">/start sop_penerima", "Penerima"),
            Step(one, "Mulai", "Langkah 1 dari"),
            Step(one, "Selesai", "Langkah 2 dari"),
            Step(one, "Selesai", "🏁"),
        )
        for one in PERFORMERS
    ),
)
"""What is done before the bot is first killed: there is a deviation, and somebody may be asked for an opinion."""


def _revised(*decided: Step) -> tuple[Step, ...]:
    """Words are proposed and decided about, others changed; the draft is handed in and approved by two."""
    return (
        Step(REPORTER, ">/lapor", "SOP mana"),
        Step(REPORTER, ">persuratan", "Langkah mana"),
        Step(REPORTER, ">1", "Salah ketik|sudah melaporkan"),
        Step(REPORTER, "Salah ketik|Buat laporan baru", "label='[^']*Usulkan kalimat", "reported"),
        Step(REPORTER, "Usulkan kalimat", "[Kk]etik"),
        Step(REPORTER, ">Menerima WORD", "sampai kepada", "report_reworded"),
        Step(AUTHOR, ">/start sop_persuratan", "Persuratan"),
        Step(AUTHOR, "Buat draf|Draf: versi", "✏️ Draf"),
        Step(AUTHOR, "laporan \\d", "WORD"),
        *decided,
        Step(AUTHOR, "Ubah langkah", "label='[^']*2\\. "),
        Step(AUTHOR, "2\\. ", "label='[^']*Kalimat"),
        Step(AUTHOR, "Kalimat", "[Kk]etik"),
        Step(AUTHOR, ">Memberi WORD", "Memberi WORD", "draft_edited"),
        Step(AUTHOR, "Kembali", "label='[^']*2\\. "),
        Step(AUTHOR, "Kembali", "label='[^']*Ajukan"),
        Step(AUTHOR, "Ajukan", "menunggu persetujuan", "version_submitted"),
        Step(SUPERVISOR, "Setujui", "sudah disetujui", "version_approved"),
        Step(MANAGER, "Setujui, berlakukan", "sekarang berlaku", "version_approved"),
    )


AGAIN: Sequence[tuple[Step, ...]] = (
    (  # a deviation is weighed, taken by one and by another, done with proof, closed by the second person, opened again
        Step(SECOND, "Ubah tingkat", "Seberapa"),
        Step(SECOND, "ringan", "Mengapa menjadi"),
        Step(SECOND, ">Ringan WORD", "🟡 Penyimpangan", "severity_changed"),
        Step(SECOND, "Ubah tingkat", "Seberapa"),
        Step(SECOND, "berat", "Mengapa menjadi"),
        Step(SECOND, ">Berat WORD", "🔴 Penyimpangan", "severity_changed"),
        Step(SECOND, "Saya tangani", "Penanggung jawab: .*Sari", "follow_up_given"),
        Step(FOREMAN, "Saya tangani", "Penanggung jawab: .*Farid", "follow_up_given"),
        Step(FOREMAN, "Rencana", "👉"),
        Step(FOREMAN, ">Rencana WORD", "Rencana: Rencana WORD", "follow_up_planned"),
        Step(FOREMAN, "Sudah ditindaklanjuti", "👉"),
        Step(FOREMAN, ">Bukti WORD", "Bukti WORD", "follow_up_done"),
        Step(SECOND, "Setujui penutupan", "dipantau"),
        Step(FOREMAN, "Buka lagi", "👉"),
        Step(FOREMAN, ">Belum WORD", "terbuka", "follow_up_reopened"),
    ),
    (  # a report is made, and answered
        Step(CLERK, ">/lapor", "SOP mana"),
        Step(CLERK, ">loket", "Langkah mana"),
        Step(CLERK, ">2", "Urutan salah|sudah melaporkan"),
        Step(CLERK, "Urutan salah|Buat laporan baru", "Tercatat sebagai laporan", "reported"),
        Step(CLERK, ">WORD WORD", "sampai kepada", "report_explained"),
        Step(ANSWERER, "Lihat laporan", "WORD"),
        Step(ANSWERER, "Ditolak", "Ketik jawabannya"),
        Step(ANSWERER, ">Jawaban WORD", "Jawaban dikirim", "report_answered"),
    ),
    (
        *_revised(Step(AUTHOR, "Pakai kalimat usulan", "Usulan dipakai", "proposal_taken draft_edited")),
        *_revised(
            Step(AUTHOR, "Jangan dipakai", "Mengapa tidak dipakai"),
            Step(AUTHOR, ">Tidak WORD", "Usulan", "proposal_refused"),
        ),
    ),
    (  # the team has its say in a review
        Step(REMARKER, ">/tinjauan", "Arsip|Tinjauan"),
        Step(REMARKER, "Arsip", "Pelaksanaan selesai"),
        Step(REMARKER, "Beri masukan", "Silakan ketik"),
        Step(REMARKER, ">Masukan WORD", "WORD", "remarked"),
    ),
)
"""What is done again and again, each row by people of its own."""
_REVIEW = (Step(DECIDER, ">/tinjauan", "Tinjauan"), Step(DECIDER, "Arsip", "Pelaksanaan selesai"))
ONCE: Sequence[tuple[Step, ...]] = (
    (
        *_REVIEW,
        Step(DECIDER, "Tunda", "Apa alasannya"),
        Step(DECIDER, ">Dinas luar WORD", "Dinas luar WORD", "decided"),
        *_REVIEW,
        Step(DECIDER, "Tunda", "Apa alasannya"),
        Step(DECIDER, ">Dinas luar WORD", "Dinas luar WORD", "decided"),
        *_REVIEW,
        Step(DECIDER, "Revisi", "Apa alasannya|Mengapa"),
        Step(DECIDER, "Langkah belum sesuai", "tercatat", "decided"),
    ),
    *(
        (
            Step(one, "4", "Cukup|kalimat", "rated", on="Seberapa mudah"),
            Step(one, ">Langkah 1 WORD", "sudah dicatat", "rated_in_words"),
        )
        for one in PERFORMERS
    ),
)
"""What can be done once."""


@dataclass
class Errands:
    """All that are on their way, and what they were told."""

    world: World
    random: Random
    told: Counter[tuple[int, str]] = field(default_factory=Counter)
    """Of whom, and what the journal must tell, as often as they were told that it is done."""
    tried: Counter[tuple[int, str]] = field(default_factory=Counter)
    """As often as they set about it."""
    typed: dict[str, bool] = field(default_factory=dict)
    """Words that they typed, and whether they were told that it is done."""

    async def once(self, *steps: Step) -> None:
        """Do all of it, to the end."""
        while not await self._goes_through(steps):
            pass

    async def again(self, *steps: Step) -> None:
        """Do all of it, until cancelled."""
        while True:
            await self._goes_through(steps)

    async def _goes_through(self, steps: Sequence[Step]) -> bool:
        word = ""
        for step in steps:
            if "WORD" in step.does:
                word = sha256(self.random.randbytes(8)).hexdigest()[:14]
            if not await self._is_done(step, word):
                return False
        return True

    async def _is_done(self, step: Step, word: str) -> bool:
        acts = [(step.who, kind) for kind in step.tells.split()]
        self.tried.update(acts)
        if acts and "WORD" in step.does:
            self.typed[word] = False
        is_done = await self._comes_of(step, step.shows.replace("WORD", word), word)
        if is_done:
            self.told.update(acts)
            self.typed |= dict.fromkeys(self.typed.keys() & {word}, True)
        return is_done

    async def _comes_of(self, step: Step, shows: str, word: str) -> bool:
        await asyncio.sleep(self.random.uniform(0.05, 0.3))  # nobody is faster, and the bot need not be either
        before = self._seen(step.who)
        if step.does.startswith(">"):
            self.world.say(step.who, step.does[1:].replace("WORD", word))
        else:
            return await self._presses(step, shows, before)
        return await self._sees(step.who, shows, before, GIVEN_UP)

    async def _presses(self, step: Step, shows: str, before: set[str]) -> bool:
        """Press the button, and once more where nothing comes of it."""
        for _ in range(round(GIVEN_UP / PATIENCE)):
            if (button := self._button(step)) is not None:
                for _ in range(2 if self.random.random() < 0.15 else 1):
                    self.world.tap(step.who, button.message_id, button.data)
            if await self._sees(step.who, shows, before, PATIENCE):
                return True
        return False

    async def _sees(self, who: int, shows: str, before: set[str], seconds: float) -> bool:
        changes = self.world.subscribe()
        try:
            async with asyncio.timeout(seconds):
                while not any(re.search(shows, one) for one in self._seen(who) - before):
                    await changes.get()
        except TimeoutError:
            return False
        finally:
            self.world.unsubscribe(changes)
        return True

    def _seen(self, who: int) -> set[str]:
        """What stands in a chat, buttons and all."""
        return {_text(one) + str([*buttons(one)]) for one in self._recent(who)}

    def _recent(self, who: int) -> list[Json]:
        return [one for one in self.world.history(who) if one["from"]["is_bot"]][-RECENT:]

    def _button(self, step: Step) -> Button | None:
        for message in reversed(self._recent(step.who)):
            if step.on in _text(message):
                fitting = [one for one in buttons(message) if re.search(step.does, one.label)]
                if fitting:
                    return min(fitting, key=lambda one: len(one.label))
        return None


def _text(message: Json) -> str:
    return str(message.get("text", message.get("caption", "")))
