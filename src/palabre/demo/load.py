"""Putting the demonstration's people into an empty network. Each step is done whole or not at all, and only once."""

import asyncio
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from palabre.base import clock
from palabre.base.db import Conn, Database
from palabre.base.errors import Refused
from palabre.demo import drawing, trouble
from palabre.demo.archives import write_mastodon
from palabre.demo.plan import DAYS, MODERATOR, OWNER, PEOPLE, Plan, plan
from palabre.demo.talk import topics
from palabre.features import accounts, graph, instance, portability, posts
from palabre.features.accounts import passwords
from palabre.features.accounts.members.sign_up import enrol
from palabre.features.instance import Rule
from palabre.features.portability.imports import open_archive
from palabre.features.portability.report import PARTS
from palabre.features.posts import Draft, media

Progress = Callable[[str, int, int], None]
#: Known to everybody who reads this: it opens a demonstration and nothing else.
PASSWORD = "a-demonstration-only"  # noqa: S105
BROUGHT, BROUGHT_POSTS = "alice", 3_000
_ALICE = 4  # the seed of her pictures
_ROLES = {OWNER: "owner", MODERATOR: "moderator"}


def email(username: str) -> str:
    return f"{username}@demo.example"


async def load(db: Database, progress: Progress) -> None:
    """Fill a network that is empty or holds the demonstration already. Raises Refused for any other."""
    made = plan(clock.now())
    people = await _people(db, made, progress)
    await _profiles(db, made, people, progress)
    await _talk(db, made, people, progress)
    await trouble.load(db, people)
    await _archive(db, people[-1], progress)


async def _people(db: Database, made: Plan, progress: Progress) -> list[int]:
    """Their account ids, in the order of the plan; last, whose posts come from an archive."""
    names = [*(member.username for member in made.members), BROUGHT]
    async with db.reading() as conn:
        there = await accounts.by_handles(conn, names)
        strangers = [m for m in await accounts.members(conn, limit=1) if m.email != email(m.username)]
    if strangers:
        raise Refused("This data folder holds a real network: the demonstration needs one of its own.")
    if len(there) < len(names):
        hashed, now = await passwords.make(PASSWORD), clock.now()
        languages = [*(member.language for member in made.members), "en"]
        async with db.transaction() as conn:
            for number, (name, language) in enumerate(zip(names, languages, strict=True)):
                there[name] = await enrol(
                    conn,
                    name,
                    email(name),
                    hashed,
                    role=_ROLES.get(number, "member"),
                    locale=language,
                    confirmed_at=now,
                    approved_at=now,
                    joined_at=now - timedelta(days=DAYS + len(names) - number),
                )
            version = await _community(conn, there[names[OWNER]])
            for account_id in there.values():
                await accounts.accept_terms(conn, account_id, version)
            for follower, followed in sorted(made.follows | {(fan, len(names) - 1) for fan in range(0, PEOPLE - 1, 2)}):
                await graph.follow(conn, there[names[follower]], there[names[followed]], quiet=True)
    progress("people", len(names), len(names))
    return [there[name] for name in names]


async def _community(conn: Conn, owner_id: int) -> int:
    """Name, rules and terms; the version of these."""
    description = "A small town talking: gardens, trains, football, cats. · Une petite ville qui cause."
    await instance.configure(
        conn, owner_id, name="Tilleul", description=description, registration="open", set_up=True,
        contact_email=email("olive"), contact_account_id=owner_id,
    )  # fmt: skip
    rules = {
        "Be kind. Disagree with what was said, not with who said it.": "Soyez aimables.",
        "No advertising.": "A jumble sale is news; the third link to your shop is not.",
        "Describe your pictures.": "Some of us cannot see them.",
    }
    await instance.set_rules(conn, [Rule(0, text, hint) for text, hint in rules.items()])
    return await instance.set_terms(
        conn, "This is a demonstration. Nothing here is real, and all of it may be deleted."
    )


async def _profiles(db: Database, made: Plan, people: list[int], progress: Progress) -> None:
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        member, account_id = made.members[number], people[number]
        async with db.reading() as conn:
            missing = not (await accounts.source(conn, account_id)).display_name
        if missing:
            avatar = await accounts.prepare_picture(account_id, "avatar", drawing.portrait(number + 1))
            header = await accounts.prepare_picture(account_id, "header", drawing.landscape(number + 1))
            changes = accounts.Profile(
                display_name=member.name, note=member.bio, fields=member.fields, pictures=(avatar, header)
            )
            async with db.transaction() as conn:
                await accounts.edit_profile(conn, account_id, changes)
        done += 1
        progress("profiles", done, len(made.members))

    await asyncio.gather(*(one(number) for number in range(len(made.members))))


async def _talk(db: Database, made: Plan, people: list[int], progress: Progress) -> None:
    async with db.reading() as conn:
        if (await accounts.look_at(conn, people[OWNER])).posts:
            return
    uploads = await _pictures(db, made, people, progress)
    total = len(made.said) + len(made.boosts) + len(made.favourites) + len(made.bookmarks)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % 50 == 0 or done == total:
            progress("talk", done, total)

    async with db.transaction() as conn:
        post_ids: list[int] = []
        for place, said in enumerate(made.said):
            draft = Draft(
                said.saying.text,
                said.spoiler,
                said.visibility,
                language=said.saying.language,
                in_reply_to_id=None if said.parent is None else post_ids[said.parent],
                media_ids=uploads.get(place, ()),
                created_at=said.at,
                quiet=True,
            )
            post_ids.append(await posts.publish(conn, people[said.author], draft))
            step()
        for by, place, at in made.boosts:
            await posts.boost(conn, people[by], post_ids[place], at=at, quiet=True)
            step()
        for by, place in sorted(made.favourites):
            await posts.favourite(conn, people[by], post_ids[place], quiet=True)
            step()
        for by, place in sorted(made.bookmarks):
            await posts.bookmark(conn, people[by], post_ids[place])
            step()
        await _today(conn, people)


async def _pictures(db: Database, made: Plan, people: list[int], progress: Progress) -> dict[int, tuple[int]]:
    """Uploaded, by the place of the post they are for."""
    pictured = [place for place, said in enumerate(made.said) if said.picture]
    uploads: dict[int, tuple[int]] = {}

    async def one(place: int) -> None:
        said = made.said[place]
        described = drawing.DESCRIBED[said.picture][said.saying.language]
        file = media.Upload(drawing.photo(said.picture, place), description=described)
        uploads[place] = (await media.upload(db, people[said.author], file),)
        progress("pictures", len(uploads), len(pictured))

    await asyncio.gather(*(one(place) for place in pictured))
    return uploads


async def _today(conn: Conn, people: list[int]) -> None:
    """What the owner finds among the notifications."""
    olive = people[OWNER]
    words = "Welcome to Tilleul! Tell us who you are, and don't be shy. Bienvenue à toutes et à tous. #introductions"
    welcome = await posts.publish(conn, olive, Draft(words, language="en"))
    await posts.pin(conn, olive, welcome)
    answers = ["@olive Hello! I keep two cats and far too many courgettes.", "@olive Bonjour ! Moi, c'est les trains."]
    for number, (words, language) in enumerate(zip(answers, ("en", "fr"), strict=True)):
        await posts.publish(conn, people[7 + number], Draft(words, language=language, in_reply_to_id=welcome))
    for reader in people[3:9]:
        await posts.favourite(conn, reader, welcome)
    for reader in people[5:7]:
        await posts.boost(conn, reader, welcome)


async def _archive(db: Database, account_id: int, progress: Progress) -> None:
    """One member's years on Mastodon, out of an archive in its true format."""
    async with db.reading() as conn:
        if (await accounts.source(conn, account_id)).display_name:
            return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.zip"
        years = (clock.now().year - 7, clock.now().year - 1)
        faces = drawing.portrait(_ALICE, "PNG"), drawing.landscape(_ALICE)
        await asyncio.to_thread(
            write_mastodon, path, posts=BROUGHT_POSTS, pictures=0.01, draw=_photo, years=years, faces=faces
        )
        with open_archive(path) as archive:
            shown = {"posts": "archive"}
            everything = [part for part in PARTS if part != "profile"]
            await portability.bring(db, account_id, archive, lambda p, *n: progress(shown.get(p, p), *n), everything)
            await portability.bring(db, account_id, archive, parts=["profile"])


def _photo(number: int) -> bytes:
    return drawing.photo(topics("en")[number], number)
