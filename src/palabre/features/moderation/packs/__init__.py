"""Evidence for those outside: what came in, what was decided, when and why, with hashes, signed; and a dossier on one page.

evidence(conn, case_ids, notice_id=…, lang=…) -> bytes: one ZIP with manifest, signature, the notice with all its lines and the
cases as JSON, the seals, a readable page
page(conn, case_ids, lang, notice_id=…) -> HTML: that readable page alone
dossier(conn, lang) -> bytes: one signed HTML file; figures(conn): what stands in it
check(data, pem) -> [str]: what doesn't fit in a pack or dossier; needs no database
"""

from palabre.features.moderation.packs.check import check
from palabre.features.moderation.packs.dossier import Figures, dossier, figures
from palabre.features.moderation.packs.gather import CasePart, Evidence, gather
from palabre.features.moderation.packs.make import evidence, page

__all__ = [
    "CasePart",
    "Evidence",
    "Figures",
    "check",
    "dossier",
    "evidence",
    "figures",
    "gather",
    "page",
]
