"""The inside of the sandbox: one order on standard input, one answer on standard output.

It starts anew for every picture, so it imports little, and relatively: the packages around it are left out.
"""

import json
import os
import resource
import sys
from contextlib import suppress

from . import renditions
from .renditions import Limits, Processed
from .sniffing import ImageRefused

_VERBS = {"process": renditions.process, "avatar": renditions.avatar, "header": renditions.header}


def _bound(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError):  # macOS cannot bound memory this way
        resource.setrlimit(what, (value, value))


def _pack(done: Processed) -> bytes:
    renditions = (done.original, done.small)
    head = {
        "renditions": [(each.content_type, each.width, each.height, len(each.data)) for each in renditions],
        "facts": (done.blurhash, done.colour, done.animated),
    }
    return b"\n".join((json.dumps(head).encode(), b"".join(each.data for each in renditions)))


def main() -> None:
    line, _, data = sys.stdin.buffer.read().partition(b"\n")
    order = json.loads(line)
    os.nice(10)  # those who read come before a picture being posted
    _bound(resource.RLIMIT_AS, order["memory"])
    _bound(resource.RLIMIT_CPU, order["cpu"])
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CORE, 0)
    try:
        answer = _pack(_VERBS[order["verb"]](data, Limits(**order["limits"]), order["declared"]))
    except ImageRefused as refused:
        answer = json.dumps({"refused": refused.code, "values": refused.values}).encode()
    except MemoryError:
        answer = json.dumps({"refused": "too_complex", "values": {}}).encode()
    sys.stdout.buffer.write(answer)
