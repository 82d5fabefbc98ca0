"""The same network with its database, or its media, elsewhere: copied, compared, and only then switched over.

move_database(data, database_url, to, progress=…) -> MovedDatabase: from PostgreSQL to PostgreSQL, embedded or not
move_media(old, new, notes, progress) -> MovedMedia: from store to store; going on where it was broken off
"""

from palabre.features.portability.relocation.database import EMBEDDED, MovedDatabase, move_database
from palabre.features.portability.relocation.media import MovedMedia, move_media

__all__ = ["EMBEDDED", "MovedDatabase", "MovedMedia", "move_database", "move_media"]
