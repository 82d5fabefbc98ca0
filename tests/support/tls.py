"""Caddy and nginx before a network, with the very configuration that docs/operators/running.md gives, and a certificate of our own."""

import os
import re
import shutil
import ssl
import subprocess
from pathlib import Path
from types import TracebackType

from tests.support.running import free_port, is_free, until

_PAGE = Path(__file__).parents[2] / "docs/operators/running.md"
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
NAME = "localhost"


def installed(name: str) -> bool:
    return shutil.which(name, path=_PATH) is not None and shutil.which("openssl") is not None


class Proxy:
    """`with Proxy("caddy", folder, port) as proxy`: `proxy.url` leads to that port by https."""

    def __init__(self, kind: str, folder: Path, behind: int) -> None:
        self.kind = kind
        self.folder = folder
        self.port = free_port()
        self.url = f"https://{NAME}:{self.port}"
        self._behind = behind
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "cert.pem"))

    def __enter__(self) -> "Proxy":
        self.folder.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        wanted = [
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            f"/CN={NAME}",
            "-addext",
            f"subjectAltName=DNS:{NAME}",
        ]
        files = ["-keyout", str(self.folder / "key.pem"), "-out", str(self.folder / "cert.pem")]
        subprocess.run(["openssl", "req", "-x509", *wanted, *files], check=True, capture_output=True, timeout=60)
        self._launch()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    def lead_to(self, port: int) -> None:
        """From now on to this one."""
        self.__exit__(None, None, None)
        self._behind = port
        self._launch()

    def _launch(self) -> None:
        given = {"caddy": self._caddy, "nginx": self._nginx}[self.kind]()
        file = self.folder / "configuration"
        file.write_text(given)
        program = str(shutil.which(self.kind, path=_PATH))
        command = {
            "caddy": [program, "run", "--adapter", "caddyfile", "--config", str(file)],
            "nginx": [program, "-p", str(self.folder), "-c", str(file), "-g", "daemon off;"],
        }[self.kind]
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            self._process = process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **home})
        until(lambda: not is_free(self.port) or process.poll() is not None)
        assert process.poll() is None, (self.folder / "log").read_text()

    def _caddy(self) -> str:
        site = _from_the_page(r"\*\*Caddy\*\*.*?```\n(.*?)```")
        site = site.replace("talk.example {", f"{self.url} {{\n\ttls {self.folder}/cert.pem {self.folder}/key.pem")
        return "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + self._rightly(site)

    def _nginx(self) -> str:
        site = (
            _from_the_page(r"```nginx\n(.*?)```")
            .replace("talk.example;", f"{NAME};")
            .replace("listen 443", f"listen {self.port}")
        )
        site = re.sub(r"/etc/letsencrypt\S+/fullchain.pem", f"{self.folder}/cert.pem", site)
        site = re.sub(r"/etc/letsencrypt\S+/privkey.pem", f"{self.folder}/key.pem", site)
        own = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;\n" if os.geteuid() == 0 else ""  # a folder of root's holds its files
        return f"{user}pid {self.folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{own}{self._rightly(site)}}}\n"

    def _rightly(self, site: str) -> str:
        assert "127.0.0.1:8000" in site
        return site.replace("127.0.0.1:8000", f"127.0.0.1:{self._behind}")


def _from_the_page(pattern: str) -> str:
    found = re.search(pattern, _PAGE.read_text(), re.DOTALL)
    assert found, f"{_PAGE} has no such configuration any more"
    return found[1]
