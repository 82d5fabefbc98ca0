"""The tombstones behind nginx and Caddy, with the configurations that lie beside them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx
import pytest

from palabre.base import clock
from palabre.features.portability import wind_down
from tests.support.network import Network
from tests.support.people import Person
from tests.support.running import free_port, until

pytestmark = pytest.mark.journey


def _nginx(stones: Path, folder: Path, port: int) -> list[str]:
    theirs = (stones / "nginx.conf").read_text().replace("/srv/tombstones", str(stones))
    (folder / "site.conf").write_text(theirs.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    kept = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; pid {folder}/pid; user root; events {{ }} http {{ access_log off; {kept}"
    (folder / "whole.conf").write_text(f"{whole} include {folder}/site.conf; }}")
    return ["nginx", "-e", "stderr", "-c", str(folder / "whole.conf")]


def _caddy(stones: Path, folder: Path, port: int) -> list[str]:
    theirs = (stones / "Caddyfile").read_text().replace("/srv/tombstones", str(stones))
    here = theirs.replace("talk.example {", f"http://127.0.0.1:{port} {{")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{here}")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def _served(command: list[str], port: int, folder: Path) -> Iterator[httpx.Client]:
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    server = subprocess.Popen(command, env=home, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            until(lambda: server.poll() is not None or _answers(http))
            yield http
    finally:
        server.terminate()
        server.wait(10)


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("config", [_nginx, _caddy])
async def test_a_web_server_says_what_is_gone_and_where_people_went(
    config: Callable[[Path, Path, int], list[str]],
    network: Network,
    alice: Person,
    bob: Person,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hers, his = await alice.says("Hers"), await bob.says("His")
    now = clock.now()
    async with network.db.transaction() as conn:
        await wind_down.set_home(conn, int(alice.id), "https://new.example/~alice?a=$b")
        await wind_down.begin(conn, now + timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    stones = tmp_path / "stones"
    await wind_down.write_tombstones(network.db, stones)
    port = free_port()
    command = config(stones, tmp_path, port)
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs Debian's {command[0]}")
    with _served(command, port, tmp_path) as http:
        assert "has closed" in http.get("/").text
        moved = http.get("/@alice")
        assert (moved.status_code, moved.headers["location"].replace("%24", "$")) == (
            301,
            "https://new.example/~alice?a=$b",
        )
        for path, words in (
            ("/@bob", "@bob@talk.example"),
            (f"/@bob/{his['id']}", "A post stood here"),
            (f"/@alice/{hers['id']}", "https://new.example/~alice"),
            ("/about", "Nothing is here any more"),
        ):
            page = http.get(path)
            assert page.status_code == 410 and words in page.text, path
            assert page.headers["content-type"].startswith("text/html")
        stone = http.get(f"/users/bob/statuses/{his['id']}", headers={"accept": "application/activity+json"})
        assert (stone.status_code, stone.headers["content-type"]) == (410, "application/activity+json")
        assert stone.json()["type"] == "Tombstone"
        assert http.get("/Caddyfile").status_code == 404
