"""The browser of the e2e tests: where it is, and how it comes onto a machine that has none."""

import os
import shutil
import subprocess

VARIABLE = "EVENHAND_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = f"no Chromium: install it (Debian: apt-get install chromium) or set {VARIABLE} to its path"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL_SECONDS = 300


def find() -> str | None:
    return os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, NAMES)), None)


def find_or_install() -> str | None:
    """Its path. Where it is missing, root on a Debian gets it from apt, and is told so; others get None."""
    if (found := find()) or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    print("No Chromium here: installing Debian's for the browser tests …", flush=True)
    try:
        _apt_get("update")
        _apt_get("install", "-y", "--no-install-recommends", "chromium")
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"It could not be installed ({error}); the browser tests will be skipped.", flush=True)
    return find()


def _apt_get(*arguments: str) -> None:
    command = ["apt-get", "-qq", *arguments]
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=INSTALL_SECONDS, check=True)
