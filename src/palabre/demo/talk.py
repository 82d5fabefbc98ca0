"""Believable small talk in English and French, from a phrase grammar in `talk_en.txt` and `talk_fr.txt`."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "fr"]
Grammar = dict[str, dict[str, list[str]]]

LANGUAGES: tuple[Language, ...] = ("en", "fr")
_ONE_PHRASE = ("post", "more", "reply", "poll")
_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?…] ))([a-zà-ÿ])")


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said, and what it was about, so that it can be answered."""

    text: str
    topic: str
    language: Language
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    bio: str
    language: Language


class Talk:
    """What people say, decided by `rng` alone: the same seed says the same."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def post(self, language: Language, topic: str | None = None) -> Saying:
        """One to three sentences on a topic, sometimes with a hashtag or an emoji."""
        topic = topic or self._rng.choice(topics(language))
        words = self._fill(language, topic, "post")
        if self._rng.random() < 0.15:
            words = f"{self._fill(language, topic, 'opener')} {words}"
        if self._rng.random() < 0.4:
            words = f"{words} {self._fill(language, topic, 'more')}"
        if self._rng.random() < 0.12:
            words = f"{words} {self._fill(language, topic, 'closer')}"
        if self._rng.random() < 0.2:
            words = f"{words} {self._fill(language, topic, 'emoji')}"
        tags = self._tags(language, topic) if self._rng.random() < 0.25 else ()
        return Saying(" ".join([words, *(f"#{tag}" for tag in tags)]), topic, language, tags)

    def reply(self, to: Saying) -> Saying:
        """An answer on the same topic in the same language."""
        topic = to.topic if self._rng.random() < 0.6 else "any"
        words = self._fill(to.language, topic, "reply")
        if self._rng.random() < 0.25:
            words = f"{words} {self._fill(to.language, to.topic, 'more')}"
        if self._rng.random() < 0.2:
            words = f"{words} {self._fill(to.language, topic, 'emoji')}"
        return Saying(words, to.topic, to.language)

    def long(self, language: Language, topic: str, paragraphs: int) -> Saying:
        """Several paragraphs on one topic."""
        written = [" ".join(self._several(language, topic, self._rng.randint(3, 5))) for _ in range(paragraphs)]
        return Saying("\n\n".join(written), topic, language)

    def poll(self, language: Language, topic: str) -> tuple[str, list[str]]:
        """A question and what can be answered."""
        question, _, answers = self._fill(language, topic, "poll").partition(" = ")
        return question, answers.split(" / ")

    def picture(self, language: Language, topic: str) -> str:
        """What can be seen on a picture, as its description says it."""
        return self._fill(language, topic, "picture")

    def spoiler(self, language: Language) -> str:
        return self._fill(language, "any", "spoiler", start=False)

    def person(self, language: Language) -> Person:
        first, last = (self._fill(language, "any", key) for key in ("first", "last"))
        plain = first.lower().translate(_PLAIN)
        username = self._rng.choice(
            [plain, f"{plain}_{last[0].lower().translate(_PLAIN)}", f"{plain}{self._rng.randint(2, 99)}"]
        )
        name = self._rng.choice([f"{first} {last}", first, f"{first} {self._fill(language, 'any', 'emoji')}"])
        return Person(username, name, self._fill(language, "any", "bio"), language)

    def _several(self, language: Language, topic: str, count: int) -> list[str]:
        phrases = self._rng.sample(_choices(language, topic, "post"), k=min(count - 1, 5))
        return [*(self._expand(language, topic, phrase) for phrase in phrases), self._fill(language, topic, "more")]

    def _tags(self, language: Language, topic: str) -> tuple[str, ...]:
        choices = _choices(language, topic, "tags")
        return tuple(self._rng.sample(choices, k=self._rng.randint(1, min(2, len(choices)))))

    def _fill(self, language: Language, topic: str, key: str, start: bool = True) -> str:
        return self._expand(language, topic, self._rng.choice(_choices(language, topic, key)), start)

    def _expand(self, language: Language, topic: str, phrase: str, start: bool = True) -> str:
        chosen: dict[str, str] = {}

        def slot(found: re.Match[str]) -> str:
            # One name in a phrase is one thing: the cat that brings the leaf is the cat that is thanked.
            if found[1] not in chosen:
                chosen[found[1]] = self._fill(language, topic, found[1], start=False)
            return chosen[found[1]]

        words = _SLOT.sub(slot, phrase)
        return _SENTENCE_START.sub(lambda found: found[1].upper(), words) if start else words


def topics(language: Language) -> list[str]:
    """What can be talked about; `any` holds what is said on every topic."""
    return [topic for topic in _grammar(language) if topic != "any"]


def _choices(language: Language, topic: str, key: str) -> list[str]:
    grammar = _grammar(language)
    return grammar[topic].get(key) or grammar["any"][key]


@cache
def _grammar(language: Language) -> Grammar:
    grammar: Grammar = {}
    for line in files("palabre.demo").joinpath(f"talk_{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            here = grammar.setdefault(line[3:].strip(), {})
        elif line and not line.startswith("#"):
            key, _, phrase = line.partition(": ")
            several = [phrase] if key in _ONE_PHRASE and " | " not in phrase else phrase.split(" | ")
            here.setdefault(key, []).extend(choice.strip() for choice in several)
    return grammar


_PLAIN = str.maketrans("éèêëàâçîïôûù", "eeeeaaciiouu")
