"""Where people went, as lists of redirects that web servers take in."""

from pathlib import Path
from types import TracebackType


class Lists:
    """`moved.caddy`, `moved.nginx` and `_redirects`, which several hosts of static sites know."""

    def __init__(self, dest: Path) -> None:
        self._caddy = (dest / "moved.caddy").open("w", encoding="utf-8")
        self._nginx = (dest / "moved.nginx").open("w", encoding="utf-8")
        self._hosts = (dest / "_redirects").open("w", encoding="utf-8")
        self._number = 0

    def __enter__(self) -> "Lists":
        return self

    def __exit__(self, _: type[BaseException] | None, __: object, ___: TracebackType | None) -> None:
        for file in (self._caddy, self._nginx, self._hosts):
            file.close()

    def add(self, username: str, home: str) -> None:
        """A profile leads on; a post's page says where its author is and leads on by itself."""
        self._number += 1
        self._caddy.write(
            f'@moved{self._number} path /@{username} /@{username}/\nredir @moved{self._number} "{home}" 301\n'
        )
        self._nginx.write(f'/@{username} "{_plain(home)}";\n/@{username}/ "{_plain(home)}";\n')
        self._hosts.write(f"/@{username} {home} 301\n")


def _plain(home: str) -> str:
    """nginx would take a dollar sign for a variable."""
    return home.replace("$", "%24")
