"""Who applies in the demo, and who is taken: a dozen people a round by the forms of the site, and a
thousand in one round, whose rows are written at once as the forms would have left them."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.http import QueryDict

from demo import cast, founding, staging, written
from demo.insisting import HistoryIsWrong
from demo.staging import Stage
from demo.written import Somebody
from funding.accounts.models import User
from funding.office import clock
from funding.programmes import (
    announcing,
    applying,
    assigning,
    drafts,
    eligibility,
    ideas,
    mentoring,
    places,
    ranking,
    reviewing,
    selecting,
)
from funding.programmes.forms.applying import name_of
from funding.programmes.forms.ideas import DeclineForm, IdeaForm
from funding.programmes.models import Answer, Application, Idea, Place, Question, Review, Round

CROWD = 1000
CROWDS_FIRST = 1000  # their numbers come after everybody else's
_numbers = count(1)


def invent(stage: Stage) -> None:
    """Organisers put ideas up; in a call for projects mentors propose some too."""
    by, round_ = staging.organiser(stage), stage.round()
    *put_up, proposed = written.IDEAS[stage.run.key]
    for title, description in put_up:
        _put(round_, by, title, description)
    if "ideas" not in stage.once.phases:
        return
    mentor = staging.people(round_, "mentor")[0]
    _put(round_, mentor, *proposed)
    _put(round_, mentor, "All of it, in Rust", "Because.")
    _put(round_, mentor, "A glossary that people find", "What each word means, beside the word.")
    waiting = list(round_.ideas.filter(status="proposed"))
    ideas.accept(idea=waiting[0], by=by)
    form = DeclineForm({"reason": "Too large for one season. Propose a part of it."})
    ideas.decline(form, idea=waiting[1], by=by)


def _put(round_: Round, by: User, title: str, description: str) -> None:
    def form(data: dict[str, Any] | None) -> IdeaForm:
        return IdeaForm(data, instance=Idea(round=round_), programme=round_.programme)

    mentors = [str(one.pk) for one in round_.programme.parts.filter(role="mentor")]
    project = round_.programme.hostings.order_by("pk")[0].project_id
    said = {
        "title": title, "description": description, "mentors": mentors[:1], "project": str(project),
    }  # fmt: skip
    said["seen"] = form(None).fields["seen"].initial
    if not ideas.put(form(said), round_=round_, by=by):
        raise HistoryIsWrong(f"The idea {title} cannot be put up.")


def apply(stage: Stage, number: int) -> None:
    """One person, from the first click on; one leaves a draft, one is not eligible, one withdraws."""
    round_, who = stage.round(), Somebody(next(_numbers))
    user = founding.person(who.email, who.name, joined=clock.now())
    row = applying.begin(round_=round_, user=user)
    if not _is_eligible(row, says_no=number == 4 and stage.run.key == "access"):
        return
    fields = who.fixed() | {"consent": "on"} | _own(round_, who)
    _insist(applying.send(application=row, data=_data(fields)), who)
    if number == 6 and stage.run.key == "access":
        applying.withdraw(application=row)


def apply_as(stage: Stage, email: str, name: str, is_sent: bool) -> None:
    """Somebody whom one can be in the demo."""
    user = founding.person(email, name, joined=clock.now(), password=cast.PASSWORD)
    row = applying.begin(round_=stage.round(), user=user)
    _is_eligible(row)
    who = Somebody(7)
    fields = who.fixed() | {"name": name, "links": "https://people.example/me"}
    if is_sent:
        fields |= {"consent": "on"} | _own(stage.round(), who)
        _insist(applying.send(application=row, data=_data(fields)), who)
        return
    typed = {key: fields[key] for key in ("name", "about", "hours")}
    drafts.keep(application=row, data=_data(typed))


def sample(stage: Stage) -> None:
    """The next who has not sent a work sample does."""
    rows = stage.round().applications.submitted().filter(sample_submitted_at=None)
    row = rows.select_related("user").first()
    if row is not None:
        asked = drafts.asked(stage.round(), "work_sample")
        said = ["I drew our street for somebody who cannot see it.", "https://people.example/map"]
        fields = {name_of(one): text for one, text in zip(asked, said, strict=True)}
        applying.send_sample(application=row, data=_data(fields))


def crowd(stage: Stage) -> None:
    """A thousand people, at once. Idea by idea, as evenly as people choose."""
    round_, now = stage.round(), clock.now()
    everybody = [Somebody(CROWDS_FIRST + number) for number in range(CROWD)]
    users = _people(everybody, stage)
    begun = stage.at(stage.once.phases["applications"][0])
    taken = list(round_.ideas.filter(status="accepted"))
    criteria = {str(one.pk): True for one in round_.criteria.all()}
    rows = Application.objects.bulk_create(
        Application(
            round=round_, user=user, idea=taken[(who.number * 7 % 11) % len(taken)],
            status="submitted", criteria=criteria, consented_at=now,
            begun_at=begun + timedelta(minutes=100 * number), saved_at=now,
            submitted_at=begun + timedelta(minutes=104 * number + 60), **who.fixed(),
        )
        for number, (who, user) in enumerate(zip(everybody, users, strict=True))
    )  # fmt: skip
    for idea, number in Counter(row.idea for row in rows if row.idea).items():
        Idea.objects.filter(pk=idea.pk).update(taken=number)
    Answer.objects.bulk_create(_said(rows, everybody, drafts.asked(round_)), batch_size=2000)


def _people(everybody: list[Somebody], stage: Stage) -> list[User]:
    made = User.objects.bulk_create(
        User(email=who.email, name=who.name, password="!", date_joined=clock.now())
        for who in everybody
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    return made


def _said(
    rows: list[Application], everybody: list[Somebody], questions: list[Question]
) -> Iterator[Answer]:
    for row, who in zip(rows, everybody, strict=True):
        for question, text in zip(questions, who.answers(written.QUESTIONS), strict=True):
            if text:
                yield Answer(application=row, question=question, text=text)


def assign(stage: Stage) -> None:
    assigning.assign(round_id=stage.round().pk, by=staging.organiser(stage), now=clock.now())


def review(stage: Stage, part: int) -> None:
    """A third of what each has in hand; of a crowd all at once, but for what is to be read still."""
    rows = Review.objects.filter(application__round=stage.round(), status="assigned")
    mine = list(rows.select_related("application", "reviewer").order_by("pk"))
    if stage.once.is_crowded:
        _score_many([one for one in mine if one.pk % 5 < part + 2])
        return
    for one in mine if part == 2 else mine[: len(mine) * (part + 1) // 3]:
        score, comment, flags = written.judged(one.application_id, one.reviewer_id)
        said = reviewing.Written(score=score, comment=comment, flags=flags)
        reviewing.write(review=one, by=one.reviewer, written=said, now=clock.now())


def _score_many(rows: list[Review]) -> None:
    for one in rows:
        one.score, one.comment, one.flags = written.judged(one.application_id, one.reviewer_id)
        one.status, one.done_at = Review.Status.DONE, clock.now()
    Review.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], batch_size=500,
        update_fields=["score", "comment", "flags", "status", "done_at"],
    )  # fmt: skip


def choose(stage: Stage) -> None:
    """Places by the ranking, ties by hand, and the next three wait."""
    round_, by, now = stage.round(), staging.organiser(stage), clock.now()
    if stage.run.key == "harbour":  # so that one can look at the work as somebody who does it
        first = round_.applications.filter(user__email=cast.PARTICIPANT).first()
        if first is not None:
            selecting.decide(application=first, outcome="selected", by=by, now=now)
    selecting.choose_best(round_id=round_.pk, by=by, now=now)
    rows = [row for row in ranking.ranked(round_) if not row.outcome]
    left = round_.places_left - selecting.chosen(round_).count()
    for number, row in enumerate(rows[: left + 3]):
        outcome = "selected" if number < left else "waiting"
        selecting.decide(application=row, outcome=outcome, by=by, now=now)


def announce(stage: Stage) -> None:
    by = staging.organiser(stage)
    announcing.announce(round_id=stage.round().pk, by=by, reason="", now=clock.now())


def answer(stage: Stage, number: int, said: str) -> None:
    """Whoever was offered one answers, signs, and has a mentor."""
    place = list(stage.round().places.select_related("user", "application"))[number]
    if said == "decline":
        words = "I have found work in the meantime. Thank you."
        places.decline(place=place, by=place.user, words=words, now=clock.now())
        return
    round_ = stage.round()
    name = place.application.name
    signed = places.Signature(name, places.digest(round_.agreement), public_name=name)
    place = places.accept(place=place, by=place.user, signed=signed, now=clock.now())
    _mentor(stage, place, number)


def _mentor(stage: Stage, place: Place, number: int) -> None:
    mentors = staging.people(stage.round(), "mentor")
    chosen = mentors[number % len(mentors)]
    mentoring.give(place.pk, to=[chosen], by=staging.organiser(stage))


def _is_eligible(row: Application, *, says_no: bool = False) -> bool:
    asked = eligibility.criteria(row.round)
    data = _data({f"c{one.pk}": "no" if says_no else "yes" for one in asked})
    if not eligibility.answer(application=row, data=data).is_valid():
        raise HistoryIsWrong("Eligibility was not answered.")
    row.refresh_from_db()
    taken = list(ideas.on_offer(row.round))
    if taken and not says_no:
        ideas.choose(application=row, idea=taken[row.pk % len(taken)])
    return not says_no


def _own(round_: Round, who: Somebody) -> dict[str, Any]:
    """Answers to a round's own questions, by their fields."""
    questions = drafts.asked(round_)
    said = who.answers(written.FEW_QUESTIONS)
    return {name_of(one): text for one, text in zip(questions, said, strict=True)}


def _data(fields: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(fields)
    return data


def _insist(form: Any, who: Somebody) -> None:
    if form.errors:
        raise HistoryIsWrong(f"{who.name}: {form.errors.as_text()}")
