"""Mutated files of every accepted kind through the sandboxed decoder: `python -m tests.fuzz_media --count 100000`.

Each answer must be hashes or a verdict within the limits, and this process must live. Mutations come from a seed.
"""

import argparse
import random
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from evenhand.runtime.decode import Hashed, Refused, hash_media
from evenhand.runtime.decode.pool import SECONDS, Pool
from tests.unit.runtime.decode.files import deep_tiff, film_of, picture

MOST_SECONDS = SECONDS + 15
KINDS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
_EXTREMES = (b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0")


@dataclass
class Tally:
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    longest: float = 0
    longest_of: str = ""


def seeds() -> list[bytes]:
    """One of each kind and mode that its decoder treats in its own way."""
    plain = [picture(kind, 48) for kind in KINDS]
    special = [
        picture("JPEG", 48, progressive=True),
        picture("JPEG", 48, subsampling=0, keep_rgb=True),
        picture("WEBP", 48, lossless=True),
        picture("TIFF", 48, compression="tiff_lzw"),
        picture("TIFF", 48, compression="tiff_adobe_deflate"),
        film_of(5, "GIF"), film_of(5, "PNG"), film_of(5, "WEBP"), deep_tiff(5),
    ]  # fmt: skip
    return plain + special


def mutated(seed: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to four changes: bits, extremes over a length, a cut, a part doubled, a part of another file."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(max(1, len(data)))
        match chance.randrange(6):
            case 0:
                for _ in range(chance.randint(1, 20)):
                    place = chance.randrange(max(1, len(data)))
                    data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at : at + 4] = chance.choice(_EXTREMES)
            case 2:
                del data[at + 16 :]
            case 3:
                data[at:at] = data[at : at + chance.randint(1, 200)]
            case 4:
                begin = chance.randrange(len(other))
                data[at : at + 100] = other[begin : begin + 100]
            case 5:
                data[min(at, 64) : min(at, 64) + 2] = struct.pack(">H", chance.randrange(65_536))
    return bytes(data)


def files(count: int, seed: int) -> Iterator[bytes]:
    chance, originals = random.Random(seed), seeds()
    for _ in range(count):
        yield mutated(chance.choice(originals), chance.choice(originals), chance)


def run(count: int, seed: int, *, threads: int = 2) -> Tally:
    """Raises AssertionError for an answer that is none, or one that came too late."""
    pool, tally, source, lock = Pool(threads), Tally(), files(count, seed), threading.Lock()
    problems: list[BaseException] = []

    def work() -> None:
        try:
            while not problems:
                with lock:
                    file = next(source, None)
                if file is None:
                    return
                _one(file, pool, tally, lock)
        except BaseException as error:  # noqa: BLE001 (told by the thread that began)
            problems.append(error)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    pool.close()
    if problems:
        raise problems[0]
    return tally


def _one(file: bytes, pool: Pool, tally: Tally, lock: threading.Lock) -> None:
    begun = time.monotonic()
    found = hash_media(file, "image", queries=False, pool=pool)
    took = time.monotonic() - begun
    assert took < MOST_SECONDS, f"{took:.1f} s for {file[:16]!r}"
    with lock:
        if isinstance(found, Refused):
            assert found.reason
            assert found.verdict == "not decodable" or "ffmpeg" in found.reason, str(found)
            tally.verdicts[found.verdict] += 1
            tally.reasons[found.reason.partition(":")[0]] += 1
        else:
            assert isinstance(found, Hashed)
            assert "pdq" in found.hashes or found.frames
            tally.verdicts["hashed"] += 1
        if took > tally.longest:
            tally.longest, tally.longest_of = took, repr(file[:16])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    begun = time.monotonic()
    tally = run(given.count, given.seed)
    took = time.monotonic() - begun
    print(f"{given.count:,} files in {took:.0f} s ({given.count / took:.0f}/s), seed {given.seed}")
    for verdict, number in tally.verdicts.most_common():
        print(f"{number:>9,}  {verdict}")
    print(f"longest: {tally.longest:.2f} s, {tally.longest_of}")
    for reason, number in tally.reasons.most_common(25):
        print(f"{number:>9,}    {reason}")


if __name__ == "__main__":
    main()
