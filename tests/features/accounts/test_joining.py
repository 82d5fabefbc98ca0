"""Becoming a member: open, by approval, by invitation, by the owner's link; confirming an address."""

from collections.abc import Callable
from typing import Any

import pytest

from palabre import settings
from palabre.base.errors import Forbidden, Refused
from palabre.features import accounts, instance
from tests.support.network import Network
from tests.support.people import Person
from tests.support.post_box import PostBox

Joins = Callable[..., Any]
Registration = Callable[[str], None]


async def test_who_joins_can_sign_in_by_name_and_by_address(network: Network, joins: Joins) -> None:
    await joins("Frank")
    for login in ("frank", "FRANK@mail.example", "@frank@talk.example"):
        token = await accounts.sign_in(network.db, login, "green garden")
        async with network.db.reading() as conn:
            caller = await accounts.recognise(conn, token)
        assert caller and caller.may("session")


@pytest.mark.parametrize(("login", "password"), [("frank", "red garden"), ("nobody", "green garden")])
async def test_a_wrong_password_and_an_unknown_name_look_alike(
    network: Network, joins: Joins, login: str, password: str
) -> None:
    await joins("frank")
    with pytest.raises(Refused, match=r"don't belong together") as refused:
        await accounts.sign_in(network.db, login, password)
    assert refused.value.code == "credentials"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "no way"}, "username"),
        ({"username": "Admin"}, "username"),
        ({"username": "x" * 31}, "username"),
        ({"username": "alice"}, "username"),
        ({"email": "nowhere"}, "email"),
        ({"email": "Alice@mail.example"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "frank@mail.example"}, "password"),
        ({"agreement": False}, "agreement"),
    ],
)
async def test_what_does_not_fit_is_named_and_nothing_is_kept(
    network: Network, alice: Person, joins: Joins, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await joins("frank", **given)
    assert refused.value.field == field
    async with network.db.reading() as conn:
        assert await accounts.by_handle(conn, "frank") is None
        assert await conn.value("SELECT count(*) FROM members") == 1


async def test_an_address_is_confirmed_by_the_link_in_the_letter(
    network: Network, joins: Joins, stranger: Person, post_box: PostBox
) -> None:
    account_id = await joins("frank", locale="fr")
    await network.work()
    await stranger.get(f"/api/v1/accounts/{account_id}", expect=404)
    with pytest.raises(Forbidden) as refused:
        await accounts.sign_in(network.db, "frank", "green garden")
    assert refused.value.code == "unconfirmed"
    async with network.db.transaction() as conn:
        assert await accounts.confirm(conn, post_box.secret("frank@mail.example")) == account_id
    await accounts.sign_in(network.db, "frank", "green garden")
    assert (await stranger.get(f"/api/v1/accounts/{account_id}"))["acct"] == "frank"
    async with network.db.transaction() as conn:
        with pytest.raises(Refused, match="used"):
            await accounts.confirm(conn, post_box.secret("frank@mail.example"))


async def test_without_mail_nobody_has_to_confirm(network: Network, joins: Joins) -> None:
    settings.use(settings.current().model_copy(update={"email_confirmation": True}))
    await joins("frank")
    await accounts.sign_in(network.db, "frank", "green garden")


async def test_a_moderator_lets_in_whom_he_likes(
    network: Network, carol: Person, joins: Joins, registration: Registration
) -> None:
    registration("approval")
    with pytest.raises(Refused) as refused:
        await joins("frank")
    assert refused.value.field == "reason"
    frank, grace = await joins("frank", reason="I like talking"), await joins("grace", reason="me too")
    with pytest.raises(Forbidden, match="approval"):
        await accounts.sign_in(network.db, "frank", "green garden")
    async with network.db.transaction() as conn:
        assert [(one.username, one.reason) for one in await accounts.waiting(conn)] == [
            ("frank", "I like talking"),
            ("grace", "me too"),
        ]
        await accounts.approve(conn, frank, int(carol.id))
        await accounts.reject(conn, grace)
    await accounts.sign_in(network.db, "frank", "green garden")
    await joins("grace", reason="once more")


async def test_an_invitation_works_as_often_as_it_says(
    network: Network, carol: Person, joins: Joins, registration: Registration
) -> None:
    registration("invite")
    with pytest.raises(Forbidden):
        await joins("frank")
    async with network.db.transaction() as conn:
        by = await accounts.recognise(conn, carol.token)
        assert by
        code = await accounts.invite(conn, by, most_uses=1)
        withdrawn = await accounts.invite(conn, by)
        await accounts.revoke_invite(conn, by, withdrawn)
    await joins("frank", invite=code)
    for unusable in (code, withdrawn, "made up"):
        with pytest.raises(Refused, match="invitation"):
            await joins("grace", invite=unusable)


async def test_nobody_joins_a_closed_network(joins: Joins, registration: Registration) -> None:
    registration("closed")
    with pytest.raises(Forbidden):
        await joins("frank")


async def test_which_terms_were_accepted_is_kept(network: Network, joins: Joins) -> None:
    async with network.db.transaction() as conn:
        await instance.set_terms(conn, "Be kind.")
        await instance.set_terms(conn, "Be very kind.")
    account_id = await joins("frank")
    async with network.db.reading() as conn:
        assert (await accounts.member(conn, account_id)).terms_version == 2


async def test_the_owner_link_makes_one_owner(network: Network) -> None:
    form = accounts.SignUp("olga", "olga@mail.example", "green garden")
    async with network.db.transaction() as conn:
        secret = await accounts.owner_link(conn)
    assert secret
    account_id = await accounts.own(network.db, secret, form)
    async with network.db.transaction() as conn:
        assert (await accounts.member(conn, account_id)).role == "owner"
        assert await accounts.owner_link(conn) is None
        with pytest.raises(Refused, match="last owner"):
            await accounts.set_role(conn, account_id, "member")
    with pytest.raises(Refused):
        await accounts.own(network.db, secret, accounts.SignUp("otto", "otto@mail.example", "green garden"))


async def test_sign_ups_never_confirmed_are_forgotten_after_a_week(
    network: Network, joins: Joins, post_box: PostBox
) -> None:
    await joins("frank")
    await accounts.discard_unconfirmed(network.db)
    async with network.db.transaction() as conn:
        assert await conn.execute("UPDATE members SET created_at = created_at - interval '8 days'") == 1
    await accounts.discard_unconfirmed(network.db)
    await joins("frank")
