"""The public pages as plain files for any web host: an emergency copy, to be read while the network is down.

The application renders them itself for a stranger (`visitor`), so its one visibility filter decides what is in them.
From the front page on every link is followed (`crawl`); what only a server could answer is taken out (`inert`).
All of it is written aside (`tree`) and moved into place once it is whole.
"""

from palabre.static_site.crawl import Copied, copy
from palabre.static_site.wish import StaticProblem, Wish

__all__ = ["Copied", "StaticProblem", "Wish", "copy"]
