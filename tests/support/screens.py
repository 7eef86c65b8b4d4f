"""Generated screenshots of posts and memes of one template: pictures that look alike and say different things."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WORDS = (
    "the",
    "a",
    "we",
    "they",
    "river",
    "city",
    "never",
    "today",
    "winter",
    "market",
    "saw",
    "left",
    "seven",
    "quiet",
)


def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def _sentence(chance: np.random.Generator, count: int) -> str:
    return " ".join(chance.choice(WORDS, count))


def post(seed: int, *, dark: bool = False, side: int = 600) -> NDArray[np.uint8]:
    """A post as an app shows it, [h, w, 3]: a round picture, a name, lines of text, numbers below."""
    chance = np.random.default_rng(seed)
    back, ink = ((21, 32, 43), (247, 249, 249)) if dark else ((255, 255, 255), (15, 20, 25))
    lines = int(chance.integers(2, 8))
    image = Image.new("RGB", (side, 190 + 34 * lines), back)
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 84, 84), fill=tuple(int(part) for part in chance.integers(0, 256, 3)))
    draw.text((100, 22), _sentence(chance, 2).title(), ink, _font(24))
    draw.text((100, 54), "@" + _sentence(chance, 1) + str(chance.integers(1, 99)), (110, 118, 125), _font(20))
    for line in range(lines):
        words = int(chance.integers(2, 5)) if line == lines - 1 else 8
        draw.text((20, 104 + 34 * line), _sentence(chance, words)[:48], ink, _font(24))
    draw.line((20, 130 + 34 * lines, side - 20, 130 + 34 * lines), (207, 217, 222))
    for column in range(4):
        draw.text((30 + 140 * column, 145 + 34 * lines), f"{chance.integers(1, 9999):,}", (110, 118, 125), _font(20))
    return np.asarray(image)


def meme(photograph: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """The photograph with large white letters, outlined in black, at top and bottom."""
    chance = np.random.default_rng(seed)
    image = Image.fromarray(photograph)
    draw = ImageDraw.Draw(image)
    size = image.height // 10
    for y in (size // 3, image.height - size * 3 // 2):
        caption = _sentence(chance, 4).upper()
        draw.text((image.width / 2, y), caption, "white", _font(size), "ma", stroke_width=2, stroke_fill="black")
    return np.asarray(image)


def screenshot(photograph: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photograph in an app: a status bar and a name above, a caption and buttons below, white all around."""
    picture = Image.fromarray(photograph)
    width = picture.width + 24
    image = Image.new("RGB", (width, picture.height + 190), "white")
    draw = ImageDraw.Draw(image)
    draw.text((12, 6), "10:42", "black", _font(18))
    draw.rectangle((width - 44, 10, width - 14, 22), outline="black")
    draw.text((50, 44), "a quiet river", "black", _font(20))
    draw.ellipse((12, 40, 42, 70), fill=(90, 120, 200))
    image.paste(picture, (12, 84))
    draw.text((12, picture.height + 96), "seven bright markets today", "black", _font(18))
    draw.text((12, picture.height + 126), "we saw the green city in winter", "black", _font(18))
    draw.text((12, picture.height + 160), "Like    Share    Save", (110, 118, 125), _font(18))
    return np.asarray(image)
