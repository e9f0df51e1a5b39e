"""The reviews that are to come as a calendar file, for those who live in their calendar."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views.review import KINDS, Listed
from bot.views.words import Words


def calendar_of(words: Words, listed: Sequence[Listed], at: datetime, origin: str) -> bytes:
    """One event for each, on the day on which it is due. Its id stays the same, so that a newer file changes what an
    older one brought."""
    from icalendar import Calendar, Event  # heavy, and rarely asked for

    file = Calendar()
    file.add("prodid", "-//Pandu//SOP//ID")
    file.add("version", "2.0")
    for one in listed:
        event = Event()
        event.add("uid", f"review-{one.id}@{origin}")
        event.add("sequence", one.dates.round - 1)
        event.add("dtstamp", at)
        event.add("dtstart", one.dates.due)
        event.add("dtend", one.dates.due + timedelta(days=1))
        event.add("summary", f"{one.sop.title}: {words(KINDS[one.dates.kind])}")
        file.add_component(event)
    return bytes(file.to_ical())
