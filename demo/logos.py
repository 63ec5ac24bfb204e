"""Marks for the demo's projects and companies: a few plain shapes in two inks, drawn for each from
its name, so that they are the same in every demo and nobody's own."""

from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 512
INKS = (
    ("#14654a", "#b5d3c6"), ("#1f4e79", "#a9c7e0"), ("#7a3b16", "#e8bf9c"), ("#5b2a6e", "#d3b3df"),
    ("#8a1c2c", "#efb4bc"), ("#3d4a1f", "#ccd8a3"), ("#0f4c5c", "#9fd3de"), ("#5a4a00", "#e5d68a"),
)  # fmt: skip


def mark(name: str) -> BytesIO:
    """A PNG file."""
    seed = sha256(name.encode()).digest()
    dark, light = INKS[seed[0] % len(INKS)]
    image = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, SIDE - 1, SIDE - 1), radius=112, fill=dark)
    SHAPES[seed[1] % len(SHAPES)](draw, light)
    file = BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def _arch(draw: ImageDraw.ImageDraw, ink: str) -> None:
    draw.arc((120, 140, 392, 412), 180, 360, fill=ink, width=60)
    draw.rectangle((120, 276, 180, 400), fill=ink)
    draw.rectangle((332, 276, 392, 400), fill=ink)


def _bars(draw: ImageDraw.ImageDraw, ink: str) -> None:
    for at, height in ((120, 120), (222, 200), (324, 280)):
        draw.rounded_rectangle((at, 396 - height, at + 68, 396), radius=16, fill=ink)


def _ring(draw: ImageDraw.ImageDraw, ink: str) -> None:
    draw.ellipse((112, 112, 400, 400), outline=ink, width=64)
    draw.ellipse((226, 226, 286, 286), fill=ink)


def _sail(draw: ImageDraw.ImageDraw, ink: str) -> None:
    draw.polygon(((272, 96), (272, 340), (412, 340)), fill=ink)
    draw.polygon(((240, 160), (240, 340), (112, 340)), fill=ink)
    draw.rounded_rectangle((112, 364, 412, 408), radius=20, fill=ink)


def _waves(draw: ImageDraw.ImageDraw, ink: str) -> None:
    for top in (150, 240, 330):
        for left in (96, 206, 316):
            draw.arc((left, top, left + 110, top + 80), 0, 180, fill=ink, width=34)


def _grid(draw: ImageDraw.ImageDraw, ink: str) -> None:
    for row in range(3):
        for column in range(3 - row % 2):
            x, y = 116 + column * 100 + row % 2 * 50, 116 + row * 100
            draw.ellipse((x, y, x + 80, y + 80), fill=ink)


SHAPES = (_arch, _bars, _ring, _sail, _waves, _grid)
