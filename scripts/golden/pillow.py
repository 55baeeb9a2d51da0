"""What Theriac's operations on pictures shall equal, byte by byte: Pillow through torchvision."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter
from torchvision.transforms import functional as F
from torchvision.transforms.autoaugment import AutoAugment


def affine(image, translate=(0, 0), shear=(0.0, 0.0), center=None):
    return F.affine(image, 0.0, list(translate), 1.0, list(shear), center=center)


def degrees(tangent: float) -> float:
    return math.degrees(math.atan(tangent))


def crop(image, x, y, width, height):
    bilinear = Image.Resampling.BILINEAR
    part = image.crop((int(x), int(y), int(x + width), int(y + height)))
    return part.resize(image.size, bilinear)


OPERATIONS = {
    "shear_x": lambda i, m: affine(i, shear=(degrees(m), 0.0), center=[0, 0]),
    "shear_y": lambda i, m: affine(i, shear=(0.0, degrees(m)), center=[0, 0]),
    "translate_x": lambda i, m: affine(i, translate=(int(m), 0)),
    "translate_y": lambda i, m: affine(i, translate=(0, int(m))),
    "rotate": lambda i, m: F.rotate(i, m),
    "brightness": F.adjust_brightness,
    "color": F.adjust_saturation,
    "contrast": F.adjust_contrast,
    "sharpness": F.adjust_sharpness,
    "posterize": lambda i, m: F.posterize(i, int(m)),
    "solarize": F.solarize,
    "auto_contrast": F.autocontrast,
    "equalize": F.equalize,
    "invert": F.invert,
    "hue": F.adjust_hue,
    "grey": lambda i: F.rgb_to_grayscale(i, num_output_channels=3),
    "blur": lambda i, sigma: i.filter(ImageFilter.GaussianBlur(sigma)),
    "crop": crop,
    "flip": F.hflip,
}


def fit(image: Image.Image, size: int, geometry: str) -> Image.Image:
    """CLIP's preprocessing up to the 8-bit picture."""
    image = image.convert("RGB")
    bicubic = F.InterpolationMode.BICUBIC
    if geometry == "squash":
        return F.resize(image, [size, size], bicubic)
    return F.center_crop(F.resize(image, size, bicubic), [size, size])


NAMES = {"AutoContrast": "auto_contrast"}
FACTORS = ("brightness", "color", "contrast", "sharpness")
PLAIN = ("auto_contrast", "equalize", "invert")


def name_of(torchvision_name: str) -> str:
    text = NAMES.get(torchvision_name, torchvision_name)
    return "".join("_" + c.lower() if c.isupper() and k else c.lower() for k, c in enumerate(text))


def policies(width: int, height: int) -> list:
    """AutoAugment's pairs: [name, probability, values with the positive and the negative sign]."""
    augment = AutoAugment()
    space = {name_of(k): v for k, v in augment._augmentation_space(10, (height, width)).items()}
    result = []
    for pair in augment.policies:
        operations = []
        for torchvision_name, probability, index in pair:
            name = name_of(torchvision_name)
            magnitudes, signed = space[name]
            value = float(magnitudes[index]) if index is not None else 0.0
            values = [value, -value] if signed else [value]
            if name in FACTORS:
                values = [1.0 + v for v in values]
            operations.append([name, probability, [] if name in PLAIN else values])
        result.append(operations)
    return result


def picture(width: int, height: int, seed: int) -> Image.Image:
    """Gradients with noise between 30 and 238, from integers alone: the C++ test draws the same."""
    state, pixels = seed, []
    for y in range(height):
        for x in range(width):
            for c in range(3):
                state = (state * 1664525 + 1013904223) % 2**32
                pixels.append(30 + (3 * x + 2 * y + 40 * c) % 150 + (state >> 24) % 60)
    return Image.fromarray(np.array(pixels, np.uint8).reshape(height, width, 3))
