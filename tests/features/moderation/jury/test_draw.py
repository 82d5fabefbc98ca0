"""The draw: no camp decides alone, everybody has the same chance, anybody can compute it again."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from palabre.features.moderation.canonical import canonical, digest
from palabre.features.moderation.jury import verify
from palabre.features.moderation.jury.draw import Lot, commitment, pseudonym

JUROR = some.integers(0, 10**9).map(lambda number: pseudonym(number.to_bytes(8), 1))
POOLS = some.dictionaries(JUROR, some.integers(0, 4), min_size=1, max_size=60)
SEEDS = some.binary(min_size=32, max_size=32)


def fill(lot: Lot, passed_over: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    drawn: list[str] = []
    while len(drawn) < lot.seats and (juror := lot.draw(drawn, drawn, passed_over)):
        drawn.append(juror)
    return drawn


@given(SEEDS, POOLS, some.integers(1, 11), some.data())
def test_no_camp_decides_alone_as_long_as_there_are_two(
    seed: bytes, pool: dict[str, int], seats: int, data: some.DataObject
) -> None:
    votes = data.draw(some.integers(seats // 2 + 1, seats))
    lot = Lot(seed, 7, pool, seats, votes)
    drawn = fill(lot)
    held = Counter(pool[juror] for juror in drawn)
    camps = {camp for camp in pool.values() if camp}
    if len(camps) > 1:
        most = max(votes - 1, -(-seats // len(camps)))
        assert all(held[camp] <= most for camp in camps)
    assert len(set(drawn)) == len(drawn)


@given(SEEDS, POOLS)
def test_whoever_is_passed_over_is_not_drawn_and_moves_nobody_but_himself(seed: bytes, pool: dict[str, int]) -> None:
    same_camp = dict.fromkeys(pool, 1)
    lot = Lot(seed, 7, same_camp, 6, 4)
    before = fill(lot)
    after = fill(lot, {before[0]})
    assert before[0] not in after
    assert after[: len(before) - 1] == before[1:]


def test_three_and_three_of_two_camps_however_large_each_is() -> None:
    pool = {pseudonym(n.to_bytes(8), 1): 1 if n % 10 else 2 for n in range(3_000)}
    for number in range(50):
        drawn = fill(Lot(bytes([number]) * 32, number, pool, 6, 4))
        assert Counter(pool[juror] for juror in drawn) == {1: 3, 2: 3}


def test_where_one_camp_has_too_few_the_other_gets_no_majority_for_it() -> None:
    pool = {pseudonym(n.to_bytes(8), 1): 1 if n < 50 else 2 for n in range(52)}
    drawn = fill(Lot(b"x" * 32, 1, pool, 6, 4))
    assert Counter(pool[juror] for juror in drawn) == {1: 3, 2: 2}, "the panel stays short rather than one-sided"


def test_who_is_in_no_camp_is_spread_over_the_camps_by_lot() -> None:
    pool = {pseudonym(n.to_bytes(8), 1): 0 if n % 2 else 1 + n % 4 // 2 for n in range(400)}
    lot = Lot(b"y" * 32, 1, pool, 6, 4)
    spread = Counter(lot.stratum(juror) for juror, camp in pool.items() if not camp)
    assert set(spread) == {1, 2} and min(spread.values()) > 60


def test_without_camps_it_is_a_plain_lottery() -> None:
    pool = {pseudonym(n.to_bytes(8), 1): 0 for n in range(6)}
    assert sorted(fill(Lot(b"z" * 32, 1, pool, 6, 4))) == sorted(pool)


def test_the_lot_is_even() -> None:
    """Over 2,000 seeds each of 40 jurors of two equal camps sits about as often (chi-squared, 39 degrees, p ≈ 0.0001)."""
    pool = {pseudonym(n.to_bytes(8), 1): 1 + n % 2 for n in range(40)}
    sat: Counter[str] = Counter()
    for number in range(2_000):
        sat.update(fill(Lot(digest(str(number)), number, pool, 6, 4)))
    expected = 2_000 * 6 / 40
    assert sum((sat[juror] - expected) ** 2 / expected for juror in pool) < 82


@given(SEEDS, POOLS.filter(lambda pool: len(pool) > 8))
def test_what_was_published_can_be_computed_again_and_nothing_else_passes(seed: bytes, pool: dict[str, int]) -> None:
    lot = Lot(seed, 7, pool, 3, 2)
    drawn = [{"seat": seat, "juror": juror, "replaces": None} for seat, juror in enumerate(fill(lot), 1)]
    if len(drawn) == 3:
        others = [drawn[0]["juror"], drawn[2]["juror"]]
        if another := lot.draw(others, [one["juror"] for one in drawn], set()):  # type: ignore[misc]
            drawn.append({"seat": 4, "juror": another, "replaces": 2})
    document = {
        "panel": "7",
        "commitment": commitment(seed).hex(),
        "seed": seed.hex(),
        "pool_sha256": digest(canonical(pool)).hex(),
        "pool": pool,
        "passed_over": [],
        "seats": 3,
        "votes": 2,
        "drawn": drawn,
    }
    assert verify(document) == []
    assert verify(document | {"seed": (bytes([seed[0] ^ 1]) + seed[1:]).hex()})
    assert verify(document | {"pool": dict(list(pool.items())[1:])})
    undrawn = next(juror for juror in pool if juror not in {one["juror"] for one in drawn})
    assert verify(document | {"drawn": [{**drawn[0], "juror": undrawn}, *drawn[1:]]})
