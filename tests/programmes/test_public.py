"""What everybody sees of programmes."""

import pytest
from django.test import Client

from funding.office import clock
from funding.office.models import Message
from funding.programmes import calls, interest
from funding.programmes.models import Interest, Round
from tests import factories
from tests.programmes import scenes

pytestmark = pytest.mark.django_db


def names(path):
    listing = Client().get(path).context["listing"]
    return [card.programme.name for card in listing.cards]


def test_the_directory_shows_what_is_published():
    scenes.programme(name="Seen")
    scenes.programme(name="Hidden", published_at=None)

    assert names("/programmes/") == ["Seen"]


def test_a_phase_is_asked_for():
    scenes.round_(scenes.programme(name="Funding"))
    scenes.round_(scenes.programme(name="Running"), during="running")
    scenes.round_(scenes.programme(name="Failed"), status="failed")
    scenes.programme(name="None")

    assert names("/programmes/?phase=running") == ["Running"]
    assert sorted(names("/programmes/?phase=over")) == ["Failed", "None"]


def test_a_kind_a_project_and_words_are_asked_for():
    project = factories.project()
    scenes.programme(name="Harbour docs", kind="docs_season", project=project)
    scenes.programme(name="Harbour sprint", kind="sprint")

    assert names("/programmes/?kind=sprint") == ["Harbour sprint"]
    assert names(f"/programmes/?project={project.slug}") == ["Harbour docs"]
    assert names("/programmes/?q=harbour+docs") == ["Harbour docs"]


def test_what_fits_nothing_says_which_filter_to_drop():
    scenes.programme()

    assert "Nothing fits all of this." in Client().get("/programmes/?q=zebra&kind=sprint").text


@pytest.mark.parametrize("count", [3, 30])
def test_the_directory_takes_the_same_few_queries(count, django_assert_num_queries):
    for number in range(count):
        call = scenes.call()
        scenes.round_(call.round.programme, during="running", status="done", name=str(number))

    with django_assert_num_queries(7):
        Client().get("/programmes/")


@pytest.mark.parametrize("count", [1, 5])
def test_a_projects_page_asks_a_few_questions_however_many_programmes(
    count, django_assert_max_num_queries
):
    project = factories.project()
    for _ in range(count):
        scenes.call(scenes.round_(scenes.programme(project=project)))

    with django_assert_max_num_queries(14):
        Client().get(project.get_absolute_url())


def test_a_projects_page_shows_its_programmes_as_they_are_now():
    call = scenes.call()
    project = call.round.programme.projects.get()
    assert "Funding until" in Client().get(project.get_absolute_url()).text

    calls.close(call, firm=call.money(0), now=clock.now())

    assert "No round is under way." in Client().get(project.get_absolute_url()).text


def test_the_front_page_shows_who_looks_for_somebody_now():
    scenes.call(scenes.round_(scenes.programme(name="Harbour mentorship")))
    scenes.round_(scenes.programme(name="Long gone"), during="running")

    page = Client().get("/").text

    assert "Harbour mentorship" in page
    assert "Long gone" not in page


def test_a_round_says_what_is_free_what_it_costs_and_when_it_closes():
    call = scenes.call(scenes.round_(zone="Europe/Berlin"))
    scenes.committed(call)

    page = Client().get(call.round.get_absolute_url()).text

    assert "£2,000" in page
    assert "in Berlin)" in page
    assert "28 days left" in page
    assert "Where £6,000 will go" in page
    assert "If less than £6,000 is promised" in page


def test_of_a_round_that_did_not_come_about_no_phase_is_over_that_never_was(client):
    made = scenes.round_(during="running")
    ended = made.phases.get(kind="funding").ends_at
    Round.objects.filter(pk=made.pk).update(status="failed", ended_at=ended)

    steps = client.get(made.get_absolute_url()).context["page"].steps

    assert [step.kind for step in steps if step.is_over] == ["funding"]


def test_a_draft_is_for_nobody_but_its_people():
    call = scenes.call(scenes.round_(status="draft"), state="draft")

    assert Client().get(call.round.get_absolute_url()).status_code == 404


def test_who_asked_is_told_once_when_applications_open(user, signed_in):
    call = scenes.decided(scenes.round_(during="funding"))
    path = f"{call.round.get_absolute_url()}tell-me/"
    signed_in.post(path), signed_in.post(path)
    assert Interest.objects.count() == 1
    opens = call.round.phases.get(kind="applications").starts_at

    assert interest.tell(now=clock.now()) == 0
    assert (interest.tell(now=opens), interest.tell(now=opens)) == (1, 0)

    assert Message.objects.get(key__startswith="applications-open").recipients == [user.email]


def test_nobody_is_told_while_the_round_is_not_paid_for(user):
    call = scenes.call()
    interest.ask(round_=call.round, user=user)

    assert interest.tell(now=call.round.phases.get(kind="applications").starts_at) == 0


def test_who_wants_to_be_told_no_more_is_not(user, signed_in):
    call = scenes.call()
    path = f"{call.round.get_absolute_url()}tell-me/"
    signed_in.post(path)

    signed_in.post(path, {"stop": "1"})

    assert not Interest.objects.exists()


def test_a_card_shows_the_round_that_is_in_the_phase_that_was_asked_for():
    on = scenes.round_(during="running", name="Autumn")
    scenes.round_(on.programme, name="Spring")
    page = Client().get("/programmes/?phase=running").text

    assert f'href="{on.get_absolute_url()}"' in page
    assert "Spring" not in page


def test_a_card_and_the_programmes_page_say_what_a_seat_costs_and_lead_to_it():
    call = scenes.call(seats=3)
    price = str(call.money(min(share.amount for share in call.shares.all())))

    assert f"3 seats free, from {price}." in Client().get("/programmes/").text
    page = Client().get(call.round.programme.get_absolute_url()).text
    assert f'href="{call.round.get_absolute_url()}#behind">Take a seat' in page


def test_a_round_that_is_done_speaks_of_what_was():
    round_ = scenes.round_(during="closing", status="done", ended_at=clock.now(), looks_for="You.")
    round_.reported_at, round_.report = clock.now(), "We learned."
    round_.save()
    scenes.call(round_, state="succeeded", closed_at=clock.now())

    page = Client().get(round_.get_absolute_url()).text

    assert page.index("We learned.") < page.index("was agreed with sponsors")
    assert "Whom it looked for" in page
    assert "It came about." in page
    assert 'href="#looks-for"' not in page


def test_a_desk_sells_no_seats():
    call = scenes.call()
    desk = f"/organise/{call.round.programme.slug}/{call.round.slug}/"
    client = Client()
    client.force_login(call.round.programme.parts.get(role="organiser").user)

    for path in (desk, f"{desk}call/"):
        page = client.get(path).text
        assert "Take a seat" not in page
        assert "Join the waiting list" not in page
