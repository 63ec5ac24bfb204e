"""Pages of those who apply, and of what organisers ask them."""

from datetime import timedelta

from playwright.sync_api import expect

from funding.office import clock
from funding.programmes import applying, drafts, eligibility, ideas
from funding.programmes.models import Phase, Round
from tests import factories
from tests.browser.looking import A_LONG_NAME, MARKDOWN, at, shown
from tests.programmes import applicants, scenes
from tests.programmes.applicants import WORDS, data


def full_round(**values):
    """With everything that can be asked, and long words."""
    organiser = factories.user(name="Ada")
    programme = scenes.programme(organiser=organiser, name=A_LONG_NAME)
    round_ = applicants.open_round(
        programme_=programme, **{"contact_needed": True, "most_an_idea": 2, **values}
    )
    ask_everything(round_)
    idea = applicants.idea(
        round_, A_LONG_NAME, description=MARKDOWN, project=programme.projects.get()
    )
    idea.mentors.add(scenes.part(programme, "mentor", factories.user(name="Mo Example")))
    applicants.idea(round_, "Full already", taken=2)
    return round_


def ask_everything(round_):
    """Questions of each kind."""
    applicants.criterion(round_)
    applicants.criterion(round_, "Are you paid for this work already?", must_be=False)
    applicants.question(
        round_,
        "Which change to our schemas would you make first, and why?",
        help="A sketch is enough.",
    )
    applicants.question(
        round_,
        "Where do you come from?",
        kind="choice",
        choices=["Studies", A_LONG_NAME, "Elsewhere"],
        is_required=False,
        is_sensitive=True,
    )
    applicants.question(
        round_, "What have you used?", kind="several", choices=["Python", "Rust", "TypeScript"]
    )
    applicants.question(round_, "Years of code", kind="number")
    applicants.question(round_, "When could you begin?", kind="date")
    applicants.question(round_, "In one line", kind="short", most=80)
    applicants.question(round_, "Mend this parser and tell how.", stage="work_sample")


def apply_page(site, come, round_, user=None):
    return at(site, come, f"/programmes/{round_.programme.slug}/{round_.slug}/apply/", user)


def begun(round_=None, *, ready=True):
    round_ = round_ or full_round()
    made = applicants.draft(round_)
    if ready:
        said = zip(round_.criteria.all(), ("yes", "no"), strict=False)
        eligibility.answer(application=made, data=data(**{f"c{one.pk}": yes for one, yes in said}))
        applicants.contact(made, f"https://example.org/{'long' * 30}", words=A_LONG_NAME)
        if first := round_.ideas.first():
            ideas.choose(application=made, idea=first)
    made.refresh_from_db()
    return made


def look(site, come, made, path=""):
    return at(site, come, f"/applications/{made.pk}/{path}", made.user)


def sent():
    made = begun(full_round())
    made.round.questions.update(is_required=False)
    assert applying.send(application=made, data=data(**WORDS)).is_valid()
    made.refresh_from_db()
    return made


@shown
def what_one_is_asked_before_applying(site, come):
    return apply_page(site, come, full_round())


@shown
def applications_that_wait_for_the_money(site, come):
    return apply_page(site, come, full_round(applies_before_decision=False), factories.user())


@shown
def applications_that_are_over(site, come):
    round_ = full_round()
    Phase.objects.filter(kind="applications").update(ends_at=clock.now())
    return apply_page(site, come, round_, factories.user())


@shown
def ideas_on_offer(site, come):
    round_ = full_round()
    return at(site, come, f"/programmes/{round_.programme.slug}/{round_.slug}/ideas/")


@shown
def no_ideas_on_offer(site, come):
    round_ = applicants.open_round()
    return at(site, come, f"/programmes/{round_.programme.slug}/{round_.slug}/ideas/")


@shown
def no_applications_yet(site, come):
    return at(site, come, "/applications/", factories.user())


@shown
def ones_applications(site, come):
    made = sent()
    applicants.draft(full_round(), made.user)
    gone = applicants.draft(full_round(), made.user)
    applying.withdraw(application=gone)
    return at(site, come, "/applications/", made.user)


@shown
def an_application_just_begun(site, come):
    return look(site, come, begun(ready=False))


@shown
def an_application_that_is_sent_with_a_change_that_is_not(site, come):
    made = sent()
    drafts.keep(application=made, data=data(about="Other words", changed="about"))
    return look(site, come, made)


@shown
def an_application_with_a_work_sample_to_come(site, come):
    return look(site, come, past_the_deadline(sent()))


@shown
def writing_a_work_sample(site, come):
    return look(site, come, past_the_deadline(sent()), "sample/")


def past_the_deadline(made):
    """By a day, so that the work sample is asked for."""
    phase = Phase.objects.get(round=made.round, kind="applications")
    gone = clock.now() - phase.ends_at - timedelta(days=1)
    for one in Phase.objects.filter(round=made.round):
        one.starts_at, one.ends_at = one.starts_at + gone, one.ends_at + gone
        one.save()
    return made


@shown
def an_application_withdrawn(site, come):
    made = sent()
    applying.withdraw(application=made)
    return look(site, come, made)


@shown
def an_application_of_somebody_who_is_not_eligible(site, come):
    made = begun(ready=False)
    said = {f"c{one.pk}": "no" for one in made.round.criteria.all()}
    eligibility.answer(application=made, data=data(**said))
    return look(site, come, made)


@shown
def answering_eligibility_with_nothing(site, come):
    page = look(site, come, begun(ready=False), "eligibility/")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def the_first_contact(site, come):
    return look(site, come, begun(ready=False), "contacts/")


@shown
def a_contact_that_is_none(site, come):
    page = look(site, come, begun(), "contacts/")
    page.get_by_label("Link").fill("nothing")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def choosing_an_idea(site, come):
    return look(site, come, begun(), "idea/")


@shown
def the_form_of_an_application(site, come):
    page = look(site, come, begun(), "form/")
    page.get_by_label("About you").fill("I write parsers.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    return page


@shown
def the_form_sent_with_everything_wrong(site, come):
    page = look(site, come, begun(), "form/")
    page.get_by_label("Hours a week").fill("many")
    page.get_by_label("Links").fill("nowhere")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def a_form_that_came_too_late(site, come):
    made = begun()
    page = look(site, come, made, "form/")
    page.get_by_label("About you").fill("Written all night " * 20)
    Phase.objects.filter(kind="applications").update(ends_at=clock.now())
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_contain_text("deadline")
    return page


@shown
def withdrawing_an_application(site, come):
    return look(site, come, sent(), "withdraw/")


# What organisers ask


def desk(site, come, path, round_=None):
    round_ = round_ or full_round()
    address = f"/organise/{round_.programme.slug}/{round_.slug}/{path}"
    return at(site, come, address, round_.programme.parts.first().user)


@shown
def questions_of_a_round(site, come):
    return desk(site, come, "questions/")


@shown
def no_questions_yet(site, come):
    return desk(site, come, "questions/", applicants.open_round())


@shown
def questions_that_were_answered(site, come):
    return desk(site, come, "questions/", Round.objects.get(pk=sent().round_id))


@shown
def a_question_with_everything_wrong(site, come):
    page = desk(site, come, "questions/add/")
    page.get_by_label("How it is answered").select_option("choice")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


@shown
def the_help_of_a_question_that_was_answered(site, come):
    round_ = Round.objects.get(pk=sent().round_id)
    return desk(site, come, f"questions/{round_.questions.first().pk}/", round_)


@shown
def the_whole_form_before_it_is_asked(site, come):
    return desk(site, come, "questions/preview/")


@shown
def copying_questions(site, come):
    round_ = full_round()
    later = applicants.open_round(programme_=round_.programme)
    return desk(site, come, "questions/copy/", later)


@shown
def removing_a_question(site, come):
    round_ = full_round()
    return desk(site, come, f"questions/{round_.questions.first().pk}/remove/", round_)


@shown
def criteria_of_a_round(site, come):
    return desk(site, come, "criteria/")


@shown
def no_criteria_yet(site, come):
    return desk(site, come, "criteria/", applicants.open_round())


@shown
def adding_a_criterion(site, come):
    return desk(site, come, "criteria/add/")


@shown
def ideas_of_a_round(site, come):
    round_ = full_round()
    mentor = round_.programme.parts.get(role="mentor").user
    applicants.idea(round_, "A proposal", status="proposed", proposed_by=mentor)
    applicants.idea(round_, "Another", status="declined", proposed_by=mentor, reason="Too large.")
    return desk(site, come, "ideas/", round_)


@shown
def no_ideas_of_a_round_yet(site, come):
    return desk(site, come, "ideas/", applicants.open_round())


@shown
def proposing_an_idea(site, come):
    return desk(site, come, "ideas/propose/")


@shown
def declining_an_idea(site, come):
    round_ = full_round()
    mentor = round_.programme.parts.get(role="mentor").user
    idea = applicants.idea(round_, A_LONG_NAME, status="proposed", proposed_by=mentor)
    return desk(site, come, f"ideas/{idea.pk}/decline/", round_)


@shown
def withdrawing_an_idea(site, come):
    round_ = full_round()
    return desk(site, come, f"ideas/{applicants.idea(round_).pk}/withdraw/", round_)
