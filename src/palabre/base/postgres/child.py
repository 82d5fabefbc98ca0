"""Becomes the PostgreSQL server. Run as a script, with the standard library alone, between application and server:
only what is about to be the server may drop root, and a fork of a process with threads must not run Python.

    python child.py PARENT DEATH_SIGNAL UID GID COMMAND...
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def become(parent: int, death_signal: int, uid: int, gid: int, command: list[str]) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if death_signal:  # after dropping root, which forgets it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() == parent:
        os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    parent, death_signal, uid, gid = map(int, sys.argv[1:5])
    become(parent, death_signal, uid, gid, command=sys.argv[5:])
