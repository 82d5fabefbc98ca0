"""Views as the templates read them: paths instead of URLs, safe HTML, times as times."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace

from markupsafe import Markup

from palabre.base import ids
from palabre.base.db import Conn
from palabre.base.origin import SENTINEL
from palabre.features import accounts, graph
from palabre.features.accounts import AccountView
from palabre.features.accounts.view import PublicAccount
from palabre.features.graph import Relationship
from palabre.features.posts import PostView
from palabre.features.posts.view import PublicMedia

Account = SimpleNamespace
Post = SimpleNamespace
_NO_TIES = SimpleNamespace(following=False, requested=False, followed_by=False, blocking=False, muting=False)


def path(url: str) -> str:
    """One of our own stored URLs, as a path."""
    return url.replace(SENTINEL, "")


def html(stored: str) -> Markup:
    """Stored HTML, which was sanitised when it was made."""
    return Markup(stored.replace(SENTINEL, ""))  # noqa: S704


def account(view: AccountView, *, tie: Relationship | None = None, role: str = "member") -> Account:
    public: PublicAccount = view.public
    return SimpleNamespace(
        id=view.id,
        username=public.username,
        acct=public.acct,
        display_name=public.display_name,
        url=path(public.url),
        avatar_url=_picture(public.avatar),
        header_url=_picture(public.header),
        note_html=html(public.note),
        fields=[(field.name, html(field.value)) for field in public.fields],
        locked=public.locked,
        bot=public.bot,
        moderator=role in ("moderator", "owner"),
        admin=role == "owner",
        standing=view.standing,
        created_at=ids.made_at(view.id),
        followers_count=view.followers,
        following_count=view.following,
        posts_count=view.posts,
        relationship=tie or _NO_TIES,
    )


async def people(conn: Conn, views: Sequence[AccountView], viewer_id: int | None) -> list[Account]:
    """Accounts with how the viewer stands to each."""
    ties: Mapping[int, Relationship] = {}
    if viewer_id and views:
        found = await graph.relationships(conn, viewer_id, [view.id for view in views])
        ties = {tie.account_id: tie for tie in found}
    return [account(view, tie=ties.get(view.id)) for view in views]


async def posts(conn: Conn, views: Iterable[PostView], viewer_id: int | None) -> list[Post]:
    """Posts with whom each answers."""
    shown = list(views)
    answered = {id_ for view in shown if (id_ := (view.reblog or view).in_reply_to_author_id)}
    known = {view.author_id: view.author for view in shown}
    known |= await accounts.look(conn, answered - known.keys()) if answered - known.keys() else {}
    return [post(view, viewer_id, known) for view in shown]


def post(view: PostView, viewer_id: int | None, known: Mapping[int, AccountView] | None = None) -> Post:
    """`known`: accounts among which the answered ones are found."""
    original = view.reblog or view
    public = original.public
    answered = (known or {}).get(original.in_reply_to_author_id or 0)
    return SimpleNamespace(
        id=original.id,
        entry_id=view.id,
        url=path(public.url),
        author=account(original.author),
        booster=account(view.author) if view.reblog else None,
        created_at=original.created_at,
        edited_at=original.edited_at,
        held=original.held_at is not None,
        visibility=original.visibility,
        content_html=html(public.own_content),
        label=public.label,
        spoiler=public.spoiler_text,
        sensitive=public.sensitive,
        language=public.language,
        media=[media(item) for item in public.media_attachments],
        replies_count=original.replies,
        reblogs_count=original.reblogs,
        favourites_count=original.favourites,
        favourited=original.favourited,
        reblogged=original.reblogged,
        bookmarked=original.bookmarked,
        pinned=original.pinned,
        mine=original.author_id == viewer_id,
        reply_to=account(answered) if answered and not answered.gone else None,
        application=public.application.name if public.application else None,
    )


def media(item: PublicMedia, color: str = "") -> SimpleNamespace:
    size = item.meta.small if item.meta.small.width else item.meta.original
    return SimpleNamespace(
        id=item.id,
        kind=item.type,
        url=path(item.url),
        preview_url=path(item.preview_url),
        description=item.description,
        width=size.width,
        height=size.height,
        blurhash=item.blurhash,
        focus_x=item.meta.focus.x,
        focus_y=item.meta.focus.y,
        color=color,
    )


def moment(at: str) -> datetime:
    """A time as the client API writes it."""
    return datetime.fromisoformat(at)


def _picture(url: str) -> str | None:
    """None where there is only the stand-in: pages draw a letter instead."""
    return None if "/static/" in url else path(url)
