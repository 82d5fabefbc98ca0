"""Before a standby serves: does the first host still, or has another standby been promoted already?"""

import asyncio
from dataclasses import dataclass
from typing import Any

from palabre.base.link import Address, LinkProblem, ask
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import State

_PATIENCE = 5.0  # seconds for other hosts to answer


@dataclass(frozen=True)
class Around:
    """What the other hosts say of themselves; None where nobody answers."""

    here: State
    first: dict[str, Any] | None
    others: list[dict[str, Any] | None]

    @property
    def highest_term(self) -> int:
        return max(int(told["term"]) if told else 0 for told in (self.first, *self.others))

    def refuse(self, pin: str) -> None:
        """Raises HostProblem where another host serves. `pin`: our own."""
        for (name, address), told in zip(self.here.others.items(), self.others, strict=True):
            if told and (told["role"] == "serving" or told["promoting"]):
                raise HostProblem(
                    f"{name} ({Address.parse(address).place}) was promoted in its place already. To have a standby again, "
                    "invite one there, into an empty folder"
                )
        if self.first is None:
            return
        place = Address.parse(self.here.of).place
        if self.first["role"] == "moved" and (
            self.first["term"] > self.here.term or self.first.get("to_pin", pin) != pin
        ):
            raise HostProblem(
                f"the network has moved from {place} to another host ({self.first.get('url')}). To have a standby again, "
                "invite one there, into an empty folder"
            )
        if self.first["role"] == "serving":
            raise HostProblem(
                f"the first host ({place}) is up. Two hosts that both serve would drift apart, and what members write "
                "on one of them would be lost. To change hosts use `palabre move`. If members cannot reach it, stop it first "
                "(`systemctl stop`, power off), then promote; --force promotes all the same"
            )


async def ask_around(here: State) -> Around:
    """The host that we follow, and its other standbys."""
    first, *others = await asyncio.gather(*(_ask(address) for address in (here.of, *here.others.values())))
    if first == {}:  # it doesn't want us any more, and may well serve
        first = {"role": "serving", "term": 0}
    return Around(here, first, [told or None for told in others])


async def _ask(address: str) -> dict[str, Any] | None:
    """None where nobody answers; empty where we are refused."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await ask(Address.parse(address), "status")
    except (LinkProblem, TimeoutError) as problem:
        return {} if getattr(problem, "refused", False) else None
