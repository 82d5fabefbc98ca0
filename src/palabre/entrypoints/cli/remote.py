"""Starting a standby on another machine over ssh, and hearing what it says until it follows."""

import shlex
import subprocess
import threading

from palabre.hosting import HostProblem

_NOT_INSTALLED = 70
_STARTED = "palabre: started"
# Each second the last line of its log, so that a shell whose ssh has gone ends (SIGPIPE) while the standby goes on.
_SCRIPT = f"""
cd {{path}} && test -x .venv/bin/palabre || exit {_NOT_INSTALLED}
read -r address
: >>{{log}} || exit 1
printf '%s\\n' "$address" | COLUMNS=2000 nohup {{standby}} >{{log}} 2>&1 &
echo {shlex.quote(_STARTED)}
while kill -0 $! 2>/dev/null; do tail -n 1 {{log}}; sleep 1; done
tail -n 3 {{log}} >&2
exit 1
"""


class RemoteStandby:
    """Its ssh may be cut, and it goes on: it copies through the link."""

    def __init__(self, where: str, path: str, folder: str, port: int | None, address: str) -> None:
        self.where = where
        self.path = path
        self.folder = folder
        self.says = ""
        self._errors: list[str] = []
        self._started = False
        options = ["--port", str(port)] if port else []
        standby = shlex.join([".venv/bin/palabre", "standby", "--of", "-", "--data", folder, *options])
        script = _SCRIPT.format(path=shlex.quote(path), standby=standby, log=shlex.quote(f"{folder}.log"))
        self._ssh = subprocess.Popen(  # noqa: S603 - ours, quoted
            ["ssh", "--", f"ssh://{where}", f"exec sh -c {shlex.quote(script)}"],  # noqa: S607 - theirs
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._hear, self._hear_errors)]
        for thread in self._threads:
            thread.start()
        self._give(f"{address}\n")  # it holds a secret: not on a command line, which everybody may read

    def gave_up(self) -> str:
        """Why it won't come, once that is certain; raises nothing."""
        if (status := self._ssh.poll()) is None:
            return ""
        for thread in self._threads:
            thread.join(5)
        words = " ".join(self._errors) or "it said nothing"
        if status == 255:
            return "" if self._started else self._no_entry(words)
        if status == _NOT_INSTALLED:
            return (
                f"there is no Palabre in {self.path} on {self.where} (.venv/bin/palabre): install the same version "
                "there (`make install`), then give this command again"
            )
        return f"the new host gave up: {words}"

    def is_cut(self) -> bool:
        """Whether ssh ended, though the standby had been started."""
        return self._started and self._ssh.poll() == 255

    def leave(self) -> None:
        """Hear no more; it goes on."""
        self._ssh.terminate()
        self._ssh.wait()

    def _no_entry(self, words: str) -> str:
        if "host key" in words.lower():
            advice = f"Compare the key's fingerprint with the machine's own and accept it (`ssh ssh://{self.where}` asks you)"
        else:
            advice = f"Make `ssh ssh://{self.where}` work first"
        return f"ssh does not get into {self.where}: {words.rstrip('.')}. {advice}, then give this command again"

    def _give(self, line: str) -> None:
        assert self._ssh.stdin
        try:
            self._ssh.stdin.write(line)
            self._ssh.stdin.close()
        except BrokenPipeError:
            return  # it has ended: gave_up() says why

    def _hear(self) -> None:
        assert self._ssh.stdout
        for line in self._ssh.stdout:
            if line.strip() == _STARTED:
                self._started = True
            elif self._started:
                self.says = line.strip()

    def _hear_errors(self) -> None:
        assert self._ssh.stderr
        self._errors.extend(line.strip() for line in self._ssh.stderr if line.strip())


def parse(to: str) -> tuple[str, str]:
    """`ssh://USER@HOST[:PORT]/PATH`: the host as ssh takes it, and the path. Raises HostProblem."""
    where, _, path = to.removeprefix("ssh://").partition("/")
    if not where or not path:
        raise HostProblem("say ssh://USER@HOST/PATH, where Palabre is installed in PATH")
    return where, f"/{path}"
