"""Loads all that decoding needs, by decoding one tiny picture of each kind: once sealed, a child can open no file."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

from evenhand.engine.media.limits import DEFAULT
from evenhand.engine.media.opening import PLUGINS
from evenhand.runtime.decode.looking import look, look_at_grey

_SIDE = 64


def warm() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.linear_gradient("L").resize((_SIDE, _SIDE)).convert("RGB")
    for kind in PLUGINS:
        file = io.BytesIO()
        picture.save(file, kind.upper(), icc_profile=profile)
        look(file.getvalue(), DEFAULT, keep=True)
        look(file.getvalue()[:-40], DEFAULT)
    look_at_grey(bytes(_SIDE * _SIDE), _SIDE, _SIDE)
