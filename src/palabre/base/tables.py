"""How a feature names the tables it owns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """`key`: the column by which a cluster spreads the table; None for small ones kept whole everywhere.

    `derived`: can be rebuilt from other tables, so archives leave it out.
    """

    key: str | None
    derived: bool = False


Tables = dict[str, Table]
