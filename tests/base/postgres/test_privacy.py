"""Prying neighbours, root's powers, and folders that must stay closed."""

import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

import pytest

from palabre.base.postgres import (
    Cluster,
    PostgresProblem,
    Server,
    binaries,
    prepare,
    service_user,
)
from tests.base.postgres.helpers import FAST, as_root, ask, log_of, words


def test_what_members_write_stays_out_of_the_log(server: Server) -> None:
    twice = (
        "CREATE TEMP TABLE diary (secret text PRIMARY KEY); INSERT INTO diary VALUES ('Dan stole it'), ('Dan stole it')"
    )
    with pytest.raises(AssertionError, match="Dan stole it"):
        ask(server.cluster, twice)
    assert "duplicate key" in log_of(server.cluster)
    assert "Dan" not in log_of(server.cluster)


def test_a_folder_moved_to_a_deep_place_gets_a_short_private_socket_folder(deep: Path) -> None:
    cluster = prepare(deep)
    assert len(os.fsencode(cluster.socket_dir)) < 60
    with Server(cluster, FAST):
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
        assert "Hello from Alice" in words(cluster)
    assert not cluster.socket_dir.exists()


@pytest.mark.parametrize(("owner", "mode"), [("us", 0o755), pytest.param("daemon", 0o700, marks=as_root)])
def test_a_socket_folder_that_others_laid_out_or_may_enter_is_refused(deep: Path, owner: str, mode: int) -> None:
    cluster = prepare(deep)
    cluster.socket_dir.mkdir()
    cluster.socket_dir.chmod(mode)
    os.chown(cluster.socket_dir, cluster.service_user.uid if owner == "us" else pwd.getpwnam(owner).pw_uid, -1)
    try:
        with pytest.raises(PostgresProblem, match="alone"):
            Server(cluster, FAST).start()
        assert not list(cluster.socket_dir.iterdir())
    finally:
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)


@as_root
def test_root_serves_as_a_user_without_rights_and_opens_no_folder(folder: Path) -> None:
    around = folder.parent  # this test's own: those further up are shared, and others open them meanwhile
    assert stat.S_IMODE(around.stat().st_mode) == 0o700
    with Server(prepare(folder), FAST) as server:
        assert server.cluster.data.stat().st_uid == server.cluster.service_user.uid != 0
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.cluster.service_user.uid
        assert ask(server.cluster, "SELECT session_user") == "palabre"
    for parent in (folder, around):
        assert parent.stat().st_uid == 0
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700


@as_root
def test_programs_in_a_private_folder_are_copied_once_to_where_the_service_user_can_read_them(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    for part in (binaries.INSTALLED, binaries.LIBRARIES):
        shutil.copytree(binaries._site_packages() / part, private / part, symlinks=True)
    monkeypatch.setattr(binaries, "_site_packages", lambda: private)
    with tempfile.TemporaryDirectory() as cache:
        os.chmod(cache, 0o755)
        monkeypatch.setattr(binaries, "PUBLIC_COPIES", Path(cache))
        copies = []
        for _ in range(2):
            with Server(prepare(folder), FAST) as server:
                assert "Hello from Alice" in words(server.cluster)
                assert os.readlink(f"/proc/{server.pid}/exe").startswith(cache)
            copies.append([(copy.name, copy.stat().st_ino) for copy in Path(cache).iterdir()])
        assert copies[0] == copies[1]
        assert len(copies[0]) == 1
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@as_root
def test_strangers_of_this_machine_are_refused_by_the_socket_and_by_the_server(cluster: Cluster) -> None:
    stranger = service_user.named("daemon")
    assert stranger
    psql = binaries.folder_for(stranger) / "psql"
    knock = [psql, "-XAtc", "SELECT 1", "postgresql://palabre@/palabre?host=/proc/self/cwd&port=5432"]

    def as_stranger() -> str:
        return stranger.run(knock, inside=cluster.socket_dir).stderr

    with Server(cluster, FAST):
        assert "Permission denied" in as_stranger()
    with Server(cluster, {**FAST, "unix_socket_permissions": "0777"}):
        cluster.socket_dir.chmod(0o755)
        assert "Peer authentication failed" in as_stranger()
        cluster.socket_dir.chmod(0o700)


@as_root
def test_root_in_alices_folder_leaves_her_data_hers_and_takes_over_its_own(folder: Path) -> None:
    for owner in ("daemon", "root"):  # root's: as restored from a backup
        uid = pwd.getpwnam(owner).pw_uid
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, -1)
        cluster = prepare(folder)
        assert cluster.service_user.name == owner or owner == "root"
        with Server(cluster, FAST):
            assert "Hello from Alice" in words(cluster)
        assert {path.stat().st_uid for path in cluster.data.rglob("*")} == {cluster.service_user.uid}
        assert folder.stat().st_uid == uid
