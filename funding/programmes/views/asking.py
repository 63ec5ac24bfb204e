"""What organisers ask of those who apply: questions, criteria, how the whole form looks."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.programmes import drafts, questions
from funding.programmes.forms.applying import ApplicationForm, EligibilityForm, SampleForm
from funding.programmes.forms.questions import CopyForm, CriterionForm, QuestionForm
from funding.programmes.models import Criterion, Question, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import round_desk, show, typed

FORM = ["GET", "HEAD", "POST"]
Stage = Question.Stage


@require_safe
@round_desk("edit")
def list_questions(request: HttpRequest, round_: Round) -> HttpResponse:
    answered = questions.answered(round_)
    stages = [(stage, drafts.asked(round_, stage), stage in answered) for stage in Stage]
    known: dict[str, Any] = {
        "stages": stages, "is_answered": Stage.APPLICATION in answered,
        "can_copy": questions.earlier(round_).exists(), "tab": "questions",
    }  # fmt: skip
    return show(request, "questions", round_, **known)


@require_http_methods(FORM)
@round_desk("edit")
def edit_question(
    request: HttpRequest, round_: Round, question_id: int | None = None
) -> HttpResponse:
    """A new one, or one that is there."""
    row = Question(round=round_)
    if question_id:
        row = get_object_or_404(round_.questions, pk=question_id)
    return _edit(request, round_, QuestionForm(typed(request), instance=row), "question")


@require_safe
@round_desk("edit")
def preview(request: HttpRequest, round_: Round) -> HttpResponse:
    """The whole form as applicants see it."""
    known: dict[str, Any] = {
        "eligibility": EligibilityForm(criteria=list(round_.criteria.all())),
        "form": ApplicationForm(questions=drafts.asked(round_), round_=round_, prefix="seen"),
        "sample": SampleForm(questions=drafts.asked(round_, Stage.WORK_SAMPLE), prefix="sample"),
        "tab": "questions",
    }  # fmt: skip
    return show(request, "preview_questions", round_, **known)


@require_http_methods(FORM)
@round_desk("edit")
def copy(request: HttpRequest, round_: Round) -> HttpResponse:
    """From an earlier round of the programme."""
    form = CopyForm(typed(request), rounds=questions.earlier(round_))
    refused = ""
    if request.method == "POST" and form.is_valid():
        source = form.cleaned_data["earlier"]
        try:
            came = questions.copy(source=source, round_=round_, by=person(request))
            messages.success(request, f"{came} questions and criteria were copied.")
            return redirect("programmes:questions", round_.programme.slug, round_.slug)
        except Refused as error:
            refused = str(error)
    known: dict[str, Any] = {"form": form, "refused": refused, "tab": "questions"}
    return show(request, "copy_questions", round_, status=_status(form, refused), **known)


@require_safe
@round_desk("edit")
def list_criteria(request: HttpRequest, round_: Round) -> HttpResponse:
    known: dict[str, Any] = {
        "criteria": round_.criteria.all(),
        "is_answered": questions.are_answered(round_),
    }
    return show(request, "criteria", round_, tab="criteria", **known)


@require_http_methods(FORM)
@round_desk("edit")
def edit_criterion(
    request: HttpRequest, round_: Round, criterion_id: int | None = None
) -> HttpResponse:
    row = Criterion(round=round_)
    if criterion_id:
        row = get_object_or_404(round_.criteria, pk=criterion_id)
    return _edit(request, round_, CriterionForm(typed(request), instance=row), "criterion")


@require_POST
@round_desk("edit")
def move(request: HttpRequest, round_: Round, what: str, row_id: int) -> HttpResponse:
    """A place up or down; the list then has the focus on the same button."""
    row, way = _one(round_, what, row_id), request.POST.get("way", "")
    if way not in questions.WAYS:
        raise BadRequest("A row moves up or down.")
    place = questions.move(row, way, round_=round_, by=person(request))
    messages.success(request, f"“{row}” is number {place} now.")
    return redirect(f"{_list(round_, what)}?moved={row.pk}&way={way}")


@require_http_methods(FORM)
@round_desk("edit")
def remove(request: HttpRequest, round_: Round, what: str, row_id: int) -> HttpResponse:
    """What it means, said first."""
    row, refused = _one(round_, what, row_id), ""
    if request.method == "POST":
        try:
            questions.remove(row, round_=round_, by=person(request))
            messages.success(request, f"“{row}” is removed.")
            return redirect(_list(round_, what))
        except Refused as error:
            refused = str(error)
    elif questions.is_kept(row, round_):
        refused = questions.SAME_FOR_ALL
    status = 409 if refused and request.method == "POST" else 200
    known: dict[str, Any] = {
        "row": row,
        "what": what,
        "refused": refused,
        "back": _list(round_, what),
    }
    return show(request, "remove_question", round_, tab=what, status=status, **known)


def _edit(request: HttpRequest, round_: Round, form: Any, what: str) -> HttpResponse:
    is_answered, refused = _keep(form, round_), ""
    if request.method == "POST":
        put = questions.put if what == "question" else questions.put_criterion
        try:
            if put(form, round_=round_, by=person(request)):
                messages.success(request, "Saved.")
                return redirect(_list(round_, TABS[what]))
        except Refused as error:
            refused = str(error)
    known: dict[str, Any] = {
        "form": form, "refused": refused, "is_answered": is_answered, "tab": TABS[what],
        "is_new": form.instance._state.adding, "back": _list(round_, TABS[what]),
    }  # fmt: skip
    return show(request, what, round_, status=_status(form, refused), **known)


def _keep(form: Any, round_: Round) -> bool:
    """Leave what can be changed still; answers whether that is not all."""
    answered = questions.answered(round_)
    if isinstance(form, QuestionForm):
        form.keep_what_was_answered(answered)
        return form.instance.stage in answered
    if Stage.APPLICATION in answered:
        form.keep_what_was_answered()
    return Stage.APPLICATION in answered


TABS = {"question": "questions", "criterion": "criteria"}


def _one(round_: Round, what: str, row_id: int) -> Any:
    rows: Any = {"questions": round_.questions, "criteria": round_.criteria}[what]
    return get_object_or_404(rows, pk=row_id)


def _list(round_: Round, what: str) -> str:
    return reverse(f"programmes:{what}", args=[round_.programme.slug, round_.slug])


def _status(form: Any, refused: str) -> int:
    return 409 if refused else 422 if form.is_bound else 200
