"""How fast we let ourselves speak."""

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.limiter import BURST, OVERALL, OVERALL_BURST, Limiter


class Time:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_chat_may_burst_and_then_waits_a_second_a_message() -> None:
    limiter = Limiter(Time())

    waits = [limiter.delay(1, urgent=True) for _ in range(BURST + 3)]

    assert waits == [0.0] * BURST + [1.0, 2.0, 3.0]


def test_what_is_only_told_waits_for_its_turn_among_all() -> None:
    limiter = Limiter(Time())

    waits = [limiter.delay(chat, urgent=False) for chat in range(OVERALL_BURST + 25)]

    assert max(waits[:OVERALL_BURST]) == 0.0
    assert waits[-1] == 25 / OVERALL


def test_who_taps_does_not_wait_for_what_others_are_told() -> None:
    limiter = Limiter(Time())
    for chat in range(500):
        limiter.delay(chat, urgent=False)

    assert limiter.delay(1000, urgent=True) == 0.0


def test_a_chat_that_telegram_told_to_wait_waits_alone() -> None:
    time = Time()
    limiter = Limiter(time)
    limiter.shut(1, 7.0)

    assert limiter.delay(1, urgent=True) == 7.0
    assert limiter.delay(2, urgent=True) == 0.0
    time.now = 8.0
    assert limiter.delay(1, urgent=True) == 0.0


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 2)), max_size=60))
def test_no_chat_ever_gets_more_than_its_burst_and_one_a_second(calls: list[tuple[int, float]]) -> None:
    time = Time()
    limiter = Limiter(time)
    sent: dict[int, list[float]] = {}
    for chat, pause in calls:
        time.now += pause
        sent.setdefault(chat, []).append(time.now + limiter.delay(chat, urgent=True))
    for moments in sent.values():
        for first, start in enumerate(moments):
            within = [moment for moment in moments[first:] if moment - start <= 10.0 + 1e-6]
            assert len(within) <= BURST + 10 + 1


def test_in_no_second_does_telegram_get_more_than_thirty() -> None:
    limiter = Limiter(Time())
    waits = [limiter.delay(chat, urgent=False) for chat in range(200)]

    assert max(sum(start <= wait < start + 1.0 for wait in waits) for start in waits) <= 30
