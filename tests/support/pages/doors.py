"""Coming in, settling in, and setting up."""

from types import SimpleNamespace as Some
from typing import Any

import segno
from markupsafe import Markup

from tests.support import samples as s
from tests.support.pages.shared import form, page

wrong_password = {"password": "That password and name don't belong together."}
choices = Some(site=[("en", "English"), ("fr", "français")], posts=s.languages)
settings = {
    "settings/profile": page(
        "settings/profile.html",
        account=s.me,
        values={"display_name": "Alice Okafor", "note": "Beekeeper and slow reader.", "locked": True},
        errors={"field_1_name": "At most 255 characters."},
        field_slots=4,
    ),
    "settings/account": page(
        "settings/account.html",
        values={"email": "alice@example.org", "new_email_waiting": "al@example.org", "theme": "auto"},
        errors={"password": "That is not your password."},
        languages=choices,
    ),
    "settings/two_factor": page("settings/two_factor.html", on=True, left=7, codes=None, errors={}),
    "settings/two_factor-off": page("settings/two_factor.html", on=False, left=0, codes=None, errors={}),
    "settings/two_factor-codes": page(
        "settings/two_factor.html", on=True, left=10, codes=[f"abcd{n}-efgh{n}" for n in range(10)], errors={}
    ),
    "settings/two_factor_scan": page(
        "settings/two_factor_scan.html",
        secret="ABCDEFGHIJKLMNOP",
        key="ABCD EFGH IJKL MNOP",
        uri="otpauth://totp/Talk:alice?secret=ABCD",
        picture=segno.make("otpauth://totp/Talk:alice?secret=ABCD").svg_data_uri(scale=5, light="white"),
        errors={"code": "This code is wrong, or has been used."},
    ),
    "settings/sessions": page(
        "settings/sessions.html",
        sessions=[
            Some(id=1, device="Firefox on Linux", last_used_at=s.NOW, current=True),
            Some(id=2, device="Safari on iPhone", last_used_at=s.ago(days=2), current=False),
        ],
        apps=[
            Some(
                id=1,
                name="Tusky",
                scopes=["Read your posts", "Write posts"],
                created_at=s.ago(days=30),
                last_used_at=s.ago(hours=1),
            )
        ],
    ),
    "settings/sessions-one": page(
        "settings/sessions.html",
        sessions=[Some(id=1, device="Firefox on Linux", last_used_at=s.NOW, current=True)],
        apps=[],
    ),
    "settings/data": page(
        "settings/data.html",
        exports=[Some(words="People I follow", address="/x.csv"), Some(words="People I blocked", address="/y.csv")],
        archive=Some(
            under_way=False,
            failed=False,
            done=3000,
            total=3000,
            address="/settings/data/archive.zip",
            bytes=48_123_456,
            made_at=s.ago(hours=1),
            keep_until=s.ago(days=-7),
            again_at=s.ago(hours=-23),
        ),
        mailed=True,
        home="",
        imports=[Some(words="An archive from Mastodon", created_at=s.ago(minutes=3), done=410, total=1200, failed=2)],
        errors={},
    ),
    "settings/data-closing": page(
        "settings/data.html",
        instance=s.closing,
        exports=[],
        archive=None,
        mailed=True,
        home="elsewhere",
        imports=None,
        errors={"home": "This is neither a web address nor @name@domain."},
    ),
    "farewell": page("farewell.html", instance=s.closing, message=Markup("<p>Nine good years. Thank you all.</p>")),
    "farewell-over": page("farewell.html", None, instance=s.closed, message=""),
    "settings/data-new": page(
        "settings/data.html",
        exports=[],
        archive=None,
        mailed=False,
        imports=[],
        errors={"file": "This file could not be read."},
    ),
    "settings/data-bare": page(
        "settings/data.html",
        exports=None,
        archive=None,
        mailed=False,
        imports=None,
        errors={"delete_password": "That is not it."},
    ),
    "settings/invites": page("settings/invites.html", s.me, invites=[], errors={}),
    "settings/data-waiting": page(
        "settings/data.html",
        exports=[],
        archive=Some(under_way=True, failed=False, done=412, total=3000, address=None, again_at=None),
        mailed=True,
        home="",
        imports=[],
        errors={},
    ),
}
door: dict[str, Any] = {"domain": "baobab.example", "rules": s.rules, "invited": False}
auth = {
    "second-step": page(
        "auth/second_step.html",
        values={"token": "x", "next": "/"},
        errors={"code": "This code is wrong, or has been used."},
    ),
    "sign-in": page(
        "auth/sign_in.html",
        None,
        values={"name": "alice"},
        errors=wrong_password,
        flashes=[Some(kind="note", text="Sign in to favourite this post.", undo=None)],
    ),
    "sign-up": page("auth/sign_up.html", None, **form, **door),
    "sign-up-invited": page(
        "auth/sign_up.html",
        None,
        values={"invite": "kR3v9Q", "username": "a b"},
        errors={"username": "Only letters, digits and _.", "email": "Somebody already uses this address."},
        **{**door, "invited": True},
    ),
    "sign-up-closed": page(
        "auth/sign_up.html", None, instance=Some(**{**vars(s.instance), "registrations": "closed"}), **form, **door
    ),
    "confirm-sent": page("auth/confirm.html", None, state="sent", email="alice@example.org", mail=True),
    "confirm-done": page("auth/confirm.html", state="confirmed", email="alice@example.org", mail=True),
    "confirm-waiting": page("auth/confirm.html", None, state="waiting", email="alice@example.org", mail=True),
    "confirm-expired": page("auth/confirm.html", None, state="expired", email="", mail=True),
    "forgot": page("auth/forgot.html", None, sent=False, mail=True, **form),
    "forgot-sent": page("auth/forgot.html", None, sent=True, mail=True, **form),
    "forgot-no-mail": page("auth/forgot.html", None, sent=False, mail=False, **form),
    "reset": page("auth/reset.html", None, valid=True, token="t", errors={}),
    "reset-expired": page("auth/reset.html", None, valid=False, token="", errors={}),
    "authorize": page(
        "auth/authorize.html",
        app=Some(name="Tusky", website="https://tusky.app"),
        scopes=[
            ("eye", "Read your timelines and posts"),
            ("square-pen", "Write posts for you"),
            ("bell", "Send you notifications"),
        ],
        fields={"client_id": "x"},
        code=None,
    ),
    "authorize-code": page(
        "auth/authorize.html", app=Some(name="toot", website=None), scopes=[], fields={}, code="Zk3-9aP-77q"
    ),
}
suggested = [
    "Speak as you would face to face.",
    "No hatred of anyone for what they are.",
    "Ask before you show others.",
    "Cover what may upset.",
]
setup = {
    "setup/1": page("setup/owner.html", None, domain="baobab.example", action="/own/x", **form),
    "setup/2": page("setup/community.html", None, action="/setup/2", **form),
    "setup/3": page("setup/rules.html", None, suggestions=suggested, action="/setup/3", **form),
    "setup/4": page(
        "setup/languages.html", None, languages=s.languages, values={"languages": ["en"]}, errors={}, action="/setup/4"
    ),
    "setup/5": page("setup/joining.html", None, values={"registrations": "approval"}, errors={}, action="/setup/5"),
}
