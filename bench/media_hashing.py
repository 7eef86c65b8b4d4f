"""PDQ: how fast an image and a file are hashed, what copies of a picture are found, and what is found wrongly.

Speed is measured in turns with pdqhash and, where it is installed, threatexchange, on one core: medians of processor
time. Recall is the share of changed pictures whose hash is at most 31 bits from the original's: by the reference's one
hash, by the queries made here, and by those against what is kept of one's own media. Run it with
`./run bench media_hashing`. Option: --rounds N (default 41).
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from statistics import median

import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image, ImageFilter

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import machine
from evenhand.engine.media import analysis, tent
from evenhand.engine.media.flatness import FLAT_RADIUS, flatness
from evenhand.engine.media.hashing import pdq, pdq_dihedral
from evenhand.engine.media.pixels import LEAST_SIDE, displayed
from evenhand.engine.media.variants import kept, queries
from tests.support.photographs import Pixels, generated, photograph, photographs
from tests.support.screens import meme, post, screenshot

RADIUS = 31
SCENES = 81
LEFT_OUT = """\
Left out: fetching, the sandbox, the index. The photographs are those without people that scikit-image ships, the scenes
are generated; shares of so few pictures are coarse, and generated screenshots are not a platform's."""

SHARES = """\
libjpeg: Pillow decodes the file to RGB, as both sides have to where the hash is to be that of the displayed pixels to
the bit. Left for 4: what a quarter of the peer's time leaves for all else; where hashing the pixels takes more than
that, 4 times the peer cannot be had without decoding less. At 512 pixels less is not decoded: scaled to 512 the hash of
a larger picture moves by up to 18 bits already (see pixels.LEAST_SIDE), and the luma alone (1.3 times faster) does not
see a picture that is hidden in the colours. The peer is pdqhash of what Pillow decodes, as threatexchange does it."""

Change = Callable[[Image.Image], Image.Image]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=41)
    options = parser.parse_args()
    os.sched_setaffinity(0, {machine.OTHER_CORE})
    print(machine.describe(), "· pinned to one core")
    print("kernel:", "numpy" if analysis.best() is analysis.in_numpy else "C")
    print(f"\n{machine.table(list(_speed(options.rounds)))}\n")
    print(f"{machine.table(list(_shares(options.rounds)))}\n{SHARES}\n")
    corpus = [*photographs(), *(generated(seed) for seed in range(SCENES))]
    print(f"{machine.table(list(_recall(corpus)))}\n\n{machine.table(list(_wrong(corpus)))}\n")
    print(f"{machine.table(list(_flat(corpus)))}\n\n{LEFT_OUT}")


def _speed(rounds: int) -> Iterator[list[str]]:
    yield ["hashing", "here, ms", "peer, ms", "times", "peer", "bits apart"]
    small = np.asarray(Image.fromarray(photograph("coffee")).resize((512, 512)))
    large = np.asarray(Image.fromarray(photograph("retina")).resize((4000, 3000)))
    odd = np.ascontiguousarray(small[:500, :])
    for name, pixels in (("512 × 512 pixels", small), ("512 × 500 pixels", odd), ("12 MP pixels", large)):
        few = rounds if len(pixels) < 1000 else 5
        yield _against(name, "pdqhash", lambda p=pixels: pdq(p).hash, lambda p=pixels: _theirs(p), few)
    yield _against("8 positions, 512 × 512", "pdqhash", lambda: pdq_dihedral(small)[0].hash,
                   lambda: np.packbits(pdqhash.compute_dihedral(small)[0][0]).tobytes(), rounds)  # fmt: skip
    try:
        from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes
    except ImportError:
        print("left out: threatexchange is not installed")
        return
    for name, pixels in (("JPEG of 512 × 512", small), ("JPEG of 12 MP", large)):
        data = _jpeg(Image.fromarray(pixels), 90)
        few = rounds if len(pixels) < 1000 else 5
        yield _against(name, "threatexchange", lambda d=data: pdq(d).hash,
                       lambda d=data: bytes.fromhex(pdq_from_bytes(d)[0]), few)  # fmt: skip


def _shares(rounds: int) -> Iterator[list[str]]:
    """Of a file's way to its hash, what decoding takes, and what is left; the best of the rounds, in turns."""
    yield ["JPEG to hash, best ms", "libjpeg", "hashing", "all", "libjpeg's share", "peer", "times", "left for 4"]
    for name, size in (("512 × 512", (512, 512)), ("12 MP", (4000, 3000))):
        data = _jpeg(Image.fromarray(photograph("coffee")).resize(size), 90)
        pixels = displayed(data)
        acts = (lambda d=data: _loaded(d), lambda p=pixels: pdq(p), lambda d=data: pdq(d),
                lambda d=data: _theirs(np.asarray(Image.open(io.BytesIO(d)))))  # fmt: skip
        spent = [[_seconds(act) for act in acts] for _ in range(rounds if size[0] < 1000 else 5)]
        decoding, hashing, whole, peer = (min(column) * 1000 for column in zip(*spent, strict=True))
        yield [name, *(f"{one:.2f}" for one in (decoding, hashing, whole)), f"{decoding / whole:.0%}",
               f"{peer:.2f}", f"{peer / whole:.1f}", f"{peer / 4 - decoding:.2f}"]  # fmt: skip


def _loaded(data: bytes) -> None:
    """Decoded as `displayed` has it decoded, and nothing else."""
    image = Image.open(io.BytesIO(data))
    image.draft(image.mode, (LEAST_SIDE, LEAST_SIDE))
    image.load()


def _against(name: str, peer: str, ours: Callable[[], bytes], theirs: Callable[[], bytes], rounds: int) -> list[str]:
    here, there = [], []
    for _ in range(rounds):
        here.append(_seconds(ours))
        there.append(_seconds(theirs))
    one, other = median(here) * 1000, median(there) * 1000
    return [name, f"{one:.2f}", f"{other:.2f}", f"{other / one:.1f}", peer, str(_distance(ours(), theirs()))]


def _seconds(act: Callable[[], bytes]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started


def _theirs(pixels: Pixels) -> bytes:
    return np.packbits(pdqhash.compute(pixels)[0]).tobytes()


def _changes() -> dict[str, Change]:
    return {
        "as it is": lambda image: image,
        "half the size": lambda image: image.resize((image.width // 2, image.height // 2)),
        "100 pixels wide": lambda image: image.resize((100, max(5, image.height * 100 // image.width))),
        "twice the size": lambda image: image.resize((image.width * 2, image.height * 2)),
        "JPEG 30": lambda image: _opened(_jpeg(image, 30)),
        "JPEG 10": lambda image: _opened(_jpeg(image, 10)),
        "grey": lambda image: image.convert("L").convert("RGB"),
        "blurred by 2": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
        "cropped 2 % around": lambda image: _cropped(image, 0.01),
        "cropped 5 % around": lambda image: _cropped(image, 0.025),
        "cropped 10 % around": lambda image: _cropped(image, 0.05),
        "cropped 5 % at the top": lambda image: image.crop((0, image.height // 20, *image.size)),
        "turned by 2°": lambda image: image.rotate(2, Image.Resampling.BILINEAR),
        "turned by 90°": lambda image: image.transpose(Image.Transpose.ROTATE_90),
        "turned by 180°": lambda image: image.transpose(Image.Transpose.ROTATE_180),
        "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "inverted": lambda image: image.point(lambda level: 255 - level),
        "white border of 10 %": lambda image: _framed(image, 0.1, 0.1, "white"),
        "black bars of 20 %": lambda image: _framed(image, 0, 0.2, "black"),
        "in a screenshot": lambda image: Image.fromarray(screenshot(np.asarray(image))),
        "with lettering": lambda image: Image.fromarray(meme(np.asarray(image), 1)),
    }


def _recall(corpus: Sequence[Pixels]) -> Iterator[list[str]]:
    yield ["recall at 31 bits", "of", "pdqhash", "queries here", "and kept variants", "median bits, pdqhash"]
    own = [_theirs(pixels) for pixels in corpus]
    ours = [[each.pdq.hash for each in kept(pixels)] for pixels in corpus]
    for name, change in _changes().items():
        alone, asked, all_kept = [], [], []
        for pixels, original, variants in zip(corpus, own, ours, strict=True):
            changed = np.ascontiguousarray(change(Image.fromarray(pixels)))
            alone.append(_distance(_theirs(changed), original))
            questions = [each.pdq.hash for each in queries(changed)]
            asked.append(min(_distance(question, original) for question in questions))
            all_kept.append(int(_distances(questions, variants).min()))
        shares = [f"{sum(bits <= RADIUS for bits in found) / len(corpus):.3f}" for found in (alone, asked, all_kept)]
        yield [name, str(len(corpus)), *shares, str(median(alone))]


def _wrong(corpus: Sequence[Pixels]) -> Iterator[list[str]]:
    yield ["different pictures at 31 bits or less", "pairs", "pdqhash", "queries here", "and kept variants"]
    own = [[pdq(pixels).hash] for pixels in corpus]
    asked = [[each.pdq.hash for each in queries(pixels)] for pixels in corpus]
    ours = [[each.pdq.hash for each in kept(pixels)] for pixels in corpus]
    pairs = [(one, other) for one, other in combinations(range(len(corpus)), 2) if {one, other} != {17, 18}]
    counts = [
        sum(bool((_distances(left[one], right[other]) <= RADIUS).any()) for one, other in pairs)
        for left, right in ((own, own), (asked, own), (asked, ours))
    ]
    yield ["photographs and scenes (the pair of one motorcycle left out)", str(len(pairs)), *map(str, counts)]


def _flat(corpus: Sequence[Pixels]) -> Iterator[list[str]]:
    yield ["told to be flat", "pictures", "flat", "pairs", f"within {RADIUS}", f"within {FLAT_RADIUS}"]
    coffee = photograph("coffee")
    kinds = {
        "photographs and scenes": corpus,
        "light posts": [post(seed) for seed in range(300)],
        "dark posts": [post(seed, dark=True) for seed in range(300)],
        "memes of one template": [meme(coffee, seed) for seed in range(100)],
    }
    for name, pictures in kinds.items():
        flat = sum(flatness(tent.luma(pixels)).is_flat for pixels in pictures)
        hashes = [pdq(pixels).hash for pixels in pictures]
        apart = _distances(hashes, hashes)[np.triu_indices(len(hashes), 1)]
        yield [name, str(len(pictures)), str(flat), str(len(apart)),
               str((apart <= RADIUS).sum()), str((apart <= FLAT_RADIUS).sum())]  # fmt: skip


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _distances(left: Sequence[bytes], right: Sequence[bytes]) -> NDArray[np.int64]:
    one, other = (np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, 4) for hashes in (left, right))
    return np.bitwise_count(one[:, None] ^ other[None]).sum(axis=2, dtype=np.int64)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _cropped(image: Image.Image, share: float) -> Image.Image:
    across, down = round(image.width * share), round(image.height * share)
    return image.crop((across, down, image.width - across, image.height - down))


def _framed(image: Image.Image, across: float, down: float, colour: str) -> Image.Image:
    left, top = round(image.width * across), round(image.height * down)
    framed = Image.new("RGB", (image.width + 2 * left, image.height + 2 * top), colour)
    framed.paste(image, (left, top))
    return framed


if __name__ == "__main__":
    main()
