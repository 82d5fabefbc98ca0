"""Addresses as people and machines write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.features.moderation.notices.addresses import Place, place

OURS = {"talk.example", "spare.example", "127.0.0.1:8000"}


@pytest.mark.parametrize(
    "text",
    [
        "https://talk.example/@alice/123",
        "http://talk.example/@alice/123",
        "HTTPS://TALK.EXAMPLE/@alice/123",
        "https://talk.example:443/@alice/123",
        "https://talk.example./@alice/123",
        "https://www.talk.example/@alice/123",
        "https://m.talk.example/@alice/123",
        "https://spare.example/@alice/123",
        "http://127.0.0.1:8000/@alice/123",
        "talk.example/@alice/123",
        "https://talk.example/@alice/123/embed",
        "https://talk.example/@alice/123/",
        "https://talk.example//@alice/123",
        "https://talk.example/@alice/123?utm_source=mail&fbclid=x",
        "https://talk.example/@alice/123#p123",
        "https://talk.example/%40alice/123",
        "https://talk.example/%2540alice/123",
        "https%3A%2F%2Ftalk.example%2F%40alice%2F123",
        "<https://talk.example/@alice/123>",
        "(https://talk.example/@alice/123).",
        "“https://talk.example/@alice/123”,",
        "hxxps://talk[.]example/@alice/123",
        "https://talk.example/web/@alice/123",
        "https://talk.example/web/statuses/123",
        "https://talk.example/users/alice/statuses/123",
        "https://talk.example/users/alice/statuses/123/activity",
        "https://talk.example/api/v1/statuses/123",
        "https://talk.example/@alice@elsewhere.example/123",
    ],
)
def test_a_post(text: str) -> None:
    found = place(text, OURS)
    assert (found.kind, found.id, found.problem) == ("post", 123, "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://talk.example/@alice", "alice"),
        ("https://talk.example/@alice/media", "alice"),
        ("https://talk.example/users/alice", "alice"),
        ("@alice@talk.example", "alice"),
        ("acct:alice@talk.example", "alice"),
        ("@eve@elsewhere.example", "eve@elsewhere.example"),
    ],
)
def test_a_profile(text: str, name: str) -> None:
    assert place(text, OURS) == Place("account", name=name)


def test_a_file() -> None:
    assert place("https://talk.example/media/posts/ab/cd.png?x=1", OURS) == Place("file", key="posts/ab/cd.png")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("https://elsewhere.example/@alice/123", "elsewhere"),
        ("https://talk.example.evil.example/@alice/123", "elsewhere"),
        ("https://talk.example@evil.example/@alice/123", "elsewhere"),
        ("https://evil.example/?u=https://talk.example/@alice/1", "elsewhere"),
        ("https://talk.example/about", "not_found"),
        ("https://talk.example/@alice/99999999999999999999", "not_found"),
        ("https://talk.example/@alice/9999999999999999999", "not_found"),
        ("", "malformed"),
        ("nonsense", "malformed"),
        ("https://", "malformed"),
        ("https://[", "malformed"),
        ("https://talk.example:99999/@alice/1", "malformed"),
        ("ftp://talk.example/@alice/123", "malformed"),
        ("javascript:alert(1)", "malformed"),
    ],
)
def test_what_leads_nowhere(text: str, problem: str) -> None:
    assert place(text, OURS).problem == problem


@given(st.text(max_size=60), st.sampled_from(["", "https://talk.example/", "https://", "@", "acct:"]))
def test_no_text_is_too_strange(text: str, before: str) -> None:
    found = place(before + text, OURS)
    assert bool(found.kind) != bool(found.problem)
