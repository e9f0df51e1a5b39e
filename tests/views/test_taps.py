"""A button carries what it means: with the largest numbers and the longest name it fits, and comes back as it went."""

from typing import Any, get_args, get_type_hints

import pytest

from bot.engine.followup import FollowMove
from bot.views import taps as t
from bot.views.desk import Move
from bot.views.draft_taps import DraftMove, OnDraft

LARGEST = {int: 99_999_999, bool: True, str: "kasubbag_tu".ljust(48, "x")}
RESTORED_OFTEN = t.Packer(epoch=9999)

CHOSEN: dict[Any, dict[str, str]] = {
    t.Desk: {"move": Move.CHOOSE.value},
    t.Figures: {"move": Move.CHOOSE.value},
    OnDraft: {"move": DraftMove.STEP.value},
    t.Follow: {"move": FollowMove.REOPEN.value, "to": "99999999"},
}
"""Words of which there are but a few."""

PLAIN: list[Any] = [kind for kind in get_args(t.Tap) if kind is not t.OnRun]


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_the_largest_tap_fits_its_button(kind: Any) -> None:
    largest = {name: LARGEST[hint] for name, hint in get_type_hints(kind).items()}
    tap = kind(**largest | CHOSEN.get(kind, {}))

    data = RESTORED_OFTEN.plain(tap)

    assert len(data.encode()) <= t.LONGEST
    assert RESTORED_OFTEN.unpack(data) == tap
