"""An object store that checks signatures, in a folder: rclone's. tools/rclone.sh fetches it."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.running import free_port, until

_ID, _SECRET = "alice", "the secret of alice"


def rclone() -> str | None:
    """The program, where there is one that can serve."""
    for found in (str(Path(sys.executable).parent / "rclone"), shutil.which("rclone")):
        if found and os.path.exists(found):
            said = subprocess.run([found, "serve", "s3", "--help"], capture_output=True, text=True)
            if "--auth-key" in said.stdout:
                return found
    return None


class SignedStore:
    """One bucket, which lies in `bucket`. `kill` as a power cut would; `start` goes on with what is there."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder, self._port = program, folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.bucket = folder / "safe"
        self.bucket.mkdir(parents=True)

    def url(self, prefix: str) -> str:
        return f"s3://safe/{prefix}"

    def options(self, secret: str = _SECRET) -> dict[str, str]:
        endpoint = f"http://127.0.0.1:{self._port}"
        return {"endpoint": endpoint, "region": "us-east-1", "access_key_id": _ID, "secret_access_key": secret}

    def words(self, secret: str = _SECRET, option: str = "--option") -> list[str]:
        """The same for the command line."""
        return [word for name, value in self.options(secret).items() for word in (option, f"{name}={value}")]

    def start(self) -> None:
        words = [self._program, "serve", "s3", "--addr", f"127.0.0.1:{self._port}", "--auth-key", f"{_ID},{_SECRET}"]
        words += ["--config", "/dev/null", str(self._folder)]
        with self._folder.with_suffix(".log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log)
        until(self._answers, "rclone doesn't serve")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self._port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True  # it asks who we are
        except OSError:
            return False
        return True
