"""Whatever is typed into the forms of a desk is answered in words, and what is refused changes nothing."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.programmes import scheduling
from funding.programmes.models import FundingCall, Programme
from tests import factories
from tests.programmes import scenes
from tests.programmes.test_pricing import FIGURES

pytestmark = pytest.mark.django_db
anything = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "0", "-1", "1e9", "NaN", "9" * 30, "0001-01-01T00:00", "9999-12-31T23:59",
                     "2027-03-28T02:30", "2027-02-30T10:00", "named", "equal", "٣", "\x00"]),
)  # fmt: skip
few = settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture
def client_and_path(db):
    user = factories.user()
    round_ = scenes.round_(
        scenes.programme(organiser=user), status="draft", opened_at=None, zone="Europe/Berlin"
    )
    client = Client()
    client.force_login(user)
    return client, f"/organise/{round_.programme.slug}/{round_.slug}/", round_


@few
@given(
    typed=st.dictionaries(st.sampled_from([*FIGURES, "more", "preview", "seat-0-name"]), anything)
)
def test_a_call_of_anything(client_and_path, typed):
    client, path, _ = client_and_path
    FundingCall.objects.all().delete()

    response = client.post(f"{path}call/", {**FIGURES, **typed})

    assert response.status_code in (200, 302, 400, 422)
    assert FundingCall.objects.exists() == (response.status_code == 302)


@few
@given(
    typed=st.dictionaries(
        st.sampled_from(
            ["funding_ends", "review_begins", "review_ends", "running_begins", "seen"]
        ),
        anything,
    )
)
def test_dates_of_anything(client_and_path, typed):
    client, path, round_ = client_and_path
    before = scheduling.of(round_)

    response = client.post(f"{path}dates/", typed)

    assert response.status_code in (302, 400, 422)
    if response.status_code != 302:
        assert scheduling.of(round_) == before


@few
@given(
    typed=st.dictionaries(
        st.sampled_from(["name", "kind", "own_kind", "summary", "contact", "projects", "title",
                         "previous", "zone"]),
        anything,
    )
)  # fmt: skip
def test_beginnings_of_anything(client_and_path, typed):
    client, _, round_ = client_and_path

    first = client.post("/organise/new/", typed)
    second = client.post(f"/organise/{round_.programme.slug}/rounds/new/", typed)

    assert {first.status_code, second.status_code} <= {302, 400, 422}
    assert Programme.objects.count() >= 1
