"""What the first set-up and the community's settings have in common."""

from collections.abc import Sequence

from palabre.base.errors import Forbidden
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web.choices import languages
from palabre.features.instance import Rule


def check_owner(request: Request) -> None:
    if not request.me.owner:
        raise Forbidden


def check_staff(request: Request) -> None:
    if not request.me.staff:
        raise Forbidden


def rules_from_lines(lines: str, known: Sequence[Rule]) -> list[Rule]:
    """A rule a line; one that was there already keeps its id and explanation."""
    before = {rule.text: rule for rule in known}
    wanted = dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip())
    return [before.get(line, Rule(0, line)) for line in wanted]


def chosen_languages(request: Request, field: str = "languages") -> list[str]:
    """Of those offered, the ones ticked."""
    offered = {code for code, _ in languages("en")}
    return [code for code in request.listed(field) if code in offered]
