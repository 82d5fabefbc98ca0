"""The link between two hosts of one network: one port, TLS 1.3 with certificates of our own, one credential.

Identity.of(folder): a host's key and certificate; .fingerprint. Address: where the other host is, its pin and our secret.
serve(host, port, identity, admits, services) -> Listening; dial(address, service, **args) -> (reader, writer);
ask(address, service, **args) -> dict, answered by answer(writer, **fields); pipe(a, b); door(path, address, service).
Each call is a connection of its own. All raise LinkProblem, in words that say what to do. docs/decisions/0022 says why.
"""

from palabre.base.link.address import Address, hashed, matches, new_secret
from palabre.base.link.dialling import answer, ask, dial
from palabre.base.link.identity import Identity
from palabre.base.link.listening import Admits, Listening, Peer, Service, serve
from palabre.base.link.pipes import LocalDoor, door, pipe
from palabre.base.link.problem import LinkProblem
from palabre.base.link.wire import Streams, hang_up, hear, hear_or_none, say

__all__ = [
    "Address",
    "Admits",
    "Identity",
    "LinkProblem",
    "Listening",
    "LocalDoor",
    "Peer",
    "Service",
    "Streams",
    "answer",
    "ask",
    "dial",
    "door",
    "hang_up",
    "hashed",
    "hear",
    "hear_or_none",
    "matches",
    "new_secret",
    "pipe",
    "say",
    "serve",
]
