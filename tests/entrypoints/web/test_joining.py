"""People join, sign in and get back in, through the pages."""

from palabre import settings
from palabre.base import mail
from palabre.features.accounts import links
from tests.entrypoints.web.conftest import PASSWORD
from tests.support.network import Network
from tests.support.post_box import PostBox
from tests.support.visitor import Visitor

WISH = {"username": "alice", "email": "alice@mail.example", "password": PASSWORD, "agreement": "1"}


async def test_whoever_joins_an_open_community_is_in_at_once(guest: Visitor) -> None:
    await guest.open("/sign-up")
    await guest.send("/sign-up", 200, **WISH)
    cookie = next(c for c in guest.http.cookies.jar if c.name == "palabre_session")
    assert cookie.secure and cookie.has_nonstandard_attr("HttpOnly")
    await guest.open("/settings/account")
    assert "alice@mail.example" in guest.html


async def test_a_sign_up_that_does_not_fit_comes_back_as_typed(guest: Visitor, amina: Visitor) -> None:
    await guest.open("/sign-up")
    await guest.send("/sign-up", 422, **WISH | {"username": "amina"})
    assert "Somebody has this name already." in guest.html
    assert 'value="alice@mail.example"' in guest.html
    assert PASSWORD not in guest.html
    await guest.send("/sign-up", 422, **WISH | {"email": "nonsense"})
    assert "This is no e-mail address." in guest.html
    await guest.send("/sign-up", 422, **WISH | {"agreement": None})
    assert "Joining means agreeing" in guest.html


async def test_problems_are_said_in_french(network: Network) -> None:
    visitor = Visitor(network, "fr")
    await visitor.open("/sign-up")
    await visitor.send("/sign-up", 422, **WISH | {"password": "court"})
    assert "8 caractères au moins." in visitor.html


async def test_asking_to_join_waits_for_approval(network: Network, guest: Visitor, moderator: Visitor) -> None:
    settings.use(settings.current().model_copy(update={"registration": "approval"}))
    await guest.open("/sign-up")
    await guest.send("/sign-up", 422, **WISH, reason="")
    assert "Please say why" in guest.html
    await guest.send("/sign-up", **WISH, reason="For the bees.")
    assert guest.path == "/confirm" and "A moderator reads your request next" in guest.html
    await guest.signs_in("alice", PASSWORD)
    assert guest.path == "/confirm"
    await moderator.open("/admin/sign-ups")
    assert "For the bees." in moderator.html
    action = moderator.html.partition('action="/admin/sign-ups/')[2].partition('"')[0]
    await moderator.send(f"/admin/sign-ups/{action}", answer="approve")
    assert "@alice is welcome now." in moderator.html
    await guest.signs_in("alice", PASSWORD, 200)
    await guest.open("/settings/profile")


async def test_an_invitation_opens_a_door_that_asks_for_one(network: Network, guest: Visitor, amina: Visitor) -> None:
    settings.use(settings.current().model_copy(update={"registration": "invite"}))
    await guest.open("/sign-up")
    await guest.send("/sign-up", 422, **WISH)
    await amina.open("/settings/invites")
    await amina.send("/settings/invites")
    link = amina.html.partition('value="https://talk.example')[2].partition('"')[0]
    await guest.open(link)
    assert "You are invited" in guest.html
    await guest.send("/sign-up", 200, **WISH)
    await guest.open("/settings/profile")
    late = Visitor(network)
    await late.open(link, 422)
    assert "This invitation has been used up" in late.html


async def test_a_closed_community_says_so(network: Network, guest: Visitor) -> None:
    settings.use(settings.current().model_copy(update={"registration": "closed"}))
    await guest.open("/sign-up")
    assert "takes no new members" in guest.html and 'action="/sign-up"' not in guest.html


async def test_an_address_is_confirmed_by_its_letter(network: Network, guest: Visitor) -> None:
    settings.use(
        settings.current().model_copy(update={"email_confirmation": True, "smtp_url": settings.SecretStr("smtp://x")})
    )
    box = PostBox()
    mail.use(box)
    try:
        await guest.open("/sign-up")
        await guest.send("/sign-up", **WISH)
        assert guest.path == "/confirm" and "alice@mail.example" in guest.html
        await network.work()
        await guest.signs_in("alice", PASSWORD)
        assert guest.path == "/confirm"
        await guest.open(f"/confirm/{box.secret('alice@mail.example')}")
        assert "You are in" in guest.html
        await guest.open(f"/confirm/{box.secret('alice@mail.example')}", 404)
        assert "This link has run out" in guest.html
    finally:
        mail.use(None)


async def test_signing_in_leads_back_to_where_one_was(guest: Visitor, amina: Visitor) -> None:
    await guest.open("/settings/invites?x=1")
    assert guest.path == "/sign-in"
    await guest.send("/sign-in", 422, name="amina", password="wrong")
    assert "That name and password don&#39;t belong together." in guest.html and 'value="amina"' in guest.html
    await guest.send("/sign-in", name="amina", password=PASSWORD)
    assert str(guest.page.url).endswith("/settings/invites?x=1")


async def test_signing_in_never_leads_elsewhere(guest: Visitor, amina: Visitor) -> None:
    for trap in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        await guest.http.get("/sign-out")
        answer = await guest.http.post(
            "/sign-in", data={"name": "amina", "password": PASSWORD, "next": trap}, follow_redirects=False
        )
        assert answer.headers["location"] == "/"


async def test_signing_in_again_ends_the_browsers_earlier_session(network: Network, amina: Visitor) -> None:
    before = amina.http.cookies["palabre_session"]
    await amina.http.post("/sign-in", data={"name": "amina", "password": PASSWORD}, follow_redirects=False)
    assert amina.http.cookies["palabre_session"] != before
    old = Visitor(network)
    old.http.cookies.set("palabre_session", before)
    await old.open("/settings/account")
    assert old.path == "/sign-in"


async def test_signing_out_ends_the_session_not_just_the_cookie(network: Network, amina: Visitor) -> None:
    before = amina.http.cookies["palabre_session"]
    await amina.open("/settings/account")
    await amina.send("/sign-out", 200)
    assert "palabre_session" not in amina.http.cookies
    amina.http.cookies.set("palabre_session", before)
    await amina.open("/settings/account")
    assert amina.path == "/sign-in"


async def test_a_form_from_another_site_is_refused(guest: Visitor, amina: Visitor) -> None:
    answer = await amina.http.post("/settings/sessions/end-others", headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


async def test_a_forgotten_password_is_replaced_by_the_letter(network: Network, guest: Visitor, amina: Visitor) -> None:
    await guest.open("/forgot")
    assert "This community can't send e-mail" in guest.html
    settings.use(settings.current().model_copy(update={"smtp_url": settings.SecretStr("smtp://x")}))
    box = PostBox()
    mail.use(box)
    try:
        await guest.open("/forgot")
        await guest.send("/forgot", email="amina@mail.example")
        await network.work()
        await guest.open(f"/reset/{box.secret('amina@mail.example')}")
        await guest.send("/reset", 422, password="short")
        assert "At least 8 characters." in guest.html
        await guest.send("/reset", password="quite another one")
        assert guest.path == "/sign-in"
        await guest.send("/sign-in", 200, name="amina", password="quite another one")
    finally:
        mail.use(None)


async def test_the_owners_link_works_once_and_leads_through_the_set_up(network: Network, guest: Visitor) -> None:
    async with network.db.transaction() as conn:
        secret = await links.owner_link(conn)
    await guest.open(f"/own/{secret}")
    await guest.send(f"/own/{secret}", 422, username="a b", email="o@mail.example", password=PASSWORD)
    assert "Only letters, digits and _" in guest.html
    await guest.send(f"/own/{secret}", username="olga", email="o@mail.example", password=PASSWORD)
    await guest.send("/setup/2", 422, name=" ", description="Bread.")
    assert "Between 1 and 100 characters." in guest.html and "Bread." in guest.html
    await guest.send("/setup/2", name="Baobab", description="Bread.")
    await guest.send("/setup/3", rules="Be kind.\n\n No spam. \n")
    await guest.send("/setup/4", languages=["fr", "zz"])
    await guest.send("/setup/5", 200, registrations="invite")
    await guest.open("/admin/rules")
    assert guest.html.count("<li><details>") == 2 and "Baobab" in guest.html
    await guest.open("/setup/5")
    await guest.open(f"/own/{secret}", 410)
    assert "the community has its owner" in guest.html
    await Visitor(network).open("/own/nonsense", 410)
