"""What applicants see, what nobody else does, and what is held and forgotten about them."""

import json
import logging
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funding.accounts import leaving
from funding.office import clock
from funding.office.models import Message
from funding.programmes import applying, drafts, ideas, reminding_applicants
from funding.programmes.models import Answer, Application, Contact, Deed, Place
from tests import factories
from tests.access import IN_PROGRAMMES
from tests.certainty import certain
from tests.programmes import applicants, scenes
from tests.programmes.applicants import WORDS, data
from tests.test_access import routes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CANARY = "The kingfisher nests below the seventh lock."


@pytest.fixture
def round_():
    return applicants.open_round()


@pytest.fixture
def grace():
    return factories.user("grace@example.org", name="Grace")


@pytest.fixture
def client(grace):
    return applicants.browser(grace)


def text(response):
    return response.content.decode()


def apply_page(round_):
    return f"/programmes/{round_.programme.slug}/{round_.slug}/apply/"


def form_page(application):
    return f"/applications/{application.pk}/form/"


# As people walk it


def test_from_the_button_to_what_was_sent(client, grace, round_):
    adult, asked = applicants.criterion(round_), applicants.question(round_)
    idea = applicants.idea(round_)

    page = client.post(apply_page(round_), follow=True)
    assert "Go on: eligibility" in text(page)
    made = Application.objects.get(user=grace)
    one = f"/applications/{made.pk}/"
    page = client.post(f"{one}eligibility/", {f"c{adult.pk}": "yes"}, follow=True)
    assert "Go on: idea" in text(page)
    page = client.post(f"{one}idea/", {"idea": idea.pk}, follow=True)
    assert "Go on: the form" in text(page)
    page = client.post(f"{one}form/", {**WORDS, f"q{asked.pk}": "Because"}, follow=True)

    assert "Sent" in text(page)
    assert Application.objects.get().status == "submitted"


def test_who_is_not_signed_in_is_asked_to_and_begins_then(round_):
    response = Client().post(apply_page(round_))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_the_apply_page_says_what_is_asked_by_when_and_who_reads_it(round_):
    applicants.question(round_, "Which parser do you like?")
    applicants.criterion(round_, "Are you of age?")

    page = text(Client().get(apply_page(round_)))

    for words in (
        "Which parser do you like?", "Are you of age?", "6 months after", "reviewers see no names",
        "AI tools", "UTC", "minutes",
    ):  # fmt: skip
        assert words in page


def test_a_round_that_waits_for_its_money_says_so():
    round_ = applicants.open_round(applies_before_decision=False)

    assert "as soon as enough sponsors" in text(Client().get(apply_page(round_)))


def test_a_sentence_tells_who_is_not_eligible_why(client, grace, round_):
    adult = applicants.criterion(round_, reason="The law asks for 18 years.")
    made = applicants.draft(round_, grace)

    page = client.post(
        f"/applications/{made.pk}/eligibility/", {f"c{adult.pk}": "no"}, follow=True
    )

    assert "The law asks for 18 years." in text(page)
    assert "Go on" not in text(page)


def test_a_draft_is_saved_by_a_button_too(client, grace, round_):
    made = applicants.draft(round_, grace)

    page = client.post(
        form_page(made), {"about": "Half", "hours": "many", "save": "1"}, follow=True
    )

    assert 'value="many"' in text(page)
    assert "It is not sent" in text(page)


def test_what_cannot_be_sent_names_each_field_and_keeps_all(client, grace, round_):
    made = applicants.draft(round_, grace)

    page = client.post(form_page(made), {**WORDS, "about": "", "hours": "many"})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["about", "hours"]
    assert "https://example.org/grace" in text(page)


def test_what_came_too_late_is_shown_with_words(client, grace, round_):
    made = applicants.draft(round_, grace)

    with clock.stopped_at(applicants.end(round_)):
        page = client.post(form_page(made), {**WORDS, "about": "Written all night"})

    assert page.status_code == 409
    assert "The deadline has passed" in text(page)
    assert "Written all night" in text(page)


def test_a_draft_stays_readable_after_the_deadline(client, grace, round_):
    made = applicants.draft(round_, grace)
    drafts.keep(application=made, data=data(about="Written all night"))

    with clock.stopped_at(applicants.end(round_)):
        page = client.get(form_page(made))

    assert "Written all night" in text(page)
    assert "Send it" not in text(page)


def test_the_script_is_told_when_it_was_kept_and_why_not(client, grace, round_):
    made = applicants.draft(round_, grace)
    url = f"{form_page(made)}save/"

    kept = client.post(url, {"changed": "about", "about": "Half"})
    with clock.stopped_at(applicants.end(round_)):
        late = client.post(url, {"changed": "about", "about": "Whole"})
    long = client.post(url, {"changed": "about", "about": "x" * (drafts.MOST_TYPED + 1)})

    assert set(kept.json()) == {"saved_at"}
    assert "deadline" in late.json()["refused"]
    assert "shorter" in long.json()["refused"]
    assert Application.objects.get().typed == {"about": "Half"}


def test_no_browser_keeps_what_an_applicant_wrote(client, grace, round_):
    made = applicants.sent(round_, grace)

    for path in ("", "form/", "eligibility/", "contacts/", "idea/", "withdraw/", "sample/"):
        response = client.get(f"/applications/{made.pk}/{path}")
        assert "no-store" in response["Cache-Control"], path
    assert "no-store" in client.get("/applications/")["Cache-Control"]


def test_before_the_announcement_a_page_does_not_tell_what_was_decided(client, grace, round_):
    made = applicants.sent(round_, grace)
    before = text(client.get(f"/applications/{made.pk}/"))

    Application.objects.update(outcome="selected", rank=1)

    assert text(client.get(f"/applications/{made.pk}/")) == before
    assert "selected" not in json.dumps(leaving.export(user=grace), default=str)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("selected", "You are chosen"), ("waiting", "waiting list"), ("not_chosen", "not chosen")],
)
def test_once_the_round_is_announced_the_page_tells_what_was_decided(
    client, grace, round_, outcome, words
):
    made = applicants.sent(round_, grace)
    Application.objects.update(outcome=outcome)
    type(round_).objects.update(announced_at=clock.now())

    assert words in text(client.get(f"/applications/{made.pk}/"))


def test_the_page_says_that_it_is_not_certain_that_the_round_comes_about(round_):
    scenes.call(round_)

    assert "not certain yet" in text(Client().get(apply_page(round_)))
    round_.call.state = "succeeded"
    round_.call.save()
    assert "not certain yet" not in text(Client().get(apply_page(round_)))


def test_the_list_of_ones_own_costs_the_same_for_many(client, grace, django_assert_num_queries):
    for _ in range(2):
        applicants.draft(applicants.open_round(), grace)
    with django_assert_num_queries(4):
        client.get("/applications/")
    for _ in range(5):
        applicants.draft(applicants.open_round(), grace)
    with django_assert_num_queries(4):
        client.get("/applications/")


# What nobody else reads


def a_canary_is_everywhere(round_, user):
    """It stands in every field that takes words, sent and typed."""
    asked = applicants.question(round_, is_sensitive=True)
    task = applicants.question(round_, "Show us.", stage="work_sample")
    made = applicants.draft(round_, user)
    applicants.contact(made, words=CANARY)
    said = {**WORDS, "name": CANARY, "about": CANARY, "away": CANARY, "ai_use": CANARY}
    assert applying.send(
        application=made, data=data(**said, **{f"q{asked.pk}": CANARY})
    ).is_valid()
    drafts.keep(application=made, data=data(about=CANARY + CANARY, changed="about"))
    with clock.stopped_at(applicants.end(round_) + timedelta(hours=1)):
        applying.send_sample(application=made, data=data(**{f"q{task.pk}": CANARY}))
    return made


def test_a_sentence_of_an_application_is_found_nowhere_else(round_, grace, caplog, client):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    applicants.idea(round_)
    made = applicants.draft(round_, grace)
    ideas.choose(application=made, idea=round_.ideas.get())
    a_canary_is_everywhere(round_, grace)
    reminding_applicants.remind(now=applicants.end(round_) - timedelta(hours=1))
    applying.withdraw(application=made)
    readers = [None, factories.user(), factories.payer().memberships.get().user]
    readers += [scenes.part(round_.programme, role).user for role in ("treasurer", "mentor")]

    found = [
        f"{reader} {url}"
        for reader in readers
        for url in addresses(round_, made)
        if CANARY in text((applicants.browser(reader) if reader else Client()).get(url))
    ]

    assert found == []
    assert not [one for one in Message.objects.all() if CANARY in one.subject + one.body]
    assert not [one for one in Deed.objects.all() if CANARY in one.words]
    assert CANARY not in caplog.text
    assert CANARY in text(client.get(form_page(made)))


def addresses(round_, application):
    """All that there are below these, with what belongs to the round in their places."""
    ids = {"application_id": application.pk, "contact_id": application.contacts.get().pk}
    ids |= {"slug:slug": round_.programme.slug, "slug:round_slug": round_.slug}
    found = []
    for route in sorted(one for one in routes() if one.startswith(IN_PROGRAMMES)):
        for name, value in ids.items():
            route = route.replace(f"<int:{name}>", str(value)).replace(f"<{name}>", str(value))
        if "<" not in route:
            found.append(f"/{route}")
    assert len(found) > 15
    return [*found, "/", "/projects/", "/home/"]


def test_a_sentence_of_an_application_stands_in_no_list_of_the_admin(round_, grace):
    a_canary_is_everywhere(round_, grace)
    staff = factories.user(password="s", is_staff=True, is_superuser=True)
    client = certain(applicants.browser(staff))

    for model in apps.get_models():
        url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        response = client.get(url)
        assert response.status_code == 404 or CANARY not in text(response), url


def test_rows_of_an_application_are_named_without_its_words(round_, grace):
    a_canary_is_everywhere(round_, grace)

    for model in (Application, Answer, Contact):
        assert CANARY not in "".join(map(str, model.objects.all()))


# What is held, and forgotten


def test_all_that_one_wrote_is_in_what_one_can_download(round_, grace):
    applicants.criterion(round_, "Are you of age?")
    Application.objects.create(
        round=round_, user=grace, begun_at=clock.now(), saved_at=clock.now(),
        criteria={str(round_.criteria.get().pk): True},
    )  # fmt: skip
    a_canary_is_everywhere(round_, grace)

    held = leaving.export(user=grace)["applications"][0]

    assert held["about"] == CANARY
    assert held["typed"] == {"about": CANARY * 2}
    assert held["eligibility"] == {"Are you of age?": True}
    assert [one["answer"] for one in held["answers"]] == [CANARY, CANARY]
    assert held["contacts"][0]["words"] == CANARY
    json.dumps(held, default=str)


def test_who_leaves_withdraws_and_nothing_of_what_they_wrote_is_left(round_, grace):
    idea = applicants.idea(round_)
    made = applicants.draft(round_, grace)
    ideas.choose(application=made, idea=idea)
    a_canary_is_everywhere(round_, grace)

    assert leaving.leave(user=grace, now=clock.now()) == []

    row = Application.objects.values().get()
    assert (row["status"], row["user_id"], row["idea_id"]) == ("withdrawn", None, None)
    assert CANARY not in str(row)
    assert not Answer.objects.exists()
    assert not Contact.objects.exists()
    idea.refresh_from_db()
    assert idea.taken == 0


def test_an_application_that_became_a_place_is_kept_with_it(round_, grace):
    made = applicants.sent(round_, grace)
    Place.objects.create(
        round=round_, application=made, user=grace, status="done", stipend=1, currency="GBP",
        offered_at=clock.now(), accept_until=clock.now(),
    )  # fmt: skip

    leaving.leave(user=grace, now=clock.now())

    assert Application.objects.get().about == WORDS["about"]


# Nonsense

FIELDS = [*drafts.FIXED, drafts.CONSENT, "save", "discard", "changed", "idea", "way", "q0"]
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "on", "0", "-1", "1e999", "NaN", "٣", "\x00", "x" * 30_000, "2027-02-30"]
    ),
)
TYPED = st.dictionaries(st.sampled_from(FIELDS), st.lists(VALUES, max_size=3), max_size=9)


@given(
    TYPED,
    st.sampled_from(["form/", "form/save/", "sample/", "eligibility/", "contacts/", "idea/"]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_gets_an_answer_and_what_is_refused_changes_nothing(
    nonsense_town, said, page
):
    client, made, own = nonsense_town
    named = {name if name != "q0" else own: values for name, values in said.items()}
    before = everything()

    response = client.post(f"/applications/{made.pk}/{page}", named)

    assert response.status_code < 500
    is_refused = response.status_code > 400 or b"refused" in response.content
    assert not is_refused or everything() == before


@pytest.fixture
def nonsense_town(grace):
    round_ = applicants.open_round(most_an_idea=1)
    asked = applicants.question(round_, kind="several", choices=["on", "0"])
    applicants.criterion(round_)
    applicants.idea(round_)
    made = applicants.draft(round_, grace)
    return applicants.browser(grace), made, f"q{asked.pk}"


def everything():
    models = (Application, Answer, Contact, Message, Deed)
    return [list(model.objects.order_by("pk").values()) for model in models]


@given(st.sampled_from(["questions/add/", "criteria/add/", "ideas/propose/"]), st.data())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_an_organiser_sends_gets_an_answer(organisers_town, page, drawn):
    client, address = organisers_town
    fields = [
        "stage", "kind", "text", "help", "choices", "most", "is_required", "must_be", "reason",
        "title", "description", "project", "mentors", "seen",
    ]  # fmt: skip
    values = st.lists(
        st.one_of(VALUES, st.sampled_from(["long", "choice", "a\nb", "True", "application"])),
        max_size=2,
    )
    said = drawn.draw(st.dictionaries(st.sampled_from(fields), values))

    assert client.post(address + page, said).status_code in (302, 409, 422)


@pytest.fixture
def organisers_town(user):
    round_ = applicants.open_round(programme_=scenes.programme(organiser=user))
    return applicants.browser(user), f"/organise/{round_.programme.slug}/{round_.slug}/"


SAMPLE_STANDS = [("applications", "Not open yet"), ("work_sample", "Next"), ("review", "Closed")]


@pytest.mark.parametrize("during, stands", SAMPLE_STANDS)
def test_a_work_sample_is_not_called_open_when_it_cannot_be_sent(during, stands):
    round_ = applicants.open_round(during=during)
    made = scenes.application(round_)

    page = applicants.browser(made.user).get(made.get_absolute_url()).text

    assert f'<span class="pill open">{stands}</span>' in page
    assert '<span class="pill open">Open</span>' not in page


def test_no_step_of_a_draft_is_open_after_the_deadline():
    round_ = applicants.open_round(during="review")
    applicants.criterion(round_)
    made = scenes.application(round_, status="draft")

    page = applicants.browser(made.user).get(made.get_absolute_url()).text

    assert '<span class="pill open">Closed</span>' in page
    assert '<span class="pill open">Open</span>' not in page
