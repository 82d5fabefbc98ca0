"""Every page and the values it is shown with. A page missing here is a page nobody looks at: a test says so."""

from tests.support.pages import (
    appeals,
    domains,
    doors,
    holds,
    jury,
    notices,
    openness,
    people,
    queue,
    reading,
    safekeeping,
    screening,
    staff,
)
from tests.support.pages.shared import Page, page

__all__ = ["PAGES", "Page", "page"]

PAGES: dict[str, Page] = {
    **reading.timelines,
    **reading.posts,
    **people.people,
    **people.reports,
    **doors.settings,
    **staff.moderation,
    **screening.screening,
    **notices.notices,
    **holds.holds,
    **appeals.appeals,
    **domains.domains,
    **queue.queue,
    **staff.admin,
    **safekeeping.safekeeping,
    **jury.jury,
    **doors.auth,
    **doors.setup,
    **reading.words,
    **openness.openness,
    **reading.fragments,
}
