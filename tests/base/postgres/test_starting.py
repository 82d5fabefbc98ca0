"""First starts and later ones, as the person who runs Palabre meets them."""

import asyncio
import stat
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from palabre.base.postgres import (
    Cluster,
    PostgresProblem,
    Server,
    pg_tool,
    prepare,
)
from tests.base.postgres.helpers import FAST, ask, log_of, say, words


def test_a_new_folder_gets_a_private_cluster_that_takes_connections(new_folder: Path) -> None:
    with Server(prepare(new_folder / "inner")) as server:
        cluster = server.cluster
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data.parent.stat().st_mode) == 0o700
        assert ask(cluster, "SELECT current_user, current_database(), lower('ÉA')") == "palabre|palabre|éa"
        shown = {name: ask(cluster, f"SHOW {name}") for name in ("fsync", "listen_addresses", "server_encoding")}
        assert shown == {"fsync": "on", "listen_addresses": "", "server_encoding": "UTF8"}


def test_the_application_connects_with_the_address_given(server: Server) -> None:
    async def read() -> str:
        connection = await asyncpg.connect(server.cluster.dsn)
        try:
            return str(await connection.fetchval("SELECT said FROM words"))
        finally:
            await connection.close()

    assert asyncio.run(read()) == "Hello from Alice"


def test_a_known_folder_is_up_in_a_blink_and_keeps_its_words(cluster: Cluster) -> None:
    for _ in range(2):
        before = time.monotonic()
        with Server(cluster, FAST):
            assert time.monotonic() - before < 20  # 0.05 s alone; the machine may be busy
            assert "Hello from Alice" in words(cluster)
    assert "not properly shut down" not in log_of(cluster)


def test_settings_are_the_operators_to_choose(cluster: Cluster) -> None:
    with Server(cluster, {**FAST, "shared_buffers": "24MB"}):
        assert ask(cluster, "SHOW shared_buffers") == "24MB"


def test_a_wrong_setting_is_explained_and_the_folder_let_go(cluster: Cluster) -> None:
    with pytest.raises(PostgresProblem, match="no_such_setting"):
        Server(cluster, {"no_such_setting": "1"}).start()
    with Server(cluster, FAST):
        assert "Hello from Alice" in words(cluster)


def test_starting_twice_and_stopping_twice_is_harmless(server: Server) -> None:
    pid = server.pid
    server.start()
    assert server.pid == pid
    server.stop()
    server.stop()
    assert not server.is_running


def test_many_starters_of_a_new_folder_make_one_cluster(new_folder: Path) -> None:
    program = "import sys; from pathlib import Path; from palabre.base.postgres import *; prepare(Path(sys.argv[1]))"
    starters = [subprocess.Popen([sys.executable, "-c", program, new_folder]) for _ in range(3)]
    assert [starter.wait() for starter in starters] == [0, 0, 0]
    with Server(prepare(new_folder), FAST) as server:
        assert ask(server.cluster, "SELECT 1") == "1"


def test_what_a_first_start_left_half_made_is_made_anew(new_folder: Path) -> None:
    half = new_folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Server(prepare(new_folder), FAST) as server:
        assert ask(server.cluster, "SELECT 1") == "1"
    assert not half.exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    diary = tmp_path / "postgres" / "diary.txt"
    diary.parent.mkdir()
    diary.write_text("Dear diary")
    with pytest.raises(PostgresProblem, match="something else"):
        prepare(tmp_path)
    assert diary.read_text() == "Dear diary"


def test_a_base_backup_taken_on_the_fly_runs_beside_the_original(server: Server, new_folder: Path) -> None:
    new_folder.mkdir()
    command = [pg_tool("pg_basebackup"), "-D", new_folder / "postgres", "-d", server.cluster.dsn, "--checkpoint=fast"]
    subprocess.run(command, check=True)
    with Server(prepare(new_folder), FAST) as second:
        say(second.cluster, "Only in the copy")
        assert {"Hello from Alice", "Only in the copy"} <= set(words(second.cluster))
        assert "Only in the copy" not in words(server.cluster)


def test_an_unknown_tool_is_named() -> None:
    with pytest.raises(PostgresProblem, match="pg_magic"):
        pg_tool("pg_magic")
