"""Camps of the follow graph."""

import random
from array import array
from collections import Counter

from palabre.features.moderation import jury
from palabre.features.moderation.jury.draw import Lot, pseudonym
from palabre.features.moderation.jury.groups import camps
from tests.support.network import Network
from tests.support.people import Person


def follows(members: int, groups: int, each: int = 8, inside: float = 0.9) -> "tuple[array[int], array[int]]":
    """Members 1…n; member i belongs to group i % groups."""
    dice, sources, targets = random.Random(1), array("q"), array("q")
    for who in range(1, members + 1):
        for _ in range(each):
            group = who % groups if dice.random() < inside else dice.randrange(groups)
            whom = dice.randrange(1, members // groups) * groups + group
            if 0 < whom <= members and whom != who:
                sources.append(who)
                targets.append(whom)
    return sources, targets


def test_two_camps_of_3000_members_are_found_the_same_every_time() -> None:
    found = camps(*follows(3_000, 2))
    assert Counter((who % 2, camp) for who, camp in found.items()).most_common(2)[1][1] > 1_400
    shuffled = list(zip(*follows(3_000, 2), strict=True))
    random.Random(2).shuffle(shuffled)
    assert camps(array("q", [a for a, _ in shuffled]), array("q", [b for _, b in shuffled])) == found


def test_a_network_of_3000_with_two_camps_gives_three_seats_to_each() -> None:
    found = camps(*follows(3_000, 2))
    pool = {pseudonym(who.to_bytes(8), 1): found.get(who, 0) for who in range(1, 3_001)}
    made_as = {pseudonym(who.to_bytes(8), 1): who % 2 for who in range(1, 3_001)}
    for number in range(20):
        lot, drawn = Lot(bytes([number]) * 32, number, pool, 6, 4), list[str]()
        while len(drawn) < 6:
            drawn.append(str(lot.draw(drawn, drawn, set())))
        assert Counter(made_as[juror] for juror in drawn) == {0: 3, 1: 3}


def test_a_clique_of_made_up_accounts_is_no_camp() -> None:
    sources, targets = follows(3_000, 2)
    for who in range(10_000, 10_040):
        for whom in range(10_000, 10_040):
            if who != whom:
                sources.append(who)
                targets.append(whom)
    found = camps(sources, targets)
    assert set(found.values()) == {1, 2} and not found.keys() & set(range(10_000, 10_040))


def test_nobody_follows_anybody() -> None:
    assert camps(array("q"), array("q")) == {}


async def test_camps_are_kept_and_found_anew_once_a_day(network: Network, alice: Person, bob: Person) -> None:
    await alice.follows(bob)
    assert await jury.find_camps(network.db) == {1: 2, 0: 0}
    await network.person("erin")
    await jury.refresh_camps(network.db)
    async with network.db.reading() as conn:
        assert (await jury.current_camps(conn)).sizes == {0: 0, 1: 2}, "that was done just now"
