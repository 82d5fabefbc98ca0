"""Every page renders, in both languages, and keeps what the security policy and readers' machines ask of it."""

import re
from html.parser import HTMLParser

import pytest

from palabre.base import i18n
from palabre.entrypoints.web import render
from palabre.entrypoints.web.assets import STATIC
from tests.support.pages import PAGES
from tests.support.preview import show

VOID = {
    "area",
    "base",
    "br",
    "wbr",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "circle",
    "ellipse",
    "path",
    "rect",
    "use",
}
FULL_PAGES = [name for name in PAGES if not name.startswith("fragment")]


class Page(HTMLParser):
    """Reads a page strictly enough to notice what a browser would quietly mend."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.wrong += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else at line {self.getpos()[0]}")

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


def test_every_template_is_shown() -> None:
    shown = {page.template for page in PAGES.values()}
    pages = {str(path.relative_to(render.TEMPLATES)) for path in render.TEMPLATES.rglob("*.html")}
    frames = {"base.html", "app.html", "plain.html"}
    assert {name for name in pages - shown - frames if "/_" not in name and not name.startswith("parts/")} == set()


@pytest.mark.parametrize("lang", i18n.available())
@pytest.mark.parametrize("name", PAGES)
def test_page_is_well_formed(name: str, lang: str) -> None:
    page = Page(show(name, lang))
    assert page.wrong == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_inline_for_the_security_policy_to_allow(name: str) -> None:
    page = Page(show(name))
    for tag, attrs in page.elements:
        assert tag != "style"
        assert not [attr for attr in attrs if attr == "style" or attr.startswith("on")], tag
        assert tag != "script" or attrs.get("src"), "inline script"
    loaded = [
        attrs.get("src") or attrs.get("href") or ""
        for tag, attrs in page.elements
        if tag in ("script", "link", "img", "use")
    ]
    assert not [address for address in loaded if not address.startswith(("/", "data:image/"))]


@pytest.mark.parametrize("name", FULL_PAGES)
def test_page_has_what_assistive_technology_needs(name: str) -> None:
    page = Page(show(name, "fr"))
    assert page.all("html")[0]["lang"] == "fr"
    assert len(page.all("main")) == 1
    assert len(page.all("h1")) == 1
    assert ("skip", "#main") in [(a.get("class"), a.get("href")) for a in page.all("a")]
    assert all("alt" in image for image in page.all("img"))
    targets = {attrs.get("for") for attrs in page.all("label")}
    ids = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    assert {target for target in targets if target} <= ids
    described = {part for _, attrs in page.elements for part in (attrs.get("aria-describedby") or "").split()}
    assert described <= ids


@pytest.mark.parametrize("name", PAGES)
def test_deeds_work_without_javascript(name: str) -> None:
    page = Page(show(name))
    for form in page.all("form"):
        assert form.get("action"), form
        assert form.get("hx-post") in (None, form["action"])
    for link in page.all("a"):
        assert "href" in link
        assert link.get("hx-get") in (None, link["href"])


@pytest.mark.parametrize("name", PAGES)
def test_icons_exist(name: str) -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    assert {(use["href"] or "").partition("#")[2] for use in Page(show(name)).all("use")} <= drawn


def test_pictures_keep_their_focal_point() -> None:
    assert render.focal(0, 0) == "fx-2 fy-2"
    assert render.focal(-1, 1) == "fx-0 fy-0"
    assert render.focal(0.6, -9) == "fx-3 fy-4"


def test_what_people_write_is_escaped() -> None:
    name = "<script>alert(1)</script>"
    html = render.page(
        "document.html",
        lang="fr",
        instance=PAGES["home"].values.get("instance") or _instance(),
        heading=name,
        updated_at=None,
        history=None,
        body_html=name,
    )
    assert name not in html
    assert "&lt;script&gt;" in html


def _instance() -> object:
    from tests.support import samples

    return samples.instance
