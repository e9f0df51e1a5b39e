"""What goes wrong between a bot and Telegram, on purpose and repeatably: refusals, silence, cut lines, slowness."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """One way for a call to go wrong. Cut before the work, nothing has happened; cut after it or garbled, it has."""

    FLOOD = "429"
    ERROR = "500"
    GATEWAY = "502"
    UNAUTHORIZED = "401"
    NOT_FOUND = "404"
    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"
    GARBLED = "garbled"
    SLOW = "slow"


TRANSIENT = (Fault.FLOOD, Fault.ERROR, Fault.GATEWAY, Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.GARBLED, Fault.SLOW)


@dataclass(frozen=True, slots=True)
class Injected:
    """What was done to which call."""

    method: str
    fault: Fault


class Faults:
    """Decides for each call whether and how it goes wrong: `rate` of them, each kind as often as the others.

    The same seed and the same calls go wrong the same way. `latency` seconds are added to every call, `slowness` to
    one that is slow. `methods` narrows it to some, in lower case."""

    def __init__(
        self,
        seed: int,
        rate: float,
        kinds: Iterable[Fault] = TRANSIENT,
        *,
        latency: float = 0.0,
        slowness: float = 1.0,
        retry_after: int = 1,
        methods: Iterable[str] = (),
    ) -> None:
        self._random = Random(seed)  # noqa: S311
        self._kinds = tuple(kinds)
        self.methods = frozenset(methods)
        self._next: list[Fault] = []
        self.rate = rate
        self.latency = latency
        self.slowness = slowness
        self.retry_after = retry_after
        self.log: list[Injected] = []

    def next(self, *faults: Fault) -> None:
        """The next calls go wrong in this way, one each, whatever the rate."""
        self._next.extend(faults)

    def draw(self, method: str) -> Fault | None:
        """How this call goes wrong, None where it does not; noted in `log`."""
        if self.methods and method.lower() not in self.methods:
            return None
        fault = self._next.pop(0) if self._next else self._chance()
        if fault is not None:
            self.log.append(Injected(method, fault))
        return fault

    def _chance(self) -> Fault | None:
        if not self._kinds or self._random.random() >= self.rate:
            return None
        return self._random.choice(self._kinds)
