import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from palabre.base.link import Address, Identity, LinkProblem, hashed, matches, new_secret


def test_the_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "link"
    made = Identity.of(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = os.listdir(folder)
    assert len(files) == 1 and stat.S_IMODE((folder / files[0]).stat().st_mode) == 0o600
    assert Identity.of(folder).fingerprint == made.fingerprint
    assert Identity.of(tmp_path / "other").fingerprint != made.fingerprint


def test_two_processes_starting_at_once_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as at_once:
        made = list(at_once.map(lambda _: Identity.of(tmp_path / "link").fingerprint, range(8)))
    assert len(set(made)) == 1 and len(os.listdir(tmp_path / "link")) == 1


@pytest.mark.parametrize("host", ["new.example", "192.0.2.7", "2001:db8::7"])
def test_an_address_can_be_handed_over_as_one_line(host: str) -> None:
    address = Address(host, 8009, "alpha", "ab" * 32, "s/e&c r=t")
    assert Address.parse(str(address)) == address
    assert "s/e" not in address.shown and "s/e" not in repr(address) and "s%2Fe" not in address.shown


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://new.example:8009/alpha", "palabre://HOST:PORT"),
        ("palabre://new.example/alpha", "palabre://HOST:PORT"),
        ("palabre://new.example:99999/alpha", "palabre://HOST:PORT"),
        ("palabre://[::1:8009/alpha", "palabre://HOST:PORT"),
        (f"palabre://new.example:8009/?pin={'a' * 64}&secret=x", "no name"),
        ("palabre://new.example:8009/alpha?pin=abc&secret=x", "pin"),
        (f"palabre://new.example:8009/alpha?pin={'a' * 64}", "quotes"),
    ],
)
def test_a_broken_address_is_explained(url: str, says: str) -> None:
    with pytest.raises(LinkProblem, match=says):
        Address.parse(url)


def test_secrets_are_kept_hashed() -> None:
    secret = new_secret()
    assert secret not in hashed(secret)
    assert matches(secret, hashed(secret)) and not matches("other", hashed(secret))
