"""The JSON Schema for editors: kept beside the files, and of one mind with the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.library.schema import json_schema

SOPS = Path(__file__).parents[2] / "sops"
KEPT = SOPS / "sop.schema.json"


def test_the_kept_schema_is_that_of_the_models() -> None:
    wanted = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"

    assert KEPT.read_text() == wanted, f"write json_schema() to {KEPT.name} again"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json_schema())


class AsEditorsRead(yaml.SafeLoader):
    """Editors read YAML 1.2: `no` is a text and a date too."""


AsEditorsRead.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in known if not tag.endswith((":timestamp", ":merge"))]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if sign not in "yYnNoO"
}


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), AsEditorsRead)


@pytest.mark.parametrize("path", sorted(SOPS.glob("*.yaml")), ids=lambda path: path.stem)
def test_editors_find_nothing_wrong_in_the_shipped_files(path: Path) -> None:
    assert [error.message for error in Draft202012Validator(json_schema()).iter_errors(load(path))] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [("titel", "x"), ("kind", "teknis"), ("id", "Rawat AC"), ("phases", "Awal"), ("steps", []), ("title", None)],
)
def test_editors_find_what_is_wrong(key: str, value: object) -> None:
    sound = load(next(SOPS.glob("*.yaml")))

    assert not Draft202012Validator(json_schema()).is_valid(sound | {key: value})
