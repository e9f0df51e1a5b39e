"""How long 600 SOP files take, beside a bare CSafeLoader on the same bytes: the median of five turns each."""

import gc
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import yaml

from bot.library.folder import Folder

FILES = 600
TURNS = 5
SHIPPED = sorted((Path(__file__).parents[1] / "sops").glob("*.yaml"))


def fill(folder: Path) -> None:
    """Copy the shipped files until there are enough, each copy under an id of its own."""
    for number in range(FILES):
        text = SHIPPED[number % len(SHIPPED)].read_text(encoding="utf-8")
        (folder / f"{number}.yaml").write_text(re.sub("(?m)^id: .+", f"id: sop-{number}", text), encoding="utf-8")


def bare(folder: Path) -> list[object]:
    """Every file as plain data, unchecked."""
    return [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in folder.iterdir()]


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    gc.collect()
    began = time.perf_counter()
    kept = work()
    took = time.perf_counter() - began
    del kept
    return took


def turn(folder: Path) -> tuple[float, float, float]:
    """Seconds for the bare loader, for a first look at the folder, and for one at the same files again."""
    shelf = Folder(folder)
    return seconds(lambda: bare(folder)), seconds(shelf.load), seconds(shelf.load)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        fill(Path(place))
        size = sum(path.stat().st_size for path in Path(place).iterdir()) / FILES / 1000
        loader, first, again = (median(times) for times in zip(*(turn(Path(place)) for _ in range(TURNS)), strict=True))
    print(f"{FILES} files of {size:.0f} kB: {first:.2f} s, {first / loader:.2f} x CSafeLoader ({loader:.2f} s)")
    print(f"unchanged: {again * 1000:.0f} ms (medians of {TURNS})")
