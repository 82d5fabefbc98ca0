"""The rules of domains: what a name is, which measures add up to what. Pure functions, no I/O."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import idna
import msgspec

from palabre.base.errors import Refused
from palabre.names import hosts

SEVERITIES = ("none", "limit", "suspend")
LONGEST_COMMENT = 2_000
#: From the mildest to the strictest.
_STANDINGS = ("active", "limited", "frozen", "suspended")
_PLAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class Measure(msgspec.Struct, frozen=True):
    """What is done about a domain and all below it. `severity`: one of SEVERITIES."""

    severity: str = "suspend"
    reject_media: bool = False
    reject_reports: bool = False
    obfuscate: bool = False
    private_comment: str = ""
    public_comment: str = ""


class Policy(msgspec.Struct, frozen=True):
    """What holds for a domain, all measures added up."""

    limited: bool = False
    suspended: bool = False
    reject_media: bool = False
    reject_reports: bool = False

    @property
    def standing(self) -> str:
        """The least strict standing that an account from there can have."""
        return "suspended" if self.suspended else "limited" if self.limited else "active"


def normal(written: str) -> str:
    """A domain as it is kept and compared. Raises Refused for what is none, or is this network's own."""
    name = written.strip().lower().removeprefix("*.").rstrip(".")
    if "*" in name:
        raise Refused("has letters left out", field="domain", code="obfuscated")
    if not _PLAIN.fullmatch(name):
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            raise Refused("is not a domain name", field="domain", code="invalid") from error
    if not _PLAIN.fullmatch(name) or len(name) > 253:
        raise Refused("is not a domain name", field="domain", code="invalid")
    if any(own == name or own.endswith("." + name) for own in (host.partition(":")[0] for host in hosts())):
        raise Refused("is this network's own", field="domain", code="own")
    return name


def suffixes(domain: str) -> list[str]:
    """A domain and all that it lies below, the longest first: a.b.example, b.example, example."""
    parts = domain.lower().split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]


def combined(measures: Iterable[Any], *, allowed: bool = True) -> Policy:
    """Measures add up: one against a part doesn't loosen one against the whole."""
    found = list(measures)
    severities = {measure["severity"] for measure in found}
    return Policy(
        limited="limit" in severities,
        suspended="suspend" in severities or not allowed,
        reject_media=any(measure["reject_media"] for measure in found),
        reject_reports=any(measure["reject_reports"] for measure in found),
    )


def strictest(*standings: str) -> str:
    return max(standings, key=_STANDINGS.index)


def check(measure: Measure) -> Measure:
    """Raises Refused naming what doesn't fit."""
    if measure.severity not in SEVERITIES:
        raise Refused(f"must be one of {', '.join(SEVERITIES)}", field="severity", code="inclusion")
    for field in ("private_comment", "public_comment"):
        if len(getattr(measure, field)) > LONGEST_COMMENT:
            raise Refused(f"is too long (maximum is {LONGEST_COMMENT} characters)", field=field, code="too_long")
    if measure.severity == "none" and not (measure.reject_media or measure.reject_reports):
        raise Refused("must do something: limit, suspend, or reject something", field="severity", code="no_effect")
    return measure


def at_least(standing: Measure, wanted: Measure) -> Measure:
    """What stands, made as strict as is wanted where it isn't; never looser."""
    return msgspec.structs.replace(
        standing,
        severity=max(standing.severity, wanted.severity, key=SEVERITIES.index),
        reject_media=standing.reject_media or wanted.reject_media,
        reject_reports=standing.reject_reports or wanted.reject_reports,
        obfuscate=standing.obfuscate or wanted.obfuscate,
        private_comment=standing.private_comment or wanted.private_comment,
        public_comment=standing.public_comment or wanted.public_comment,
    )


def obfuscated(domain: str) -> str:
    """The name with every other part of its letters left out: ex***le.o*g."""
    shown = len(domain) // 4
    middle = ["*" if char != "." else "." for char in domain[shown : len(domain) - shown]]
    return domain[:shown] + "".join(middle) + domain[len(domain) - shown :]


def excluded(domain: str, exclusions: Sequence[str] | set[str]) -> bool:
    return any(part in exclusions for part in suffixes(domain))
