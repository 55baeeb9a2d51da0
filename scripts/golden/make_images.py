"""images.json: what Pillow and torchvision make of small pictures, as SHA-256 of the RGB bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import struct
import zlib

import numpy as np
import PIL
import torchvision
from PIL import Image

from common import save_json
from pillow import OPERATIONS, fit, picture, policies

VALUES = {
    "shear_x": [[0.1666666716337204], [-0.30000001192092896], [0.0]],
    "shear_y": [[0.23333334922790527], [-0.1]],
    "translate_x": [[5.0], [-7.0]],
    "translate_y": [[4.0], [-40.0]],
    "rotate": [[30.0], [-26.66666603088379], [10.0], [0.0], [-150.0]],
    "brightness": [[0.3], [1.7999999523162842], [1.0], [0.0]],
    "color": [[0.20000004768371582], [1.399999976158142], [1.0]],
    "contrast": [[0.20000004768371582], [1.7999999523162842]],
    "sharpness": [[0.3000000715255737], [1.699999988079071]],
    "posterize": [[4.0], [5.0], [6.0], [8.0]],
    "solarize": [[28.33333396911621], [113.33333587646484], [141.66665649414062], [255.0]],
    "hue": [[0.1], [-0.07], [0.5], [-0.5]],
    "blur": [[0.1], [0.73], [1.4], [2.0], [9.0]],
    "crop": [[3.0, 2.0, 9.0, 11.0], [0.0, 5.0, 14.0, 4.0], [6.0, 0.0, 1.0, 1.0]],
}
SIZES = [(23, 17), (16, 16), (20, 31)]
FITS = [(50, 37), (37, 50), (70, 50), (16, 35), (3, 4), (1, 1), (131, 16), (64, 64), (33, 65)]


def digest(image: Image.Image) -> str:
    return hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()


def operation_cases():
    for k, (width, height) in enumerate(SIZES):
        for name, function in OPERATIONS.items():
            for values in VALUES.get(name, [[]]):
                image = function(picture(width, height, k), *values)
                yield [name, values, width, height, k, digest(image)]


def fit_cases():
    for k, (width, height) in enumerate(FITS):
        for geometry in ("crop", "squash"):
            # Pillow 13 begins with the rows where the height shrinks much more.
            if geometry == "squash" and height > 1.5 * width:
                continue
            yield [width, height, k, 16, geometry, digest(fit(picture(width, height, k), 16, geometry))]


def png16(array: np.ndarray) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = array.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", width, height, 16, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def files():
    def saved(image: Image.Image, suffix: str, **options) -> bytes:
        buffer = io.BytesIO()
        image.save(buffer, suffix, **options)
        return buffer.getvalue()

    rgb = picture(19, 13, 7)
    alpha = rgb.copy()
    alpha.putalpha(picture(19, 13, 8).convert("L"))
    exif = Image.Exif()
    exif[0x112] = 6
    yield "grey.png", saved(rgb.convert("L"), "PNG")
    yield "grey_alpha.png", saved(alpha.convert("LA"), "PNG")
    yield "rgba.png", saved(alpha, "PNG")
    yield "one_bit.png", saved(rgb.convert("1"), "PNG")
    yield "palette.png", saved(rgb.quantize(13), "PNG")
    yield "palette_transparent.png", saved(rgb.quantize(13), "PNG", transparency=3)
    yield "grey_16_bit.png", png16(np.array(rgb.convert("L"), np.uint16) * 3)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        yield f"{name}.jpg", saved(rgb, "JPEG", subsampling=subsampling, exif=exif)
    yield "progressive.jpg", saved(rgb, "JPEG", progressive=True)
    yield "grey.jpg", saved(rgb.convert("L"), "JPEG")
    yield "cmyk.jpg", saved(rgb.convert("CMYK"), "JPEG")
    yield "lossy.webp", saved(rgb, "WEBP")
    yield "alpha.webp", saved(alpha, "WEBP", lossless=True)


def file_cases():
    for name, content in files():
        image = Image.open(io.BytesIO(content))
        yield [name, base64.b64encode(content).decode(), *image.size, digest(image)]


def main() -> None:
    save_json(
        "images.json",
        {
            "versions": {"pillow": PIL.__version__, "torchvision": torchvision.__version__},
            "operations": list(operation_cases()),
            "fit": list(fit_cases()),
            "files": list(file_cases()),
            "policies": policies(224, 224),
        },
    )


if __name__ == "__main__":
    main()
