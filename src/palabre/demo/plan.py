"""Who lives in the demonstration, and two months of what they say: decided by a seed, pure."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from palabre.demo.talk import LANGUAGES, Language, Saying, Talk, topics

PEOPLE = 40
DAYS = 60
OWNER, MODERATOR, SPAMMER = 0, 1, PEOPLE - 1
_SEED = 2026


@dataclass(frozen=True)
class Member:
    username: str
    name: str
    bio: str
    language: Language
    topics: tuple[str, ...]
    talkative: float
    fields: tuple[tuple[str, str], ...] = ()


@dataclass
class Said:
    """A post to be. `parent` and `author` are places in the plan's lists; `picture` is a topic that can be drawn."""

    author: int
    at: datetime
    saying: Saying
    parent: int | None = None
    spoiler: str = ""
    picture: str = ""
    visibility: str = "public"


@dataclass
class Plan:
    members: list[Member] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    boosts: list[tuple[int, int, datetime]] = field(default_factory=list)  # by, said, at
    favourites: set[tuple[int, int]] = field(default_factory=set)  # by, said
    bookmarks: set[tuple[int, int]] = field(default_factory=set)
    follows: set[tuple[int, int]] = field(default_factory=set)


def plan(now: datetime, posts: int = 900) -> Plan:
    """The same seed gives the same people and words; the moments count back from now."""
    made = _Planner(random.Random(_SEED), now.replace(minute=0, second=0, microsecond=0))
    made.people()
    for _ in range(posts):
        made.conversation()
    made.sort()
    made.react()
    return made.plan


class _Planner:
    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.rng, self.talk, self.now = rng, Talk(rng), now
        self.plan = Plan()

    def people(self) -> None:
        fixed = [
            Member("olive", "Olive Marchand", "I keep this place running. Je réponds aussi en français.", "en",
                   ("town", "gardening"), 1.2, (("Here since", "the beginning"), ("Pronouns", "she · elle"))),
            Member("tariq", "Tariq Hale", "Moderator on duty. Be kind, it's a small town.", "en", ("books", "football"), 1.0,
                   (("Reads", "everything"),)),
        ]  # fmt: skip
        taken = {"olive", "tariq", "alice", "dealz4you"}
        while len(self.plan.members) < PEOPLE - 3:
            language = LANGUAGES[self.rng.random() < 0.42]
            person = self.talk.person(language)
            if person.username not in taken:
                taken.add(person.username)
                liked = tuple(self.rng.sample(topics(language), self.rng.randint(2, 4)))
                talkative = self.rng.paretovariate(1.6)
                member = Member(person.username, person.name, person.bio, language, liked, min(talkative, 8))
                self.plan.members.append(member)
        spammer = Member("dealz4you", "★ DEALZ ★", "Best prices!!! Follow for more", "en", ("town",), 0)
        self.plan.members = [*fixed, *self.plan.members, spammer]
        self._follows()

    def _follows(self) -> None:
        members = self.plan.members
        for number, member in enumerate(members[:SPAMMER]):
            for other in range(SPAMMER):
                shared = len(set(member.topics) & set(members[other].topics))
                liking = 0.05 + 0.12 * shared + 0.1 * (member.language == members[other].language)
                if other != number and self.rng.random() < liking + 0.05 * members[other].talkative:
                    self.plan.follows.add((number, other))
            if number != OWNER:
                self.plan.follows |= {(number, OWNER)}

    def conversation(self) -> None:
        """A post, and what comes of it."""
        rng, members = self.rng, self.plan.members
        author = rng.choices(range(len(members)), [member.talkative for member in members])[0]
        member = members[author]
        language = member.language if rng.random() < 0.93 else LANGUAGES[member.language == "en"]
        topic = rng.choice(member.topics)
        pictured = rng.random() < 0.09
        said = Said(
            author,
            self._moment(),
            self.talk.post(language, topic),
            spoiler=self.talk.spoiler(language) if rng.random() < 0.035 else "",
            picture=topic if pictured else "",
            visibility=rng.choices(["public", "unlisted", "private"], [90, 6, 4])[0],
        )
        self.plan.said.append(said)
        if rng.random() < 0.06:
            self._carry_on(said)
        if said.visibility != "private":
            self._answers(len(self.plan.said) - 1, min(rng.expovariate(0.9), 6))

    def _moment(self) -> datetime:
        """By day rather than by night, and more of late than at first."""
        day = self.now - timedelta(days=int(DAYS * (1 - self.rng.random() ** 0.8)))
        at = day.replace(hour=min(23, max(0, round(self.rng.gauss(15, 5)))), minute=self.rng.randrange(60))
        at = at.replace(second=self.rng.randrange(60))
        return at if at < self.now else at - timedelta(days=1)

    def _carry_on(self, said: Said) -> None:
        """Its author goes on: a thread."""
        for _ in range(self.rng.randint(1, 3)):
            parent = len(self.plan.said) - 1
            at = self.plan.said[parent].at + timedelta(minutes=self.rng.randint(2, 9))
            more = self.talk.post(said.saying.language, said.saying.topic)
            self.plan.said.append(Said(said.author, at, more, parent, visibility=said.visibility))

    def _answers(self, parent: int, liveliness: float) -> None:
        asked = self.plan.said[parent]
        for _ in range(int(liveliness)):
            author = self._somebody(asked)
            at = asked.at + timedelta(minutes=self.rng.expovariate(1 / 150) + 1)
            if at >= self.now:
                return
            visibility = "public" if self.rng.random() < 0.7 else "unlisted"
            answer = Said(author, at, self.talk.reply(asked.saying), parent, visibility=visibility)
            self.plan.said.append(answer)
            if self.rng.random() < 0.4:
                self._answers(len(self.plan.said) - 1, 1)

    def _somebody(self, asked: Said) -> int:
        """Who answers: people of the same language, and those who talk much."""
        members = self.plan.members
        likely = [m.talkative * (m.language == asked.saying.language) for m in members]
        likely[asked.author] = 0
        return self.rng.choices(range(len(members)), likely)[0]

    def sort(self) -> None:
        """By time; a parent is always older than its answers."""
        order = sorted(range(len(self.plan.said)), key=lambda place: self.plan.said[place].at)
        moved = {old: new for new, old in enumerate(order)}
        self.plan.said = [self.plan.said[old] for old in order]
        for said in self.plan.said:
            said.parent = None if said.parent is None else moved[said.parent]

    def react(self) -> None:
        readers = range(SPAMMER)
        for place, said in enumerate(self.plan.said):
            if said.visibility == "private":
                continue
            fans = [reader for reader in readers if (reader, said.author) in self.plan.follows]
            liked = min(0.5, self.rng.paretovariate(2.5) * (0.09 if said.parent is None else 0.03))
            liked *= 2 if said.picture else 1
            for reader in fans:
                if self.rng.random() < liked:
                    self.plan.favourites.add((reader, place))
                if self.rng.random() < liked / 7 and said.parent is None:
                    after = said.at + timedelta(minutes=self.rng.expovariate(1 / 300) + 1)
                    self.plan.boosts.append((reader, place, after))
                if self.rng.random() < liked / 12:
                    self.plan.bookmarks.add((reader, place))
        self.plan.boosts = sorted((b for b in self.plan.boosts if b[2] < self.now), key=lambda boost: boost[2])
