"""Amina signs in in two steps: a code from an app after the password, or one of her recovery codes."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from palabre.base import clock
from tests.entrypoints.web.conftest import PASSWORD
from tests.support.network import Network
from tests.support.visitor import Visitor


async def turn_on(amina: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Her app, and her recovery codes."""
    await amina.open("/settings/two-factor")
    await amina.send("/settings/two-factor/begin", password=PASSWORD)
    uri = unquote(re.findall(r'href="(otpauth:[^"]+)"', amina.html)[0].replace("&amp;", "&"))
    app = pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0])
    await amina.send("/settings/two-factor/confirm", 422, code="000000")
    await amina.send("/settings/two-factor/confirm", code=app.at(int(clock.now().timestamp())))
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", amina.html)
    assert len(set(codes)) == 10
    return app, codes


async def sign_in(visitor: Visitor, name: str = "amina") -> None:
    await visitor.open("/sign-in?next=/settings/profile")
    await visitor.send("/sign-in", name=name, password=PASSWORD)


@pytest.fixture
def phone(network: Network) -> Visitor:
    """Another browser."""
    return Visitor(network)


async def test_the_password_alone_no_longer_lets_in(amina: Visitor, phone: Visitor) -> None:
    await turn_on(amina)
    await sign_in(phone)
    assert "One more step" in phone.html
    await phone.open("/settings/profile")
    assert phone.path == "/sign-in"


async def test_a_code_lets_in_once(
    network: Network, amina: Visitor, phone: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = await turn_on(amina)
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    code = app.at(int(later.timestamp()))
    await sign_in(phone)
    await phone.send("/sign-in/code", 422, code="123 45")
    assert "This code is wrong" in phone.html
    await phone.send("/sign-in/code", code=f"{code[:3]} {code[3:]}")
    assert phone.path == "/settings/profile"
    other = Visitor(network)
    await sign_in(other)
    await other.send("/sign-in/code", 422, code=code)


async def test_a_recovery_code_lets_in_once(network: Network, amina: Visitor, phone: Visitor) -> None:
    _, codes = await turn_on(amina)
    await sign_in(phone)
    await phone.send("/sign-in/code", code=codes[0].upper())
    assert phone.path == "/settings/profile"
    await phone.open("/settings/two-factor")
    assert "You have 9 recovery codes left." in phone.html
    other = Visitor(network)
    await sign_in(other)
    await other.send("/sign-in/code", 422, code=codes[0])
    await phone.send("/settings/two-factor/codes", 422, codes_password="wrong")
    await phone.send("/settings/two-factor/codes", codes_password=PASSWORD)
    await other.send("/sign-in/code", 422, code=codes[1])


async def test_it_is_turned_off_with_the_password(amina: Visitor, phone: Visitor) -> None:
    await turn_on(amina)
    await amina.open("/settings/two-factor")
    await amina.send("/settings/two-factor/off", 422, off_password="wrong")
    await amina.send("/settings/two-factor/off", off_password=PASSWORD)
    assert "one step again" in amina.html
    await sign_in(phone)
    assert phone.path == "/settings/profile"


async def test_the_first_step_is_not_skipped(amina: Visitor, phone: Visitor) -> None:
    """Nobody begins with a code, nor with a made-up first step."""
    await turn_on(amina)
    await phone.open("/sign-in/code")
    assert phone.path == "/sign-in"
    answer = await phone.http.post("/sign-in/code", data={"token": "AZn_made-up", "code": "123456"})
    assert answer.status_code == 422 and "used, or is too old" in answer.text


async def test_a_stolen_session_can_not_turn_it_on(network: Network, amina: Visitor) -> None:
    """Neither learn the key that Amina was shown, nor have one of his own: the password was never given."""
    thief = Visitor(network)
    thief.http.cookies.update(amina.http.cookies)
    for _ in range(2):
        answer = await thief.http.post("/settings/two-factor/confirm", data={"code": "000000"})
        assert answer.status_code == 422 and "otpauth" not in answer.text
        await amina.open("/settings/two-factor")
        await amina.send("/settings/two-factor/begin", password=PASSWORD)
    uri = unquote(re.findall(r'href="(otpauth:[^"]+)"', amina.html)[0].replace("&amp;", "&"))
    code = pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0]).at(int(clock.now().timestamp()))
    answer = await thief.http.post("/settings/two-factor/confirm", data={"code": code})
    assert answer.status_code == 422


async def test_a_new_password_ends_half_a_sign_in(network: Network, amina: Visitor, phone: Visitor) -> None:
    _, codes = await turn_on(amina)
    await sign_in(phone)
    await amina.open("/settings/account")
    await amina.send("/settings/account/password", password=PASSWORD, new_password="four and twenty blackbirds")
    await phone.send("/sign-in/code", 422, code=codes[0])
