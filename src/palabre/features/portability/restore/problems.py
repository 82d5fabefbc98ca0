"""Why an archive can't be restored, in words for whoever needs it back."""

import errno

from palabre.base.errors import Refused


class RestoreProblem(Refused):
    """Nothing was changed but the staging folder; the message says what to do."""


class Damaged(RestoreProblem):
    """The archive isn't what was written once."""


NO_ROOM = "The disk is full. Make room and give the same command again: it goes on from here."


def is_full(error: OSError) -> bool:
    """Failed writes name no file, so this can't be told by one."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def of_the_disk(error: OSError) -> RestoreProblem:
    if is_full(error):
        return RestoreProblem(NO_ROOM)
    where = f" ({error.filename})" if error.filename else ""
    return RestoreProblem(f"The disk can't be used: {error.strerror or error}{where}.")
