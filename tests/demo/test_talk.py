"""The people who do not exist talk sensibly."""

import random
import re

import pytest

from palabre.demo.talk import LANGUAGES, Language, Saying, Talk, topics


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_every_topic_is_filled(language: Language) -> None:
    talk = Talk(random.Random(1))
    for topic in topics(language):
        for _ in range(150):
            post = talk.post(language, topic)
            poll = " ".join(str(part) for part in talk.poll(language, topic))
            for words in (post.text, talk.reply(post).text, talk.picture(language, topic), poll):
                assert not re.search(r"[{}|]|  ", words), words
                assert words


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_seldom_repeat_themselves(language: Language) -> None:
    talk = Talk(random.Random(2))
    said = [talk.post(language).text for _ in range(2000)]
    assert len(set(said)) > 1900


def test_the_same_seed_says_the_same() -> None:
    def said() -> list[object]:
        talk = Talk(random.Random(3))
        return [talk.post("fr"), talk.reply(Saying("", "cats", "en")), talk.person("fr"), talk.long("en", "code", 2)]

    assert said() == said()


def test_people_have_names_that_can_be_user_names() -> None:
    talk = Talk(random.Random(4))
    people = [talk.person(language) for language in LANGUAGES for _ in range(100)]
    assert all(re.fullmatch(r"[a-z0-9_]{2,30}", person.username) and person.bio for person in people)
