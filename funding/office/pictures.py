"""Pictures: what somebody sends becomes an image that we drew ourselves. Only pixels come through:
no metadata, no second meaning of the same bytes, no name. SVG is a program and is refused."""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from typing import BinaryIO

from django.db import transaction
from django.db.models import ProtectedError
from PIL import Image, ImageOps, UnidentifiedImageError

from funding.office import clock
from funding.office.models import Picture, Rendition

SIZES = (64, 128, 256, 512)
LARGEST_FILE = 2 * 1024 * 1024
MOST_PIXELS = 4_096 * 4_096  # 64 MB of memory while it is drawn
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
UNUSED_AFTER = timedelta(days=1)


class NotAPicture(ValueError):
    """What came cannot be used as a picture; the message says why and what to send."""


def draw(file: BinaryIO) -> Picture:
    """The picture that `file` shows, found or drawn and kept. Raises `NotAPicture`."""
    image = _read(file)
    largest = _fitting(image, SIZES[-1])
    digest = hashlib.sha256(largest.tobytes() + repr(largest.size).encode()).hexdigest()[:32]
    with transaction.atomic():
        picture, is_new = Picture.objects.get_or_create(
            digest=digest,
            defaults={
                "width": largest.width,
                "height": largest.height,
                "created_at": clock.machine_now(),
            },
        )
        if is_new:
            Rendition.objects.bulk_create(_renditions(picture, image))
    return picture


def forget_unused(*, most: int = 500) -> int:
    """Delete pictures that nothing shows any more; returns how many."""
    before = clock.machine_now() - UNUSED_AFTER
    forgotten = 0
    for picture in Picture.objects.filter(created_at__lt=before).order_by("created_at")[:most]:
        with suppress(ProtectedError), transaction.atomic():  # something may show it
            picture.delete()
            forgotten += 1
    return forgotten


def _read(file: BinaryIO) -> Image.Image:
    """Its pixels, upright. The size is looked at before a single pixel is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
            _insist_on_size(image)
            return _in_eight_bits(ImageOps.exif_transpose(image)).convert("RGBA")
    except NotAPicture:
        raise
    except UnidentifiedImageError as error:
        raise NotAPicture("This is no PNG, JPEG, WebP or GIF image. Send one of those.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(_too_large()) from error
    except Exception as error:  # noqa: BLE001 - damaged bytes make its readers raise anything
        raise NotAPicture(
            "This image is damaged and cannot be read. Save it anew and send that."
        ) from error


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Greys of 16 bits, all of which Pillow would make white but the darkest."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").convert("F").point(lambda grey: grey * (1 / 257)).convert("L")


def _insist_on_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise NotAPicture(_too_large())
    if min(image.size) < 16:
        raise NotAPicture("This image is too small. Send one of at least 16 by 16 pixels.")
    if max(image.size) > 8 * min(image.size):
        raise NotAPicture(
            "This image is a narrow strip. Send one that is at most 8 times as long."
        )


def _too_large() -> str:
    return "This image has too many pixels. Send one of at most 4,096 by 4,096."


def _fitting(image: Image.Image, size: int) -> Image.Image:
    """The same in proportion, at most `size` on either side, never enlarged."""
    smaller = image.copy()
    smaller.thumbnail((size, size), Image.Resampling.LANCZOS)
    return smaller


def _renditions(picture: Picture, image: Image.Image) -> Iterator[Rendition]:
    for size in SIZES:
        fitting = _fitting(image, size)
        for form in ("webp", "png"):
            data = BytesIO()
            fitting.save(data, form.upper(), **({"quality": 85} if form == "webp" else {}))
            yield Rendition(picture=picture, size=size, form=form, data=data.getvalue())
