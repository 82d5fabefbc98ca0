"""Every table there is and who owns it: so the archive can forget none. A house rule compares this with the schema."""

from palabre.base import duties, erase, limits, signing
from palabre.base.tables import Tables
from palabre.features import accounts, graph, instance, moderation, notifications, posts, search, timelines


def of_the_network() -> Tables:
    """All tables but `migrations`, which the manifest names one by one."""
    from palabre.features import portability

    below = (accounts, graph, instance, moderation, notifications, posts, search, timelines)
    bases = (duties, erase, limits, signing)
    return {name: table for owner in (*bases, *below, portability) for name, table in owner.TABLES.items()}


def kept() -> list[str]:
    """Those whose rows an archive carries."""
    return sorted(name for name, table in of_the_network().items() if not table.derived)


def derived() -> list[str]:
    """Those that a restored network makes anew."""
    return sorted(name for name, table in of_the_network().items() if table.derived)
