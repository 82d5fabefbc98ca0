"""/api/v1/instance and /api/v2/instance: what the network is, allows and asks."""

from datetime import datetime
from typing import Any

from starlette.responses import Response

from palabre import __version__
from palabre.base import i18n, ids, text
from palabre.base.clock import iso, now
from palabre.base.errors import NotFound
from palabre.base.images.sniffing import ImageType
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, instance
from palabre.features.accounts import profile
from palabre.features.instance import Instance
from palabre.features.posts.media.library import MOST_DESCRIPTION
from palabre.features.posts.react import MOST_PINS
from palabre.names import here
from palabre.settings import current

routes = Routes()

#: The version of Mastodon whose client API this is, for clients that ask before they use a part of it.
VERSION = f"4.3.0 (compatible; Palabre {__version__})"
API_VERSION = 2


@routes.get("/api/v2/instance", scope="public")
async def instance_v2(request: Request) -> Response:
    """The network: its name, contact, rules, limits and who may join."""
    about = await instance.about(request.conn)
    totals = await accounts.totals(request.conn)
    return json(
        {
            "domain": current().name,
            "title": about.name,
            "version": VERSION,
            "source_url": source_url(),
            "description": _description(about),
            "usage": {"users": {"active_month": totals.active_month}},
            "thumbnail": {"url": _thumbnail()},
            "icon": [{"size": "180x180", "src": _thumbnail()}],
            "languages": about.languages,
            "configuration": _configuration() | {"urls": _urls(about), "translation": {"enabled": False}},
            "registrations": {
                "enabled": about.registration in ("open", "approval"),
                "approval_required": about.registration == "approval",
                "reason_required": about.registration == "approval",
                "message": None,
                "url": None,
            },
            "api_versions": {"mastodon": API_VERSION},
            "contact": {"email": about.contact_email, "account": await _contact(request, about)},
            "rules": _rules(about),
        }
    )


@routes.get("/api/v1/instance", scope="public")
async def instance_v1(request: Request) -> Response:
    """The same for older clients."""
    about = await instance.about(request.conn)
    totals = await accounts.totals(request.conn)
    return json(
        {
            "uri": current().name,
            "title": about.name,
            "short_description": _description(about),
            "description": _description(about),
            "email": about.contact_email,
            "version": VERSION,
            "urls": {"streaming_api": _streaming()},
            "stats": {"user_count": totals.members, "status_count": totals.posts, "domain_count": 0},
            "thumbnail": _thumbnail(),
            "languages": about.languages,
            "registrations": about.registration in ("open", "approval"),
            "approval_required": about.registration == "approval",
            "invites_enabled": about.registration in ("open", "invite"),
            "configuration": _configuration(),
            "contact_account": await _contact(request, about),
            "rules": _rules(about),
        }
    )


@routes.get("/api/v1/instance/rules", scope="public")
async def rules(request: Request) -> Response:
    """The rules, in order."""
    return json(_rules(await instance.about(request.conn)))


@routes.get("/api/v1/instance/extended_description", scope="public")
async def extended_description(request: Request) -> Response:
    """What the network says about itself."""
    about = await instance.about(request.conn)
    return json({"updated_at": iso(now()), "content": _html(_description(about))})


@routes.get("/api/v1/instance/terms_of_service", scope="public")
async def terms_of_service(request: Request) -> Response:
    """The terms in force."""
    found = await instance.terms(request.conn)
    if found is None:
        raise NotFound
    newest = await instance.newest_terms(request.conn)
    announced = newest is not None and newest.version > found.version
    return json(
        {
            "effective_date": found.applies_at.date().isoformat(),
            "effective": True,
            "content": _html(found.text),
            "succeeded_by": newest.applies_at.date().isoformat() if newest and announced else None,
        }
    )


@routes.get("/api/v1/instance/languages", scope="public")
async def languages(request: Request) -> Response:
    """The languages people write in here."""
    about = await instance.about(request.conn)
    return json([{"code": code, "name": i18n.language_name(code, "en")} for code in about.languages])


@routes.get("/api/v1/instance/translation_languages", scope="public", transaction="none")
async def translation_languages(request: Request) -> Response:
    """None: posts are not translated."""
    return json({})


@routes.get("/api/v1/instance/peers", scope="public", transaction="none")
async def peers(request: Request) -> Response:
    """None: this network stands alone as yet."""
    return json([])


@routes.get("/api/v1/custom_emojis", scope="public", transaction="none")
async def custom_emojis(request: Request) -> Response:
    """None: there are no custom emojis."""
    return json([])


@routes.get("/api/v1/announcements", scope="member")
async def announcements(request: Request) -> Response:
    """That the community closes, and new terms until the member has agreed to them; nothing else is announced."""
    end = (await instance.about(request.conn)).end
    found = [_announcement(end.id, f"{_ending(end)}\n\n{end.message}", end.at, ids.made_at(end.id))] if end else []
    newest = await instance.newest_terms(request.conn)
    if newest and newest.version > 1 and request.me.terms_version < newest.version:
        words = f"{newest.summary}\n\n{here()}/terms/history"
        found.append(_announcement(newest.version, words, newest.applies_at, newest.since))
    return json(found)


def _announcement(number: int, words: str, starts_at: datetime, written_at: datetime) -> dict[str, Any]:
    return {
        "id": str(number),
        "content": _html(words.strip()),
        "starts_at": iso(starts_at),
        "ends_at": None,
        "all_day": True,
        "published_at": iso(written_at),
        "updated_at": iso(written_at),
        "read": False,
        "mentions": [],
        "statuses": [],
        "tags": [],
        "emojis": [],
        "reactions": [],
    }


def _ending(end: instance.End) -> str:
    """For clients, which show what they are given: in English, as all that this door says."""
    closes = "has closed" if end.passed else f"closes on {i18n.date(end.at, i18n.SOURCE)}"
    return f"This community {closes}. Take your archive: {here()}/settings/data"


def _description(about: Instance) -> str:
    return f"{_ending(about.end)}\n\n{about.description}" if about.end else about.description


def source_url() -> str:
    """Where the source code can be had, as its licence asks."""
    return current().source_url or f"{here()}/about"


def _configuration() -> dict[str, Any]:
    settings = current()
    return {
        "accounts": {
            "max_featured_tags": 0,
            "max_pinned_statuses": MOST_PINS,
            "max_display_name_length": profile.LONGEST_NAME,
            "max_note_length": profile.LONGEST_NOTE,
            "max_profile_fields": profile.MOST_FIELDS,
            "profile_field_name_limit": profile.LONGEST_FIELD,
            "profile_field_value_limit": profile.LONGEST_FIELD,
        },
        "statuses": {
            "max_characters": settings.post_length,
            "max_media_attachments": settings.post_media,
            "characters_reserved_per_url": text.URL_LENGTH,
        },
        "media_attachments": {
            "supported_mime_types": [str(kind) for kind in ImageType],
            "description_limit": MOST_DESCRIPTION,
            "image_size_limit": settings.image_bytes,
            "image_matrix_limit": settings.image_pixels,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {"max_options": 0, "max_characters_per_option": 0, "min_expiration": 0, "max_expiration": 0},
    }


def _urls(about: Instance) -> dict[str, str | None]:
    origin = here()
    return {
        "streaming": _streaming(),
        "about": f"{origin}/about",
        "privacy_policy": None,
        "terms_of_service": f"{origin}/terms" if about.terms_version else None,
        "status": None,
    }


def _streaming() -> str:
    return "ws" + here().removeprefix("http")


def _thumbnail() -> str:
    return f"{here()}/static/icon-180.png"


def _rules(about: Instance) -> list[dict[str, str]]:
    return [{"id": str(rule.id), "text": rule.text, "hint": rule.hint} for rule in about.rules]


async def _contact(request: Request, about: Instance) -> Any:
    if about.contact_account_id is None:
        return None
    found = await accounts.look_in_order(request.conn, [about.contact_account_id])
    return entities.as_raw(entities.account(found[0])) if found else None


def _html(written: str) -> str:
    return text.render(text.parse(written), {}, lambda tag: f"{here()}/tags/{tag}")
