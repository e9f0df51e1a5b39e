"""Every sentence that the code hands to a reader, found in its syntax tree: also inside f-strings."""

import ast
from collections.abc import Iterator
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"

Sentence = str | tuple[str, str]


def sentences(*packages: str) -> set[Sentence]:
    """What `words("…")`, `words.many("…", "…", n)` and `N_("…")` say anywhere in the program, or in `packages`."""
    return {
        found
        for path in BOT.rglob("*.py")
        if "sandbox" not in path.parts and (not packages or path.relative_to(BOT).parts[0] in packages)
        for found in _in(ast.parse(path.read_text(encoding="utf-8")))
    }


def _in(tree: ast.AST) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            match _name(node.func), texts:
                case "words" | "N_" | "_words", [text, *_]:
                    yield text
                case "many", [one, more, *_]:
                    yield one, more


def _name(called: ast.expr) -> str:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) if _name(inner) in ("words", "Words"):
            return "words"  # house.words(me)("…")
        case _:
            return ""
