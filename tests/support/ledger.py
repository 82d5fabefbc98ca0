"""Writers that note every post the network acknowledged, and whether it is still there afterwards."""

import contextlib
import http.client
import itertools
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """`acknowledged`: id and moment of each post that was answered with 200; `errors`: moments of other answers."""

    port: int
    acknowledged: list[tuple[str, float]] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)

    @property
    def longest_silence(self) -> float:
        """The longest time, in seconds, in which no post was acknowledged."""
        moments = sorted(at for _, at in self.acknowledged)
        return max((later - sooner for sooner, later in itertools.pairwise(moments)), default=0.0)

    def missing(self, port: int, token: str) -> list[str]:
        """What was acknowledged and isn't there."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        gone = []
        for post_id, _ in self.acknowledged:
            connection.request("GET", f"/api/v1/statuses/{post_id}", headers={"authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                gone.append(post_id)
        return gone


class Writers:
    """One thread for each token posts until `with` ends; `until_quiet` waits for so many acknowledgements more."""

    def __init__(self, port: int, tokens: Sequence[str], pause: float = 0.02) -> None:
        self.ledger = Ledger(port)
        self._pause = pause
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(token,), daemon=True) for token in tokens]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """What is under way may still be answered."""
        self._ending.set()
        for thread in self._threads:
            thread.join(90)

    def wait_for(self, more: int, patience: float = 60) -> None:
        """Until so many further posts were acknowledged. Raises TimeoutError."""
        wanted, ends = len(self.ledger.acknowledged) + more, time.monotonic() + patience
        while len(self.ledger.acknowledged) < wanted:
            if time.monotonic() > ends:
                raise TimeoutError("nothing is acknowledged any more")
            time.sleep(0.02)

    def _write(self, token: str) -> None:
        number = 0
        while not self._ending.is_set():
            number += 1
            try:
                post_id = self._post(token, f"Written under load, number {number}")
                self.ledger.acknowledged.append((post_id, time.monotonic()))
            except (OSError, http.client.HTTPException, ValueError):
                self.ledger.errors.append(time.monotonic())
            time.sleep(self._pause)

    def _post(self, token: str, text: str) -> str:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.ledger.port, timeout=75)) as connection:
            body = json.dumps({"status": text, "visibility": "unlisted"})
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            connection.request("POST", "/api/v1/statuses", body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise ValueError(answer.status)
            return str(json.loads(content)["id"])
