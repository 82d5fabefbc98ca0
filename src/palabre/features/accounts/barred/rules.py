"""The rules of keeping out: pure functions."""

import hashlib
import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from palabre.base.errors import Forbidden, Refused
from palabre.features.accounts.tokens import Caller

#: From the mildest to the strictest.
SEVERITIES = ("sign_up_requires_approval", "sign_up_block", "no_access")
LONGEST_COMMENT = 2_000
Network = IPv4Network | IPv6Network
_WIDEST = {4: 8, 6: 16}
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_HASH = re.compile(r"[0-9a-f]{64}")


def check_staff(by: Caller) -> None:
    if not by.staff:
        raise Forbidden


def network(written: str) -> Network:
    """An address or a range. Raises Refused."""
    try:
        found = ip_network(written.strip(), strict=False)
    except ValueError as error:
        raise Refused("is no address or range", field="ip", code="invalid") from error
    if isinstance(found, IPv6Network) and found.prefixlen >= 96 and found.network_address.ipv4_mapped:
        found = ip_network((found.network_address.ipv4_mapped, found.prefixlen - 96))
    if found.prefixlen < _WIDEST[found.version]:
        raise Refused("is too wide a range", field="ip", code="too_wide")
    return found


def check_block(severity: str, comment: str, ip: Network, own: str | None) -> None:
    """`own`: the address that asks, which must not lock itself out."""
    if severity not in SEVERITIES:
        raise Refused(f"must be one of {', '.join(SEVERITIES)}", field="severity", code="inclusion")
    if len(comment) > LONGEST_COMMENT:
        raise Refused("is too long", field="comment", code="too_long")
    if severity == "no_access" and own and within(own, ip):
        raise Refused("would lock you out: it is your own", field="ip", code="own_address")


def within(address: str, ip: Network) -> bool:
    try:
        return ip_address(address) in ip
    except ValueError:
        return False


def email_domain(written: str) -> str:
    """Raises Refused."""
    domain = written.strip().lower().removeprefix("@").rstrip(".")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError as error:
        raise Refused("is not a domain name", field="domain", code="invalid") from error
    if not _DOMAIN.fullmatch(domain):
        raise Refused("is not a domain name", field="domain", code="invalid")
    return domain


def domains_of(email: str) -> list[str]:
    """Those of an address, and of the domains it lies below."""
    domain = email.rpartition("@")[2].lower()
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        return [domain]
    parts = domain.split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]


def mailbox_hash(email: str) -> bytes:
    """The same for all addresses that lead to one mailbox at most providers, and the same as Mastodon's."""
    name, _, domain = email.strip().lower().rpartition("@")
    return hashlib.sha256(f"{name.partition('+')[0].replace('.', '')}@{domain}".encode()).digest()


def parsed_hash(written: str) -> bytes:
    """Raises Refused."""
    if not _HASH.fullmatch(written.strip().lower()):
        raise Refused("must be 64 hexadecimal digits", field="canonical_email_hash", code="invalid")
    return bytes.fromhex(written.strip())
