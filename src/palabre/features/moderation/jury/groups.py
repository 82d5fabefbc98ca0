"""Finding camps: the communities of a graph by the Leiden algorithm, as igraph has it (Traag, Waltman, van Eck 2019).

The same follows always give the same camps. Runs in a process of its own: it takes seconds and holds Python up meanwhile.
"""

import random
from array import array
from collections import Counter
from collections.abc import Sequence

#: Smaller communities are no camp: whoever starts one with a few friends, or made-up accounts, gains no seats by it.
LEAST_SHARE = 0.05
MOST_CAMPS = 4
#: How fine a division is asked for, the finest first; coarser ones join neighbouring communities.
RESOLUTIONS = (1.0, 0.8, 0.6, 0.45, 0.3, 0.2)


def camps(sources: "array[int]", targets: "array[int]") -> dict[int, int]:
    """Account -> camp (1: the largest), from who follows whom; accounts in none are left out."""
    import igraph

    accounts = sorted({*sources, *targets})
    place = {account: index for index, account in enumerate(accounts)}
    edges = sorted((place[source], place[target]) for source, target in zip(sources, targets, strict=True))
    graph = igraph.Graph(len(accounts), edges)
    graph.es["weight"] = 1
    graph.simplify(combine_edges="sum")  # following each other counts twice
    number: dict[int, int] = {}
    membership: Sequence[int] = ()
    for resolution in RESOLUTIONS:
        igraph.set_random_number_generator(random.Random(0))  # noqa: S311 - for being the same every time
        membership = graph.community_leiden(
            objective_function="modularity", weights="weight", resolution=resolution, n_iterations=4
        ).membership
        number = _large(membership)
        if len(number) <= MOST_CAMPS:
            break
    return {account: number[group] for account, group in zip(accounts, membership, strict=True) if group in number}


def _large(membership: Sequence[int]) -> dict[int, int]:
    """Community -> number of the camp, for those that are large enough, by size."""
    sizes = Counter(membership)  # in the order of their oldest members
    large = [group for group, size in sizes.most_common() if size >= LEAST_SHARE * len(membership)]
    return {group: number for number, group in enumerate(large, 1)}
