"""The chat commands, as Telegram's menu lists them."""

from collections.abc import Mapping

from bot.views.words import N_

_MEANINGS = (
    ("sop", "find", N_("Find an SOP")),
    ("lanjut", "resume", N_("My open runs")),
    ("tugas", "tasks", N_("What waits for me")),
    ("lapor", "report", N_("Report that a procedure is wrong")),
    ("tinjauan", "reviews", N_("SOPs by review date")),
    ("diam", "quiet", N_("No reminders for a while")),
    ("rekap", "stats", N_("Figures of the runs")),
    ("ganti", "change", N_("Something changed: which SOPs it touches")),
    ("orang", "people", N_("See and change who works here")),
    ("bahasa", "language", N_("Choose the language")),
    ("batal", "cancel", N_("Leave a question")),
    ("bantuan", "help", N_("What can I do here")),
)

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "id": {name: text for name, _, text in _MEANINGS},
    "en": {alias: text for _, alias, text in _MEANINGS},
}
"""By language: the command and what it does, to be translated."""
