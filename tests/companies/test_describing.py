"""A company says who it is, with a picture; two who say so at once do not overwrite each other."""

import struct
import zlib
from itertools import count
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from funding.office import clock
from funding.office.models import Picture
from funding.projects.models import Funding
from sponsors.companies.models import Company
from sponsors.sponsorships.describing import Description
from tests import factories, scenarios, world
from tests.racing import together


@pytest.fixture
def company(user):
    return factories.company(user, display_name="Kestrel", legal_name="Kestrel plc")


@pytest.fixture
def edit(signed_in, company):
    """Open the page, then send it with some values changed."""

    def send(seen=None, first=None, **values):
        path = f"/companies/{company.slug}/edit/"
        form = signed_in.get(path).context["description"].form
        data = {field.html_name: field.value() or "" for field in form}
        if seen is not None:
            data["seen"] = seen
        return signed_in.post(path, (first or {}) | data | values)

    return send


def seen(signed_in, company):
    page = signed_in.get(f"/companies/{company.slug}/edit/")
    return page.context["description"].form["seen"].value()


def test_what_is_typed_stands_there(edit, company):
    answer = edit(display_name="Kestrel Bank", about="We bank\r\nwith care.", country="IE")

    company.refresh_from_db()
    assert answer.status_code == 302
    assert (company.display_name, company.about) == ("Kestrel Bank", "We bank with care.")
    assert (company.country, company.slug) == ("IE", "kestrel")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""), ("display_name", "\u202egnp"), ("display_name", "x" * 81),
        ("legal_name", ""), ("country", "XX"), ("website", "javascript:alert(1)"),
        ("website", "https://user:secret@example.org"), ("billing_email", "nobody"),
        ("about", "x" * 241), ("about", "\u202e"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_told_and_changes_nothing(edit, company, field, value):
    before = Company.objects.values().get()

    answer = edit(**{"about": "A new text", field: value})

    assert answer.status_code == 422
    assert answer.context["description"].form.errors.keys() == {field}
    assert Company.objects.values().get() == before


def test_an_individual_has_no_legal_name_to_give(user, signed_in):
    one = factories.individual(user)

    page = signed_in.get(f"/companies/{one.slug}/edit/").content.decode()

    assert "Legal name" not in page


def test_the_second_of_two_is_told_what_stands_and_overwrites_nothing(edit, signed_in, company):
    opened = seen(signed_in, company)
    edit(display_name="First")

    answer = edit(seen=opened, display_name="Second")

    company.refresh_from_db()
    assert answer.status_code == 422
    assert company.display_name == "First"
    assert "Now stands: First" in answer.content.decode()
    assert 'value="Second"' in answer.content.decode()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_ten_who_save_at_once_one_is_first_and_the_others_are_told():
    company = factories.company()
    form = Description(company).form
    typed = {field.html_name: field.value() or "" for field in form}
    numbers = count()

    def save():
        return Description(company, typed | {"about": f"Text {next(numbers)}"}).save()

    answers = together(save, threads=10)

    assert sorted(answers) == [False] * 9 + [True]


def test_a_file_that_is_not_read_to_its_end_changes_nothing(edit, company):
    """What stands below it in the form does not arrive."""
    before = Company.objects.values().get()
    sent = SimpleUploadedFile("logo.png", b"\0" * (33 * 1024 * 1024))

    assert edit(first={"picture": sent}, about="Another").status_code in (400, 422)
    assert Company.objects.values().get() == before


def test_a_logo_is_drawn_and_shown_and_taken_away(edit, company):
    edit(picture=factories.image())
    company.refresh_from_db()
    assert company.logo is not None

    edit(without="on")
    company.refresh_from_db()
    assert company.logo is None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_four_kinds_of_image_are_taken(edit, company, form):
    assert edit(picture=factories.image(form=form)).status_code == 302


def huge():
    """A PNG of a few bytes that says it is 30,000 by 30,000."""

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "an SVG": SVG,
    "a page that calls itself a GIF": b"GIF89a/*<script>alert(1)</script>*/=1;",
    "HTML": b"<html><body>hello",
    "nothing": b"",
    "a bomb": huge(),
    "more than 2 MB": b"\x89PNG\r\n\x1a\n" + b"\0" * (2 * 1024 * 1024),
    "half a PNG": factories.image(400, 400).read()[:120],
    "a dot": factories.image(1, 1).read(),
    "a strip": factories.image(2000, 20).read(),
}


@pytest.mark.parametrize("kind", NO_PICTURES)
def test_what_is_no_picture_is_told_at_its_field_and_changes_nothing(edit, company, kind):
    before = Company.objects.values().get()
    sent = SimpleUploadedFile("logo.gif", NO_PICTURES[kind], "image/gif")

    answer = edit(display_name="Another", picture=sent)

    assert answer.status_code == 422
    assert answer.context["description"].logo_form.errors.keys() == {"picture"}
    assert Company.objects.values().get() == before
    assert not Picture.objects.exists()


def test_damaged_images_of_every_kind_are_never_an_error_of_ours(edit, company):
    random = Random(7)
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = bytearray(factories.image(64, 64, form).read())
        for _ in range(15):
            broken = bytearray(whole)
            for _ in range(4):
                broken[random.randrange(len(broken))] = random.randrange(256)
            sent = SimpleUploadedFile("logo", bytes(broken[: random.randrange(20, len(whole))]))
            assert edit(picture=sent).status_code in (302, 422)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\logo.png", "a" * 300 + ".png"])
def test_the_name_of_a_file_means_nothing(edit, company, name):
    sent = factories.image()
    sent.name = name

    assert edit(picture=sent).status_code in (302, 422)
    assert Company.objects.get().slug == "kestrel"


def test_a_file_that_is_no_file_is_nothing(edit, company):
    assert edit(picture="../../etc/passwd").status_code == 302

    company.refresh_from_db()
    assert company.logo is None


def test_the_pages_that_name_it_show_the_change_at_once(engine, edit, company, client):
    sponsorship = scenarios.settled(engine, company)
    elsewhere = factories.project()
    before = Funding.objects.get(pk=elsewhere.pk).version
    path = sponsorship.project.get_absolute_url()
    assert "Kestrel" in client.get(path).content.decode()

    edit(display_name="Falcon")

    assert "Falcon" in client.get(path).content.decode()
    assert Funding.objects.get(pk=elsewhere.pk).version == before


def test_a_page_that_was_left_long_ago_is_not_touched(engine, edit, company):
    sponsorship = scenarios.settled(engine, company)
    type(sponsorship).objects.update(stands_until=clock.now() - world.timedelta(days=16))
    before = Funding.objects.get(pk=sponsorship.project_id).version

    edit(display_name="Falcon")

    assert Funding.objects.get(pk=sponsorship.project_id).version == before
