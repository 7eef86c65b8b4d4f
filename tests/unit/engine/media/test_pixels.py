"""The displayed pixels of odd pictures, and the fast ways of photographs held to the slow one."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from evenhand.engine.media.hashing import pdq
from evenhand.engine.media.kinds import sniff
from evenhand.engine.media.pixels import Limits, Undecodable, decode, displayed, frames
from tests.unit.engine.media.photographs import bits_apart, oriented, photograph, photographs, saved

SCALED_BITS = 6


def by_rgb(file: bytes) -> bytes:
    """The hash by the slow way: the whole picture in RGB."""
    return pdq(np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))).hash


@pytest.mark.parametrize("options", [{"quality": 90}, {"quality": 30}, {"quality": 75, "subsampling": 0}])
def test_a_photograph_gives_the_hash_of_its_rgb_to_the_bit(options: dict[str, int]) -> None:
    for image in photographs(320):
        file = saved(image, "JPEG", **options)
        assert pdq(decode(file).pixels).hash == by_rgb(file)


@pytest.mark.parametrize("size", [(2300, 2100), (4032, 3024)])
def test_a_big_photograph_scaled_while_it_is_decoded_gives_its_hash_within_six_bits(size: tuple[int, int]) -> None:
    for name in ("chelsea.png", "coffee.png"):
        file = saved(photograph(name).resize(size, Image.Resampling.BICUBIC), "JPEG", quality=85)
        picture = decode(file)
        assert (picture.width, picture.height) == size
        assert 1024 <= min(picture.pixels.shape[:2]) < min(size)
        assert bits_apart(pdq(picture.pixels).hash, by_rgb(file)) <= SCALED_BITS


def test_the_pixels_alone_are_those_of_the_picture_with_all_that_is_told_of_it() -> None:
    image = photograph("chelsea.png", 200)
    big = photograph("coffee.png").resize((2300, 2100))
    for file in (saved(image, "PNG"), saved(image.convert("L"), "JPEG"), saved(big, "JPEG"), saved(image, "GIF")):
        assert np.array_equal(displayed(file), decode(file).pixels)


def test_a_picture_hidden_in_the_colours_of_a_flat_y_is_hashed_as_the_screen_shows_it() -> None:
    hidden = np.asarray(photograph("chelsea.png", 256).convert("L"))
    flat = np.full_like(hidden, 128)
    red = np.where(hidden > 110, 255, 128).astype(np.uint8)
    image = Image.merge("YCbCr", [Image.fromarray(band) for band in (flat, flat, red)])
    file = saved(image, "JPEG", quality=95, subsampling=0)
    assert pdq(decode(file).pixels).hash == by_rgb(file)
    assert pdq(decode(file).pixels).quality >= 50
    luma_alone = Image.open(io.BytesIO(file))
    luma_alone.draft("L", None)
    assert pdq(np.asarray(luma_alone)).quality == 0


def test_the_luma_of_rgb_is_what_the_reference_computes() -> None:
    picture = decode(saved(photograph("chelsea.png", 100), "PNG"))
    red, green, blue = (picture.pixels[:, :, band].astype(np.float64) for band in range(3))
    assert (picture.luma == (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)).all()
    assert pdq(picture.luma) == pdq(picture.pixels)


def test_a_transparent_picture_is_seen_over_white_and_says_that_it_is_another_one_elsewhere() -> None:
    image = photograph("chelsea.png", 200).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size).point(lambda level: 255 if level > 128 else 0))
    picture = decode(saved(image, "PNG"))
    assert (picture.pixels[0, 0] == 255).all()
    assert [name for name, _ in picture.others] == ["over black", "without its transparency"]
    assert "it shows another picture without its transparency" in picture.notes
    assert bits_apart(pdq(picture.others[1][1]).hash, pdq(np.asarray(image.convert("RGB"))).hash) == 0


def test_a_transparent_picture_that_hides_nothing_is_one_picture() -> None:
    image = photograph("chelsea.png", 200).convert("RGBA")
    assert decode(saved(image, "PNG")).others == ()


def test_a_profile_that_inverts_all_colours_is_applied_and_the_plain_numbers_are_asked_as_well() -> None:
    image = photograph("chelsea.png", 200)
    profile = _inverting()
    picture = decode(saved(image, "PNG", icc_profile=profile))
    shown = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
    )
    assert pdq(picture.pixels).hash == pdq(np.asarray(shown)).hash
    assert bits_apart(pdq(picture.pixels).hash, pdq(np.asarray(image)).hash) > 31
    assert [name for name, _ in picture.others] == ["without its colour profile"]


def _inverting() -> bytes:
    """sRGB with the tone curve turned round: three equal curves of two entries, from 1 to 0 (ICC.1:2010 §10.5)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    curve = b"curv" + bytes(4) + (2).to_bytes(4, "big") + b"\xff\xff\0\0"
    for entry in range(132, 132 + 12 * count, 12):
        if profile[entry : entry + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            offset = int.from_bytes(profile[entry + 4 : entry + 8], "big")
            profile[offset : offset + len(curve)] = curve
            profile[entry + 8 : entry + 12] = len(curve).to_bytes(4, "big")
    return bytes(profile)


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 200])
def test_a_profile_that_is_none_is_ignored(profile: bytes) -> None:
    plain = photograph("chelsea.png", 200)
    assert (decode(saved(plain, "PNG", icc_profile=profile)).pixels == np.asarray(plain)).all()


def test_the_ordinary_profile_leaves_the_numbers_alone() -> None:
    image = photograph("chelsea.png", 200)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    by_profile, plain = (decode(saved(image, "JPEG", **profiled)) for profiled in ({"icc_profile": profile}, {}))
    assert (by_profile.pixels == plain.pixels).all()
    assert (decode(saved(image, "PNG", icc_profile=profile)).pixels == np.asarray(image)).all()


@pytest.mark.parametrize("orientation", [0, 9, 60_000])
def test_an_orientation_that_there_is_not_leaves_the_picture_as_it_is(orientation: int) -> None:
    stored, exif = oriented(photograph("chelsea.png", 100), orientation)
    assert (decode(saved(stored, "PNG", exif=exif)).pixels == np.asarray(stored)).all()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_the_frames_of_an_animated_picture_come_after_the_first(kind: str) -> None:
    shades = [Image.new("RGB", (32, 32), (level, level, level)) for level in (0, 120, 240)]
    file = saved(shades[0], kind, save_all=True, append_images=shades[1:], duration=100)
    assert decode(file).frames == 3
    found = list(frames(file))
    assert [round(frame.pixels.mean() / 120) for frame in found] == [1, 2]
    assert [frame.at for frame in found] == pytest.approx([0.1, 0.2])


def test_the_pages_of_a_tiff_come_after_the_first() -> None:
    shades = [Image.new("L", (32, 32), level) for level in (0, 120)]
    assert [
        frame.pixels.mean() for frame in frames(saved(shades[0], "TIFF", save_all=True, append_images=shades[1:]))
    ] == [120]


def test_frames_end_at_the_limit_of_all_their_pixels() -> None:
    shades = [Image.new("L", (100, 100), level) for level in range(0, 250, 25)]
    file = saved(shades[0], "GIF", save_all=True, append_images=shades[1:], duration=100)
    found = frames(file, Limits(frame_pixels=35_000))
    assert [next(found).at, next(found).at] == pytest.approx([0.1, 0.2])
    with pytest.raises(Undecodable, match="only its first 3 frames"):
        next(found)


def test_the_picture_that_says_more_pixels_than_the_limit_is_refused_by_its_header() -> None:
    with pytest.raises(Undecodable, match="100 × 100 pixels are more"):
        decode(saved(Image.new("L", (100, 100)), "WEBP"), Limits(pixels=9_999))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_pixels_that_no_viewer_shows_are_refused_with_their_kind(mode: str) -> None:
    with pytest.raises(Undecodable, match=f"of a kind \\({mode}\\)"):
        decode(saved(Image.new(mode, (10, 10)), "TIFF"))


@pytest.mark.parametrize(
    ("start", "name", "family"),
    [
        (b"\x1aE\xdf\xa3", "matroska", "video"),
        (b"RIFF\0\0\0\0AVI ", "avi", "video"),
        (b"\0\0\0\x20ftypisom", "mp4", "video"),
        (b"\0\0\0\x20ftypavif", "avif", "picture"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic", "heic", "other"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "avif", "picture"),
        ((b"G" + bytes(187)) * 3, "mpegts", "video"),
        (b"%PDF-1.7", "pdf", "other"),
        (b"", "nothing", "other"),
    ],
)
def test_the_first_bytes_tell_the_kind(start: bytes, name: str, family: str) -> None:
    assert (sniff(start).name, sniff(start).family) == (name, family)
