"""The guide for authors: its examples are sound, and it leaves out no key."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.library.judge import Judge
from bot.library.office import OfficeFile
from bot.library.schema import json_schema

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "sop-format.md").read_text(encoding="utf-8")


def test_its_examples_are_sound(tmp_path: Path) -> None:
    examples = re.findall("```yaml\n(.+?)```", GUIDE, re.DOTALL)
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(example, encoding="utf-8")

    judge = Judge(tmp_path, ROOT / "data" / "office.yaml", ZoneInfo("Asia/Makassar"))

    assert len(examples) == 2
    assert judge.problems([tmp_path]) == []


@pytest.mark.parametrize("schema", [json_schema(), OfficeFile.model_json_schema()], ids=["sop", "office"])
def test_it_tells_of_every_key(schema: dict[str, Any]) -> None:
    keys = {key for group in (schema, *schema["$defs"].values()) for key in group.get("properties", ())}

    assert {key for key in keys if not re.search(rf"\b{key}\b", GUIDE)} <= {*WEEKDAYS}


WEEKDAYS = ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
