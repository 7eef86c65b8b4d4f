"""A child that seals itself and then becomes another program: ffmpeg, with one open file and a pipe.

Started as `python -I -S -c START descriptor seconds folders program options…`.
"""

from __future__ import annotations

import os
import resource
import sys

from evenhand.runtime.decode import filters, sealing

MEMORY = 3 << 29
"""ffmpeg's own libraries take some hundred megabytes of addresses."""


def main() -> None:
    file, seconds, program, *options = sys.argv[1], int(sys.argv[2]), *sys.argv[4:]
    os.fchmod(int(file), 0o444)  # to be opened by nobody, who has no other file
    list(sealing.apart(MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    filters.refuse(filters.PROGRAMS)
    os.execv(program, [program, *options])  # noqa: S606 (a program, not a shell)
