"""What stays when the community is gone: plain files that any web server serves, saying what stood at each address.

Each page is the `index.html` of a folder named like its address; each ActivityPub object a file ending in `.json`.
"""

from palabre.features.portability.wind_down.tombstones.write import Tombstones, write_tombstones

__all__ = ["Tombstones", "write_tombstones"]
