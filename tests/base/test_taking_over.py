"""What a host that took over goes on with: duties that were in the other's hands, errands that may have been done."""

import pytest

from palabre.base import duties, mail
from palabre.base.mail import Letter, Smtp
from tests.support.network import Network


class Died(BaseException):
    """As if this process had."""


class Unsure(Smtp):
    """Sends, and the first time nobody hears that it did."""

    def __init__(self) -> None:
        super().__init__("smtp://localhost", "Talk <hello@talk.example>")
        self.sent: list[str] = []

    async def send(self, letter: Letter) -> None:
        self.sent.append(self._message(letter)["Message-ID"])
        if len(self.sent) == 1:
            raise Died


async def test_a_letter_that_goes_out_twice_can_be_told_by_its_id(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsure = Unsure()
    monkeypatch.setattr(mail, "_current", unsure)
    async with network.db.transaction() as conn:
        for number in range(2):
            await mail.post(conn, Letter("alice@mail.example", f"Letter {number}", "Hello"))
    with pytest.raises(Died):
        await duties.work_until_done(network.db)
    async with network.db.transaction() as conn:
        await duties.release(conn)
    await duties.work_until_done(network.db)
    assert len(unsure.sent) >= 3 and len(set(unsure.sent)) == 2, unsure.sent
    assert all(sent.endswith("@talk.example>") for sent in unsure.sent)


async def test_what_the_other_host_had_in_hand_is_due_at_once_and_what_waits_goes_on_waiting(network: Network) -> None:
    async with network.db.transaction() as conn:
        await conn.execute(
            """INSERT INTO duties (id, kind, payload, run_at, claimed_at, attempts) VALUES
                 (1, 'x', '', now() + interval '30 seconds', now(), 1),
                 (2, 'x', '', now() + interval '4 minutes', now() - interval '1 minute', 1),
                 (3, 'x', '', now() + interval '1 hour', NULL, 3),
                 (4, 'x', '', now() + interval '1 hour', NULL, 0)"""
        )
        assert await duties.release(conn) == 2
        due = await conn.rows("SELECT id FROM duties WHERE run_at <= now() AND claimed_at IS NULL ORDER BY id")
        assert [row["id"] for row in due] == [1, 2]
        await conn.execute("DELETE FROM duties")
