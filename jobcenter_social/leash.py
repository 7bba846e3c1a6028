"""Starts a program that ends when its parent ends: ``python leash.py PARENT_PID PROGRAM ARGS...``.

A program of its own and not a ``preexec_fn``, because the supervisor has threads, and Python code between fork and exec
of a threaded process may wait for ever for a lock that no thread is left to open.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # survives the exec below
    if os.getppid() != parent:  # it died before the line above was reached
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the supervisor's own fixed commands, no shell


if __name__ == "__main__":
    main()
