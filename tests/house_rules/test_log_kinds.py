"""Whatever is written into a case's log has its words for the moderators who read it."""

import ast
from pathlib import Path

import palabre.features.moderation as moderation
from palabre.entrypoints.web import cases

_FEATURE = Path(moderation.__file__).parent
#: Logs of their own, or the kind comes from a variable: what it may be.
_OTHERS = {"domains"}
_VARIABLE = {"undone", "expired", "overturned", "appeal_asked", "appeal_answered", "appeal_viewed"}


def test_every_kind_that_is_logged_has_its_words() -> None:
    written = {kind for file in _FEATURE.rglob("*.py") if file.parent.name not in _OTHERS for kind in _kinds(file)}
    assert {"decided", "misuse_suspended", "jury_drawn", "held", "erased", "police"} <= written
    assert not (written | _VARIABLE) - set(cases.happenings(str))


def _kinds(file: Path) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    appends = [call for call in calls if ast.unparse(call.func) == "log.append" and len(call.args) > 3]
    return {value for call in appends for value in _texts(call.args[3])}


def _texts(node: ast.expr) -> set[str]:
    """Either word of a choice, too."""
    branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    return {one.value for one in branches if isinstance(one, ast.Constant) and isinstance(one.value, str)}
