"""The first name is lost: a setting, a restart, and all is there under the spare one; then the move is prepared."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx2 as httpx
import pytest

from palabre.base.postgres import prepare
from palabre.features.portability.domain_moves.plan import BATCH
from tests.support.running import Running, free_port, until

pytestmark = pytest.mark.journey
_MANY = 3 * BATCH


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Running]:
    tmp_path.chmod(0o755)
    port = free_port()
    made = Running(tmp_path / "data", port=port, PALABRE_PUBLIC_URL=f"http://127.0.0.1:{port}")
    with made:
        yield made


def _settings(network: Running, text: str) -> None:
    (network.folder / "palabre.toml").write_text(text)


async def _killed_in_the_third_batch(network: Running, spare: str) -> None:
    """Followers elsewhere come to Alice; the command that counts them waits for a row of ours, and is killed."""
    dsn = prepare(network.folder).dsn
    ours, watching = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    await ours.execute(
        """WITH far AS (INSERT INTO accounts (id, username, domain, created_at, fragment)
             SELECT n, 'zoe' || n, 'far.example', now(), (SELECT fragment FROM accounts LIMIT 1)
             FROM generate_series(1, $1::bigint) n RETURNING id)
           INSERT INTO followers SELECT (SELECT id FROM accounts WHERE username = 'alice'), id, id FROM far""",
        _MANY,
    )
    async with asyncio.timeout(60), ours.transaction():
        await ours.execute(
            """INSERT INTO domain_move_followers (move_id, account_id, follower_id, changed_at)
               SELECT m.id, a.id, $1, now() FROM domain_moves m, accounts a WHERE a.username = 'alice'""",
            _MANY - 10,
        )
        going = network.launch("domain-move", "prepare", "--to", spare)
        while await watching.fetchval("SELECT count(*) FROM domain_move_followers") < 2 * BATCH:  # noqa: ASYNC110 - rows set no event
            await asyncio.sleep(0.02)
        going.kill()
        going.wait()
        await ours.execute("DELETE FROM domain_move_followers WHERE follower_id = $1", _MANY - 10)
    await ours.close()
    await watching.close()


def test_a_setting_and_a_restart_serve_it_all_under_the_spare_name(network: Running) -> None:
    first, spare = f"127.0.0.1:{network.port}", f"localhost:{network.port}"
    token = network.sign_up("alice")
    with network.http(token) as http:
        post = http.post("/api/v1/statuses", json={"status": "Before"}).json()
    network.stop()
    _settings(network, f'domains = ["{spare}", "nowhere.invalid"]\ndomain_lost = true\n')
    network.start()
    assert f"http://{spare}" in network.said().rpartition("Palabre is running")[2]

    with httpx.Client(base_url=f"http://{spare}", headers={"authorization": f"Bearer {token}"}, timeout=60) as http:
        about = http.get("/api/v2/instance").json()
        assert about["domain"] == first and about["configuration"]["urls"]["streaming"] == f"ws://{spare}"
        (seen,) = until(lambda: http.get("/api/v1/timelines/home").json())
        assert (seen["url"], seen["uri"]) == (f"http://{spare}/@alice/{post['id']}", post["uri"])
        form = {"name": "alice", "password": "the password of alice"}
        signed_in = http.post("/sign-in", data=form, headers={"origin": f"http://{spare}"})
        assert signed_in.status_code == 303 and "palabre_session" in signed_in.headers["set-cookie"]

    reset = network.command("account", "reset-password", "alice")
    assert f"http://{spare}/reset/" in reset.stdout, reset.stderr
    doctor = network.command("doctor")
    assert doctor.returncode == 1 and f"✓ {spare} leads here" in doctor.stdout
    assert "✗ nowhere.invalid does not lead here: DNS doesn't know it" in doctor.stdout
    assert "Make a DNS record: nowhere.invalid. 300 IN A" in doctor.stdout


def test_preparing_a_move_outlives_kill_9(network: Running) -> None:
    spare = f"localhost:{network.port}"
    network.sign_up("alice")
    refused = network.command("domain-move", "prepare", "--to", spare)
    assert refused.returncode == 1 and "not among `domains`" in refused.stderr and "Traceback" not in refused.stderr
    network.stop()
    _settings(network, f'domains = ["{spare}", "nowhere.invalid"]\n')
    network.start()
    away = network.command("domain-move", "prepare", "--to", "nowhere.invalid")
    assert away.returncode == 1 and "does not lead here" in away.stderr
    assert network.command("domain-move", "status").stdout.startswith("No move is planned")

    assert "0 waiting" in network.command("domain-move", "prepare", "--to", spare).stdout
    asyncio.run(_killed_in_the_third_batch(network, spare))
    status = json.loads(network.command("domain-move", "status", "--json").stdout)
    assert status["state"] == "preparing" and status["followers"]["waiting"] == 2 * BATCH
    done = network.command("domain-move", "prepare", "--to", spare)
    assert f"{_MANY} waiting, 0 sent" in done.stdout and "Nothing has been sent" in done.stdout, done.stderr
    assert network.command("domain-move", "cancel").returncode == 0
    assert network.command("domain-move", "status").stdout.startswith("No move is planned")
