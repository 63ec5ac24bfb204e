"""What applicants do, and what organisers ask them."""

from django.urls import URLPattern, path

from funding.programmes.models import Question
from funding.programmes.views import applying, asking, ideas, writing

Stage = Question.Stage
ROUND = "programmes/<slug:slug>/<slug:round_slug>"
DESK = "organise/<slug:slug>/<slug:round_slug>"
ONE = "applications/<int:application_id>"

patterns: list[URLPattern] = [
    path(f"{ROUND}/apply/", applying.apply, name="apply"),
    path(f"{ROUND}/ideas/", ideas.on_offer, name="ideas"),
    path("applications/", applying.my_applications, name="my-applications"),
    path(f"{ONE}/", applying.application, name="application"),
    path(f"{ONE}/eligibility/", applying.answer_eligibility, name="eligibility"),
    path(f"{ONE}/contacts/", applying.show_contacts, name="contacts"),
    path(
        f"{ONE}/contacts/<int:contact_id>/remove/", applying.remove_contact, name="remove-contact"
    ),
    path(f"{ONE}/idea/", applying.choose_idea, name="choose-idea"),
    path(f"{ONE}/form/", writing.form, name="form"),
    path(f"{ONE}/form/save/", writing.save, {"stage": Stage.APPLICATION}, name="save-form"),
    path(f"{ONE}/sample/", writing.sample, name="sample"),
    path(f"{ONE}/sample/save/", writing.save, {"stage": Stage.WORK_SAMPLE}, name="save-sample"),
    path(f"{ONE}/withdraw/", applying.withdraw, name="withdraw-application"),
    path(f"{DESK}/questions/", asking.list_questions, name="questions"),
    path(f"{DESK}/questions/add/", asking.edit_question, name="add-question"),
    path(f"{DESK}/questions/preview/", asking.preview, name="preview-questions"),
    path(f"{DESK}/questions/copy/", asking.copy, name="copy-questions"),
    path(f"{DESK}/questions/<int:question_id>/", asking.edit_question, name="question"),
    path(
        f"{DESK}/questions/<int:row_id>/move/", asking.move, {"what": "questions"},
        name="move-question",
    ),
    path(
        f"{DESK}/questions/<int:row_id>/remove/", asking.remove, {"what": "questions"},
        name="remove-question",
    ),
    path(f"{DESK}/criteria/", asking.list_criteria, name="criteria"),
    path(f"{DESK}/criteria/add/", asking.edit_criterion, name="add-criterion"),
    path(f"{DESK}/criteria/<int:criterion_id>/", asking.edit_criterion, name="criterion"),
    path(
        f"{DESK}/criteria/<int:row_id>/move/", asking.move, {"what": "criteria"},
        name="move-criterion",
    ),
    path(
        f"{DESK}/criteria/<int:row_id>/remove/", asking.remove, {"what": "criteria"},
        name="remove-criterion",
    ),
    path(f"{DESK}/ideas/", ideas.desk, name="round-ideas"),
    path(f"{DESK}/ideas/propose/", ideas.edit, name="propose-idea"),
    path(f"{DESK}/ideas/<int:idea_id>/", ideas.edit, name="idea"),
    path(f"{DESK}/ideas/<int:idea_id>/accept/", ideas.accept, name="accept-idea"),
    path(f"{DESK}/ideas/<int:idea_id>/decline/", ideas.decline, name="decline-idea"),
    path(f"{DESK}/ideas/<int:idea_id>/withdraw/", ideas.withdraw, name="withdraw-idea"),
]  # fmt: skip
