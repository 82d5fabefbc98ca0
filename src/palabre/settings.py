"""Every setting, with its meaning. Values come from, in this order: PALABRE_* variables, `palabre.toml` in the data
folder, the defaults here. What members' daily life needs (name, rules, languages) is set in the web pages instead and
lies in the database, so that it travels with the network.
"""

import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import idna
from pydantic import AliasChoices, BeforeValidator, Field, JsonValue, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

#: Where a law or a host says how long there is, that; a report by a member otherwise, by what may happen meanwhile.
DEADLINES = {
    "order": 1.0,
    "host": 24.0,
    "store": 24.0,
    "authority": 24.0,
    "flagger": 24.0,
    "notice": 72.0,
    "threat": 4.0,
    "child": 4.0,
    "intimate": 48.0,
    "legal": 48.0,
    "violation": 72.0,
    "spam": 72.0,
    "other": 168.0,
    "appeal": 48.0,
    "held": 24.0,
    "asked": 4.0,
}
#: "limit 48h", "suspend": an action against an account, and for how long.
_STEP = re.compile(r"(warn|limit|freeze|suspend)(?: ([1-9][0-9]{0,4})h)?")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
#: Marks what is this machine's own: archives leave it behind. All others are the network's, and travel with it.
MACHINE: dict[str, JsonValue] = {"machine": True}
Registration = Literal["open", "approval", "invite", "closed"]
Names = Annotated[
    list[str],
    NoDecode,
    BeforeValidator(lambda v: v.replace(",", " ").split() if isinstance(v, str) else v),
]


Ladder = Annotated[
    list[str],
    NoDecode,
    BeforeValidator(lambda v: [step.strip() for step in v.split(",") if step.strip()] if isinstance(v, str) else v),
]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PALABRE_", extra="forbid", populate_by_name=True)

    data: Path = Field(
        Path("palabre-data"),
        description="Folder for the embedded database, media and palabre.toml.",
        json_schema_extra=MACHINE,
    )
    host: str = Field(
        "127.0.0.1",
        description="Address to listen on. 0.0.0.0 for all, behind a firewall or TLS proxy.",
        json_schema_extra=MACHINE,
    )
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.", json_schema_extra=MACHINE)
    domain: str = Field("", description="The network's name in handles (@alice@DOMAIN). Default: host and port.")
    public_url: str = Field(
        "", description="The URL the world uses, such as https://talk.example. Default: http://DOMAIN."
    )
    domains: Names = Field(
        [],
        description="Spare names: further hosts, such as talk2.example, under which the whole network is served. Handles and "
        "ids keep DOMAIN. Each needs a DNS record and a certificate; `palabre doctor` checks them.",
    )
    domain_lost: bool = Field(
        False,
        description="The network's first name is lost: links, in mails too, name the first of `domains` instead.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("PALABRE_DATABASE_URL", "DATABASE_URL", "database_url"),
        description="An outside PostgreSQL, 15 or newer. Empty: one is started from the data folder.",
        json_schema_extra=MACHINE,
    )
    database_connections: int = Field(
        10, ge=2, description="Most database connections per process.", json_schema_extra=MACHINE
    )
    database_memory: str = Field(
        "64MB",
        pattern=r"^\d+(MB|GB)$",
        description="Memory the embedded database keeps pages in (shared_buffers).",
        json_schema_extra=MACHINE,
    )
    media_store: str = Field(
        "",
        description="Where media lie: a folder, or s3://bucket/prefix. Default: DATA/media.",
        json_schema_extra=MACHINE,
    )
    media_store_options: dict[str, str] = Field(
        default_factory=dict,
        description="Options of an object store: endpoint, region, access_key_id, secret_access_key.",
        json_schema_extra=MACHINE,
    )
    web_processes: int = Field(
        2, ge=1, le=64, description="Web processes that `serve` starts.", json_schema_extra=MACHINE
    )
    worker_processes: int = Field(
        1, ge=1, le=64, description="Worker processes that `serve` starts.", json_schema_extra=MACHINE
    )
    link_host: str = Field(
        "0.0.0.0",  # noqa: S104
        description="Address on which other hosts of this network reach this one.",
        json_schema_extra=MACHINE,
    )
    link_port: int = Field(
        8009,
        ge=0,
        le=65535,
        description="Port for other hosts of this network, once one is invited.",
        json_schema_extra=MACHINE,
    )
    standby_keep: str = Field(
        "10GB",
        pattern=r"^\d+(MB|GB)$",
        description="Most that the database keeps for a standby that is away; beyond it, the standby copies all anew.",
        json_schema_extra=MACHINE,
    )
    standby_synchronous: bool = Field(
        False,
        description="Whether posts and pictures are acknowledged only once the standby has them on disk too. Then nothing "
        "acknowledged is lost with this host; but nothing can be posted either while the standby is away.",
        json_schema_extra=MACHINE,
    )
    registration: Registration | None = Field(
        None, description="Who may sign up: open, approval, invite or closed. Unset: as chosen in the web pages."
    )
    email_confirmation: bool | None = Field(
        None, description="Whether new members must confirm their address, where mail can be sent. Default: yes."
    )
    rate_limits: bool = Field(
        True, description="Limit how often a person or address may ask. Off for tests only.", json_schema_extra=MACHINE
    )
    trusted_proxies: Names = Field(
        ["127.0.0.1", "::1"], description="Addresses whose X-Forwarded-For is believed.", json_schema_extra=MACHINE
    )
    smtp_url: SecretStr = Field(
        SecretStr(""), description="smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Empty: no mail is sent."
    )
    mail_from: str = Field("", description="Sender of mail. Default: palabre@DOMAIN.")
    source_url: str = Field(
        "",
        description="Where the source code of this network can be had, as its licence asks. Default: its about page.",
    )
    post_length: int = Field(1_000, ge=100, le=100_000, description="Most characters in a post.")
    post_media: int = Field(4, ge=0, le=16, description="Most images in a post.")
    image_bytes: int = Field(16 * 1024**2, ge=1024, description="Largest image that may be uploaded, in bytes.")
    image_pixels: int = Field(40_000_000, ge=1_000_000, description="Most pixels an uploaded image may have.")
    deadlines: dict[str, float] = Field(
        default_factory=dict,
        validate_default=True,
        description="Hours within which what comes in is to be decided, by source (order, host, store, authority, flagger, "
        "notice) or category (threat, child, intimate, legal, violation, spam, other) or appeal; "
        "of a post that a rule holds (held), and once its author asks for a moderator (asked); those not named keep theirs: "
        + ", ".join(f"{name} {hours:g}" for name, hours in DEADLINES.items())
        + ".",
    )
    appeal_days: int = Field(
        183, ge=183, description="Days within which a decision may be appealed against; the law asks for six months."
    )
    appeals_to: Literal["moderator", "jury"] = Field(
        "moderator",
        description="Who judges appeals at first: another moderator, or a jury of members, where one can be drawn.",
    )
    review_share: float = Field(
        5, ge=0, le=100, description="Percent of decisions judged again by a moderator who doesn't see the first."
    )
    review_days: int = Field(7, ge=1, description="Days a moderator has for judging a case again; then it lapses.")
    held_then: Literal["published", "held"] = Field(
        "published",
        description="What becomes of a post that a rule holds and no moderator looked at in time (deadlines: held). Those of "
        "severe rules stay held.",
    )
    think_again_minutes: int = Field(
        10,
        ge=1,
        description="Minutes within which somebody whom a rule asked to think again may publish the same words.",
    )
    screening_young_hours: float = Field(
        24, ge=0, description="Hours after it comes into force in which a rule that hits too much switches itself off."
    )
    screening_most_share: float = Field(
        0.05, gt=0, le=1, description="The share of all posts that is too much for a rule come into force lately."
    )
    unfounded_notices: int = Field(
        3,
        ge=1,
        description="After so many manifestly unfounded notices or reports a measure is proposed to moderators.",
    )
    unfounded_of: int = Field(10, ge=1, description="Among how many of somebody's latest notices they are counted.")
    lease_minutes: int = Field(
        30, ge=1, description="Minutes for which a case belongs to the moderator who took it as the next one."
    )
    alarms: list[float] = Field(
        [0.5, 0.1, 0.0],
        description="When to warn that a case is due, as shares of the time that is left: 0.5 halfway, 0 when it is up. "
        "As JSON.",
    )
    webhook_urls: Names = Field([], description="Addresses that alarms are posted to as signed JSON.")
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Key of the signature (HMAC-SHA256) in X-Palabre-Signature of what webhooks are sent.",
    )
    idle_brake: Literal["off", "approval", "closed"] = Field(
        "approval", description="What becomes of sign-ups while cases are overdue and no moderator acts: off: nothing."
    )
    idle_days: float = Field(3.0, gt=0, description="Days without a moderator's act after which idle_brake takes hold.")
    evidence_days: int = Field(
        183,
        ge=1,
        description="Days after a decision for which the case keeps what was reported, and removed posts can be given back. "
        "Then they are erased, unless something is preserved for the law.",
    )
    strike_days: int = Field(180, ge=1, description="Days for which a warning or measure counts as a strike.")
    ladder: Ladder = Field(
        ["warn", "limit 48h", "suspend 168h", "suspend"],
        description="What is proposed to moderators for somebody with 0, 1, 2… strikes: warn, limit, freeze or suspend, with "
        "hours where it is to end by itself. They decide. Empty: nothing is proposed.",
    )
    drill_days: int = Field(
        7,
        ge=0,
        description="Days between two drills, which bring the newest archive back on trial. 0: none by themselves.",
    )
    drill_folder: str = Field(
        "",
        description="Where drills bring archives back on trial, on a disk with room for all of it. Default: DATA/drills.",
        json_schema_extra=MACHINE,
    )
    standby_lag_alarm: float = Field(
        60, gt=0, description="Seconds that a standby may be behind before the owners are told."
    )
    seal_minutes: int = Field(
        5,
        ge=1,
        description="Minutes after which what happened in moderation is sealed: chained over all cases, and signed.",
    )
    seal_entries: int = Field(
        500, ge=1, description="Entries of the moderation log after which they are sealed sooner."
    )
    limited_federation: bool = Field(
        False, description="Talk only with the domains that the moderators allow (`palabre domains allow`)."
    )
    jury_seats: int = Field(6, ge=0, le=61, description="Seats on a jury. 0: there are no juries.")
    jury_votes: int = Field(
        4, ge=1, le=61, description="Votes for the same answer that a jury needs; more than half of the seats."
    )
    jury_hours: int = Field(24, ge=1, le=720, description="Hours a juror has to vote before he is replaced.")
    jury_rounds: int = Field(
        2, ge=1, le=10, description="How many times those hours a jury may take in all before a moderator decides."
    )
    jury_account_days: int = Field(30, ge=0, description="Days a member has to be here before he may be drawn.")
    jury_active_days: int = Field(14, ge=1, description="Jurors are drawn from members seen within so many days.")
    jury_monthly: int = Field(4, ge=1, description="Most juries a member is drawn for in 30 days.")
    jury_contact_days: int = Field(
        180, ge=1, description="Days for which an answer or mention between a member and a party keeps him off a jury."
    )
    home_length: int = Field(800, ge=40, description="Posts kept ready in each member's home timeline.")
    home_active_days: int = Field(
        14, ge=1, description="Home timelines are kept ready for members seen within so many days."
    )
    pull_followers: int = Field(
        2_000, ge=0, description="Authors with more followers are fetched on reading, not copied."
    )
    archive_recipients: Ladder = Field(
        [],
        description="Public keys that archives are encrypted to when none is given: age1… or ssh-ed25519 …, parted by commas. "
        "`palabre archive --new-key FILE` makes one.",
    )
    password_cost: Literal["normal", "cheap"] = Field(
        "normal", description="Work per password hash. cheap: tests only.", json_schema_extra=MACHINE
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged.", json_schema_extra=MACHINE
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Logs for people or for machines.", json_schema_extra=MACHINE
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file())

    @model_validator(mode="after")
    def _a_majority(self) -> "Settings":
        if self.jury_seats and not self.jury_seats / 2 < self.jury_votes <= self.jury_seats:
            raise ValueError("jury_votes must be more than half of jury_seats, and no more than all of them")
        return self

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, given: Any) -> Any:
        if "spare_domains" in given or "PALABRE_SPARE_DOMAINS" in os.environ:
            raise ValueError("spare_domains is called domains now (PALABRE_DOMAINS): rename it")
        return given

    @field_validator("domains")
    @classmethod
    def _hosts(cls, given: list[str]) -> list[str]:
        return list(dict.fromkeys(_host(name) for name in given))

    @model_validator(mode="after")
    def _a_name_that_works(self) -> "Settings":
        if self.domain_lost and not self.domains:
            raise ValueError('domain_lost needs a name that works: set domains, such as ["talk2.example"]')
        if (first := urlsplit(self.origin).netloc.lower()) in self.domains:
            raise ValueError(f"domains lists spare names; {first} is the first name already")
        return self

    @field_validator("deadlines")
    @classmethod
    def _every_deadline(cls, given: dict[str, float]) -> dict[str, float]:
        if unknown := given.keys() - DEADLINES.keys():
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(DEADLINES)}")
        if min(given.values(), default=1) <= 0:
            raise ValueError("must be more than 0 hours")
        return DEADLINES | given

    @field_validator("ladder")
    @classmethod
    def _every_step(cls, given: list[str]) -> list[str]:
        for step in given:
            step_of(step)
        return given

    @field_validator("alarms")
    @classmethod
    def _shares(cls, given: list[float]) -> list[float]:
        if any(not 0 <= share < 1 for share in given):
            raise ValueError("must be shares of the time: 0 or more, less than 1")
        return sorted(set(given), reverse=True)

    @cached_property
    def name(self) -> str:
        """The domain in handles."""
        return self.domain or (
            urlsplit(self.public_url).netloc if self.public_url else f"{self._reachable}:{self.port}"
        )

    @cached_property
    def origin(self) -> str:
        """Scheme and host as the world sees them, without a slash at the end."""
        return (self.public_url or f"http://{self.domain or f'{self._reachable}:{self.port}'}").rstrip("/")

    @property
    def link_origin(self) -> str:
        """As `origin`, of a name that works: where links lead that are written for nobody's request."""
        return f"{self.scheme}://{self.domains[0]}" if self.domain_lost else self.origin

    @property
    def scheme(self) -> str:
        return self.origin.partition("://")[0]

    @property
    def _reachable(self) -> str:
        return "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_url.get_secret_value())

    @property
    def sender(self) -> str:
        """Whom mail comes from."""
        return (
            self.mail_from or f"palabre@{urlsplit(f'//{self.domains[0] if self.domain_lost else self.name}').hostname}"
        )

    @property
    def confirms_email(self) -> bool:
        """Without mail nobody could confirm, so nobody has to."""
        return self.sends_mail and self.email_confirmation is not False


def networks_own(settings: Settings) -> dict[str, Any]:
    """What the operator set that belongs to the network, not to this machine; secrets in the clear."""
    found: dict[str, Any] = {}
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if field.json_schema_extra == MACHINE or name not in settings.model_fields_set or value == field.default:
            continue
        found[name] = value.get_secret_value() if isinstance(value, SecretStr) else value
    return found


def only_networks_own(values: Mapping[str, Any]) -> dict[str, Any]:
    """Of what another host or an archive says: which of it may become this machine's settings."""
    fields = Settings.model_fields
    return {
        name: value for name, value in values.items() if name in fields and fields[name].json_schema_extra != MACHINE
    }


def step_of(words: str) -> tuple[str, float | None]:
    """A step of the ladder as (action, hours). Raises ValueError."""
    found = _STEP.fullmatch(words.strip())
    if found is None:
        raise ValueError(f"{words!r} must be warn, limit, freeze or suspend, perhaps with hours, as in 'limit 48h'")
    return found[1], float(found[2]) if found[2] else None


def _host(written: str) -> str:
    """A host, perhaps with a port, as it stands in a Host header. Raises ValueError."""
    name, colon, port = written.strip().lower().rpartition(":") if ":" in written else (written.strip().lower(), "", "")
    try:
        name = name if _HOST.fullmatch(name) else idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        name = ""
    if not _HOST.fullmatch(name) or (colon and not port.isdecimal()):
        raise ValueError(f"{written!r} must be a host alone, such as talk2.example, without https:// and path")
    return name + colon + port


def toml_file() -> Path:
    return Path(os.environ.get("PALABRE_DATA", "palabre-data")) / "palabre.toml"


_current: Settings | None = None


def current() -> Settings:
    """The settings of this process, read once."""
    global _current
    if _current is None:
        _current = Settings()
    return _current


def use(settings: Settings | None) -> None:
    """Replace them: by a command's options, or by a test. None: read them anew."""
    global _current
    _current = settings
