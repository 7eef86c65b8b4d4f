"""A seccomp filter, in classic BPF, through prctl: which system calls a process may still make (Linux, seccomp(2))."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from typing import Final

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT = 0, 4
_X32 = 0x40000000

_ARCHES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBERS: Final = {
    "x86_64": {
        "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
        "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16, "sched_yield": 24,
        "mremap": 25, "madvise": 28, "setitimer": 38, "getpid": 39, "exit": 60, "gettimeofday": 96, "sigaltstack": 131,
        "gettid": 186, "futex": 202, "clock_gettime": 228, "exit_group": 231, "ppoll": 271, "getrandom": 318,
        "restart_syscall": 219, "newfstatat": 262, "tgkill": 234,
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "ptrace": 101, "mount": 165, "unlink": 87,
        "unlinkat": 263, "rename": 82, "renameat": 264, "renameat2": 316, "mkdir": 83, "mkdirat": 258, "kill": 62,
        "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "io_uring_setup": 425, "keyctl": 250,
        "userfaultfd": 323, "perf_event_open": 298, "unshare": 272, "setns": 308,
    },
    "aarch64": {
        "ioctl": 29, "mkdirat": 34, "unlinkat": 35, "renameat": 38, "mount": 40, "close": 57, "lseek": 62, "read": 63,
        "write": 64, "ppoll": 73, "newfstatat": 79, "fstat": 80, "exit": 93, "exit_group": 94, "unshare": 97,
        "futex": 98, "setitimer": 103, "clock_gettime": 113, "ptrace": 117, "sched_yield": 124, "kill": 129,
        "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
        "gettimeofday": 169, "getpid": 172, "gettid": 178, "socket": 198, "bind": 200, "listen": 201, "connect": 203,
        "brk": 214, "munmap": 215, "mremap": 216, "keyctl": 219, "mmap": 222, "mprotect": 226, "madvise": 233,
        "perf_event_open": 241, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "renameat2": 276,
        "getrandom": 278, "bpf": 280, "userfaultfd": 282, "io_uring_setup": 425, "tgkill": 131,
    },
}  # fmt: skip

DECODING: Final = frozenset({
    "read", "write", "close", "fstat", "poll", "ppoll", "lseek", "mmap", "mprotect", "munmap", "brk", "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sched_yield", "mremap", "madvise", "setitimer", "getpid", "gettid", "exit",
    "exit_group", "gettimeofday", "sigaltstack", "futex", "clock_gettime", "getrandom", "restart_syscall", "tgkill",
})  # fmt: skip
"""All that a sealed child does: no file, connection, process or thread can be opened any more."""
PROGRAMS: Final = frozenset({
    "socket", "connect", "bind", "listen", "ptrace", "mount", "unlink", "unlinkat", "rename", "renameat", "renameat2",
    "mkdir", "mkdirat", "kill", "bpf", "keyctl", "process_vm_readv", "process_vm_writev", "io_uring_setup",
    "userfaultfd", "perf_event_open", "unshare", "setns",
})  # fmt: skip
"""What a program that only reads and computes may not do."""


def allow_only(calls: frozenset[str]) -> bool:
    """From now on every other call fails with EPERM. False where this machine has no such filter."""
    return _install(calls, _ALLOW, _ERRNO | errno.EPERM)


def refuse(calls: frozenset[str]) -> bool:
    """From now on these calls fail with EPERM, in this process and in what it becomes."""
    return _install(calls, _ERRNO | errno.EPERM, _ALLOW)


def _install(calls: frozenset[str], then: int, otherwise: int) -> bool:
    machine = platform.machine()
    if machine not in _ARCHES:
        return False
    numbers = sorted(number for name, number in _NUMBERS[machine].items() if name in calls)
    steps = [(_LOAD, 0, 0, _ARCH_AT), (_EQUAL, 1, 0, _ARCHES[machine]), (_RETURN, 0, 0, _KILL)]
    steps += [(_LOAD, 0, 0, _NUMBER_AT), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    steps += [(_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, otherwise), (_RETURN, 0, 0, then)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    failed: int = prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0)
    return not failed
