"""A browser window driven by keys alone, which looks at every page that it comes to."""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.async_api import Locator, Page

import palabre

_FRENCH = Path(palabre.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "palabre.po"
_PATIENCE = 200

_HERE = "(wanted) => document.activeElement === wanted"
# A mark that only who has the focus bears: an outline, or a shadow around it.
_SEEN = """() => {
  const at = document.activeElement;
  const marks = [at, at.closest("label, summary, .input, .search, .row, .composer")].filter(Boolean).map((one) => getComputedStyle(one));
  return marks.some((one) => (one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0) || one.boxShadow !== "none");
}"""
# What the page says in its own words: what people wrote bears `dir=auto` or `lang`, or is a name.
_SAID = """() => {
  const theirs = "[dir=auto], bdi, [lang]:not(html), script, style, kbd, code, option, .handle, .words";
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const said = [];
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest(theirs)) said.push(walk.currentNode.textContent);
  for (const name of ["aria-label", "placeholder", "title"])
    for (const one of document.querySelectorAll(`[${name}]`)) said.push(one.getAttribute(name));
  return said.map((words) => words.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""


@cache
def _english() -> tuple[frozenset[str], re.Pattern[str]]:
    """Words that have another form in French; those with values in them as one pattern."""
    plain, valued = set(), []
    for message in read_po(_FRENCH.open("rb")):
        pairs = zip(
            [message.id] if isinstance(message.id, str) else message.id,
            [message.string] if isinstance(message.string, str) else message.string,
            strict=False,
        )
        for english, french in pairs:
            if not english or english == french:
                continue
            parts = re.split(r"%\(\w+\)s", english)
            if len(parts) == 1:
                plain.add(english)
            elif len("".join(parts)) > 8:
                valued.append(".+".join(re.escape(part) for part in parts))
    french_words = {m.string for m in read_po(_FRENCH.open("rb")) if isinstance(m.string, str)}
    return frozenset(plain - french_words), re.compile("|".join(valued))


class Typist:
    """Goes from field to field with Tab, chooses with the arrows and Space, and sends with Enter."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.wrong: list[str] = []
        tab.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))

    async def open(self, path: str) -> None:
        await self.tab.goto(path)
        await self.looks()

    async def looks(self) -> None:
        """At 360 px all fits, all is French, and the browser complains of nothing."""
        at = self.tab.url
        assert self.wrong == [], f"{at}: {self.wrong}"
        assert await self.tab.evaluate("document.documentElement.lang") == "fr", at
        assert await self.tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), f"{at} is too wide"
        plain, valued = _english()
        said = await self.tab.evaluate(_SAID)
        english = [words for words in said if words in plain or valued.fullmatch(words)]
        assert not english, f"English on {at}: {english}"

    async def reach(self, what: str | Locator) -> None:
        """Tab until there, whatever lies on the way; the way can be seen."""
        wanted = self.tab.locator(what).first if isinstance(what, str) else what.first
        await wanted.wait_for(state="attached")
        radio = await wanted.get_attribute("type") == "radio"
        group = f"input[name='{await wanted.get_attribute('name')}']" if radio else ""
        for _ in range(_PATIENCE):
            await self.tab.keyboard.press("Tab")
            if await wanted.evaluate(_HERE):
                break
            if group and await self.tab.evaluate("(group) => document.activeElement.matches(group)", group):
                await self._along(wanted)
                break
        else:
            raise AssertionError(f"no key leads to {what} on {self.tab.url}")
        assert await self.tab.evaluate(_SEEN), f"nobody sees that {what} has the focus on {self.tab.url}"

    async def _along(self, wanted: Locator) -> None:
        for _ in range(30):
            if await wanted.evaluate(_HERE):
                return
            await self.tab.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {wanted}")

    async def types(self, where: str, words: str) -> None:
        await self.reach(where)
        await self.tab.keyboard.press("Control+a")
        await self.tab.keyboard.type(words)

    async def ticks(self, where: str) -> None:
        """A box or a radio button."""
        await self.reach(where)
        if not await self.tab.locator(where).first.is_checked():
            await self.tab.keyboard.press("Space")
        assert await self.tab.locator(where).first.is_checked(), where

    async def unfolds(self, where: str) -> None:
        await self.reach(where)
        await self.tab.keyboard.press("Enter")

    async def follows(self, where: str | Locator, key: str = "Enter") -> None:
        """A link or a button that leads to another page."""
        await self.reach(where)
        await self.leaves(key)

    async def leaves(self, key: str) -> None:
        """A key that leads to another page."""
        async with self.tab.expect_navigation():
            await self.tab.keyboard.press(key)
        await self.looks()

    async def reads(self, words: str) -> None:
        await self.tab.get_by_text(words).first.wait_for()
