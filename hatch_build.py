"""Builds the C kernels of engine/media into one extension module, where a C compiler is at hand; without one they run
in numba, and the build says so.

After a change of the C files: `.venv/bin/uv pip install --no-deps -e .` builds them anew."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MEDIA: Final = Path("src/evenhand/engine/media")
BUILT: Final = "_native.abi3.so"
LIMITED_API: Final = "0x030B0000"
"""Python 3.11: the first whose stable interface has buffers."""
FLAGS: Final = (
    "-std=c11",
    "-O3",
    "-fPIC",
    "-fno-semantic-interposition",
    "-fvisibility=hidden",
    "-Wall",
    "-Wextra",
    "-DNDEBUG",
)
LEVELS: Final = {
    "portable": (),
    "v3": ("-march=x86-64-v3",),
    "v4": ("-march=x86-64-v4", "-mavx512vpopcntdq"),
}
"""A file whose name ends with _hot.c is compiled for each of these; the module chooses when it is loaded."""


class NotBuilt(Exception):
    """There will be no extension, and why."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    """Runs for wheels and for editable installs; a source distribution takes the C files as they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's signature
        if self.target_name != "wheel":
            return
        media = Path(self.root) / MEDIA
        try:
            build(media)
        except NotBuilt as why:
            (media / BUILT).unlink(missing_ok=True)
            self.app.display_warning(f"evenhand: media kernels run in numba, not in C: {why}")
            return
        build_data["artifacts"].append(str(MEDIA / BUILT))
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def build(media: Path) -> Path:
    """Compiles native/*.c into the module beside it, and puts that in place in one step. Raises NotBuilt."""
    compiler = _compiler()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        commands = list(_commands(compiler, media / "native", work))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(_run, (command for command, _ in commands)))
        made = work / BUILT
        objects = [str(made_of) for _, made_of in commands]
        _run([*compiler, *_link_flags(), *objects, "-o", str(made)])
        beside = media / f".{BUILT}.{os.getpid()}"
        beside.write_bytes(made.read_bytes())
        beside.chmod(0o755)
        beside.replace(media / BUILT)
    return media / BUILT


def _compiler() -> list[str]:
    if os.name != "posix":
        raise NotBuilt(f"the C part is not made for {sys.platform}")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise NotBuilt("this Python has no stable binary interface (free-threaded build)")
    if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        raise NotBuilt("Python.h is missing (on Debian: apt-get install python3-dev)")
    for candidate in (os.environ.get("CC", ""), "cc", "gcc", "clang"):
        words = shlex.split(candidate)
        if words and _works(words):
            return words
    raise NotBuilt("no C compiler was found (on Debian: apt-get install gcc)")


def _works(compiler: list[str]) -> bool:
    try:
        return subprocess.run([*compiler, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _commands(compiler: list[str], native: Path, work: Path) -> Any:
    levels = LEVELS if _has_levels(compiler, work) else {"portable": ()}
    common = [
        *compiler,
        *FLAGS,
        f"-DPy_LIMITED_API={LIMITED_API}",
        f"-I{sysconfig.get_path('include')}",
    ]
    if len(levels) > 1:
        common.append("-DEVENHAND_X86_LEVELS")
    for source in sorted(native.glob("*.c")):
        for level, flags in levels.items() if source.stem.endswith("_hot") else [("portable", ())]:
            made = work / f"{source.stem}.{level}.o"
            yield (
                [
                    *common,
                    *flags,
                    f"-DLEVEL={level}",
                    "-c",
                    str(source),
                    "-o",
                    str(made),
                ],
                made,
            )


def _has_levels(compiler: list[str], work: Path) -> bool:
    """Whether this is x86-64, and a compiler that knows its levels (GCC 11, Clang 12)."""
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return False
    probe = work / "probe.c"
    probe.write_text('int probe(void) { return __builtin_cpu_supports("avx512vpopcntdq"); }\n')
    command = [*compiler, *LEVELS["v4"], "-c", str(probe), "-o", str(work / "probe.o")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _link_flags() -> list[str]:
    return ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotBuilt(f"{' '.join(command[:1])} failed: {done.stderr.strip()[-2000:]}")
