"""All SQL by which the staff looks accounts up."""

from collections.abc import Sequence

from palabre.base.db import Conn, Row
from palabre.base.paging import Page

_PERSON = """SELECT id, domain, a.created_at, standing, email, role, locale, confirmed_at, approved_at, reason,
                    host(sign_up_ip) AS sign_up_ip, last_active_at
             FROM accounts a LEFT JOIN members ON account_id = id"""


async def some(conn: Conn, account_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(f"{_PERSON} WHERE id = ANY ($1)", account_ids)


async def find(
    conn: Conn, page: Page, *, state: str | None, local: bool | None, staff: bool, query: str, email: str
) -> list[Row]:
    return await conn.rows(
        f"""{_PERSON}
            WHERE id > $1 AND id < $2 AND standing <> 'deleted'
              AND CASE $3 WHEN 'pending' THEN account_id IS NOT NULL AND approved_at IS NULL
                          WHEN 'active' THEN standing = 'active' AND (account_id IS NULL OR approved_at IS NOT NULL)
                          WHEN 'limited' THEN standing = 'limited'
                          WHEN 'suspended' THEN standing = 'suspended' ELSE true END
              AND ($4::boolean IS NULL OR (domain IS NULL) = $4) AND (NOT $5 OR role IN ('moderator', 'owner'))
              AND (starts_with(lower(username), lower($6)) OR starts_with(lower(display_name), lower($6)))
              AND starts_with(coalesce(email, ''), lower($7))
            ORDER BY id {page.order} LIMIT $8""",
        page.above,
        page.below,
        state or "",
        local,
        staff,
        query,
        email,
        page.limit,
    )
