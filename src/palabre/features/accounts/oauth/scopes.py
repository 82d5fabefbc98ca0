"""What applications may be allowed to do: the client API's scopes."""

from collections.abc import Iterable

_READ = "accounts blocks bookmarks favourites filters follows lists mutes notifications search statuses"
_WRITE = f"{_READ.replace(' search', '')} conversations media reports"
_ADMIN = "accounts reports domain_allows domain_blocks ip_blocks email_domain_blocks canonical_email_blocks"

FAMILIES = ("read", "write", "follow", "push", "profile", "admin:read", "admin:write")
ALL = (
    *FAMILIES,
    *(f"read:{part}" for part in _READ.split()),
    *(f"write:{part}" for part in sorted(_WRITE.split())),
    *(f"admin:read:{part}" for part in _ADMIN.split()),
    *(f"admin:write:{part}" for part in _ADMIN.split()),
)
DEFAULT = ("read",)


def parse(written: str | Iterable[str]) -> tuple[str, ...]:
    """Scopes parted by spaces, commas or plus signs, or as a list; each once. Nothing given is `read`."""
    text = written if isinstance(written, str) else " ".join(written)
    return tuple(dict.fromkeys(text.replace(",", " ").replace("+", " ").split())) or DEFAULT


def known(scopes: Iterable[str]) -> bool:
    return all(scope in ALL for scope in scopes)


def within(scopes: Iterable[str], allowed: Iterable[str]) -> bool:
    """Whether none of them goes beyond: `read:statuses` lies within `read`."""
    given = set(allowed)
    return all(scope in given or scope.rpartition(":")[0] in given for scope in scopes)
