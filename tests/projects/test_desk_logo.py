"""A project's logo: pictures that are drawn anew, and everything that is none."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from funding.office.models import Picture, Rendition
from funding.projects.models import Activity, Project
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = b"GPS 52.52 N 13.40 E"
HTML = b"<html><script>alert(1)</script></html>"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
)


def upload(client, data, name="logo.png"):
    file = data if hasattr(data, "read") else SimpleUploadedFile(name, data, "image/png")
    return client.post("/maintain/harbour/logo/", {"logo": file})


def drawn(form="PNG", **saving):
    data = BytesIO()
    Image.new("RGB", (96, 64), "teal").save(data, form, **saving)
    return data.getvalue()


def claims(width, height):
    """A PNG of a few bytes that says it has so many pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def kept():
    return [bytes(data) for data in Rendition.objects.values_list("data", flat=True)]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_the_logo_in_every_size(signed_in, project, form):
    response = upload(signed_in, factories.image(600, 300, form=form))

    logo = Project.objects.get().logo
    assert response.status_code == 302
    assert (logo.width, logo.height) == (512, 256)
    assert sorted(set(Rendition.objects.values_list("size", flat=True))) == [64, 128, 256, 512]


def test_the_logo_stands_on_the_page_in_place_of_the_initials(signed_in, project):
    upload(signed_in, factories.image())

    page = Client().get("/projects/harbour/").content.decode()

    logo = Project.objects.get().logo
    assert f'<img class="avatar" src="{logo.small}" alt="" width="40" height="40">' in page
    assert f'<span class="avatar" aria-hidden="true">{project.initials}</span>' not in page


def test_another_logo_takes_its_place(signed_in, project):
    upload(signed_in, factories.image())
    upload(signed_in, factories.image(colour="red"))

    assert Picture.objects.count() == 2
    assert [one.did for one in Activity.objects.all()] == ["put up another logo", "put up a logo"]


def test_a_logo_can_be_taken_down(signed_in, project):
    upload(signed_in, factories.image())
    before = project.funding.version

    response = signed_in.post("/maintain/harbour/logo/remove/")

    project = Project.objects.get()
    assert response.status_code == 302
    assert project.logo is None
    assert project.funding.version > before


def test_taking_down_what_is_not_there_changes_nothing(signed_in, project):
    signed_in.post("/maintain/harbour/logo/remove/")

    assert not Activity.objects.exists()


def with_damaged_metadata(form):
    """A width that is said to be a text, beside a direction for which all of it is read."""
    turned = struct.pack("<HHII", 0x112, 3, 1, 6)
    width = struct.pack("<HHI4s", 0x100, 2, 1, b"a")
    return drawn(form, exif=b"Exif\0\0II*\0\x08\0\0\0\x02\0" + turned + width + b"\0" * 4)


def with_a_bomb():
    """A comment of 64 MB in as many kilobytes."""
    comment = b"Comment\0\0" + zlib.compress(bytes(64 * 1024 * 1024), 9)
    crc = zlib.crc32(b"zTXt" + comment)
    return (
        drawn()[:33]
        + struct.pack(">I", len(comment))
        + b"zTXt"
        + comment
        + struct.pack(">I", crc)
        + drawn()[33:]
    )


NO_PICTURES = {
    "a JPEG with damaged metadata": (with_damaged_metadata("JPEG"), "damaged"),
    "a PNG with damaged metadata": (with_damaged_metadata("PNG"), "damaged"),
    "a WebP with damaged metadata": (with_damaged_metadata("WEBP"), "damaged"),
    "a comment that is a bomb": (with_a_bomb(), "damaged"),
    "an SVG": (SVG, "no PNG"),
    "HTML that is named .png": (HTML, "no PNG"),
    "a text": (b"Hello", "no PNG"),
    "a PDF": (b"%PDF-1.7\n", "no PNG"),
    "nothing": (b"", "empty"),
    "the first half": (drawn()[:60], "damaged"),
    "a GIF of six bytes": (b"GIF89a", "no PNG"),
    "30,000 by 30,000 pixels": (claims(30_000, 30_000), "too many pixels"),
    "a size above all sizes": (claims(2**31 - 1, 2**31 - 1), ""),
    "no pixels": (claims(0, 0), ""),
    "5,000 by 5,000 pixels": (claims(5_000, 5_000), "too many pixels"),
    "8 pixels": (claims(8, 8), "too small"),
    "a strip": (claims(4000, 20), "narrow strip"),
    "3 MB": (drawn() + b"x" * 3 * 1024 * 1024, "larger than 2 MB"),
    "a BMP": (drawn("BMP"), "no PNG"),
    "a TIFF": (drawn("TIFF"), "no PNG"),
}


@pytest.mark.parametrize("what", NO_PICTURES)
def test_what_is_no_picture_is_refused_at_its_field(signed_in, project, what):
    data, why = NO_PICTURES[what]

    response = upload(signed_in, data)

    assert response.status_code == 422
    assert why in str(response.context["form"].errors["logo"])
    assert Project.objects.get().logo is None
    assert not Picture.objects.exists()


def test_of_ten_thousand_frames_the_first_is_kept(signed_in, project):
    first = drawn("GIF")
    frame = first[first.index(b"\x2c", 13) : -1]
    begun = time.process_time()

    answer = upload(signed_in, first[:-1] + frame * 10_000 + b";")

    assert answer.status_code == 302
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(("grey", "kept"), [(0, 0), (30_000, 116), (65_535, 255)])
def test_a_picture_of_sixteen_bits_keeps_its_greys(signed_in, project, grey, kept):
    Image.new("I;16", (64, 64), grey).save(data := BytesIO(), "PNG")

    upload(signed_in, data.getvalue())

    drawn_anew = Rendition.objects.get(size=64, form="png")
    assert Image.open(BytesIO(drawn_anew.data)).getpixel((9, 9)) == (kept, kept, kept, 255)


def test_no_file_at_all_is_refused(signed_in, project):
    response = signed_in.post("/maintain/harbour/logo/", {})

    assert response.context["form"].errors["logo"] == ["Choose a picture first."]


def test_a_text_in_the_place_of_a_file_is_refused(signed_in, project):
    response = signed_in.post("/maintain/harbour/logo/", {"logo": "logo.png"})

    assert response.status_code == 422


def test_a_wrong_file_leaves_the_logo_that_stands(signed_in, project):
    upload(signed_in, factories.image())

    upload(signed_in, SVG)

    assert Project.objects.get().logo is not None


def test_of_a_picture_that_is_a_page_too_only_pixels_are_kept(signed_in, project):
    upload(signed_in, drawn("GIF", comment=HTML) + HTML, "logo.html")

    assert Project.objects.get().logo is not None
    assert not any(b"script" in data for data in kept())


def test_nothing_that_was_said_about_a_picture_is_kept(signed_in, project):
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    upload(signed_in, drawn("JPEG", exif=exif, comment=SECRET))
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", SECRET.decode())
    Image.new("RGB", (64, 64), "red").save(data := BytesIO(), "PNG", pnginfo=said)
    upload(signed_in, data.getvalue())

    assert SECRET in data.getvalue()
    assert len(kept()) == 16
    assert not any(SECRET in one for one in kept())
    for one in kept():
        assert not Image.open(BytesIO(one)).getexif()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\logo.png", "a" * 300, "\u202egnp.exe"]
)
def test_the_name_of_a_file_means_nothing(signed_in, project, name):
    assert upload(signed_in, drawn(), name).status_code == 302
    assert Project.objects.get().logo.address(64).startswith("/pictures/")
