"""Writing: the form of an application and the work sample, typed, kept and sent."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from funding.office import clock
from funding.programmes import applying, deadlines, drafts
from funding.programmes.forms.applying import AnswersForm, ApplicationForm, SampleForm
from funding.programmes.models import Application, Question, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.applying import FORM, mine, show_mine

Stage = Question.Stage


@require_http_methods(FORM)
@mine
def form(request: HttpRequest, application: Application) -> HttpResponse:
    """Fixed questions and the organiser's own: typed, kept, sent."""
    return _written(request, application, Stage.APPLICATION)


@require_http_methods(FORM)
@mine
def sample(request: HttpRequest, application: Application) -> HttpResponse:
    return _written(request, application, Stage.WORK_SAMPLE)


@require_POST
@mine
def save(request: HttpRequest, application: Application, stage: str) -> HttpResponse:
    """For the script that keeps what is typed: when it was kept, or in words why it was not."""
    try:
        at = drafts.keep(application=application, data=request.POST, stage=stage)
    except Refused as refused:
        return JsonResponse({"refused": str(refused)})
    return JsonResponse({"saved_at": at.isoformat()})


def _written(request: HttpRequest, application: Application, stage: str) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, application, stage)
    try:
        if "save" in request.POST or "discard" in request.POST:
            return _keep(request, application, stage)
        send = applying.send if stage == Stage.APPLICATION else applying.send_sample
        form = send(application=application, data=request.POST)
    except Refused as refused:
        return _form_page(request, application, stage, refused=str(refused))
    if not form.is_valid():
        return _form_page(request, application, stage, form=form)
    messages.success(request, _told(application, stage))
    return redirect(application)


def _keep(request: HttpRequest, application: Application, stage: str) -> HttpResponse:
    if "discard" in request.POST:
        drafts.discard(application=application)
        messages.success(request, "What was not sent is gone. What you sent stands.")
        return redirect(application)
    drafts.keep(application=application, data=request.POST, stage=stage)
    messages.success(request, "Kept as a draft. It is not sent.")
    return redirect(request.path)


def _form_page(
    request: HttpRequest,
    application: Application,
    stage: str,
    *,
    form: AnswersForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """With what was typed, be it too late."""
    asked = drafts.asked(application.round, stage)
    raw = drafts.shown(application, asked)
    if request.method == "POST":
        raw = drafts.typed_in(request.POST, asked, drafts.names_of(asked, stage))
    why_not = applying.why_not(application, stage, now=clock.now())
    is_sample = stage == Stage.WORK_SAMPLE
    known = {
        "form": form or _blank(application.round, stage, asked, raw), "refused": refused,
        "window": deadlines.window(application.round, drafts.PHASES[Stage(stage)], now=clock.now()),
        "is_typed": request.method == "POST", "stage": stage, "read": drafts.read(asked, raw, stage),
        "can_write": not why_not, "why_not": why_not,
        "is_sent": _is_sent(application, stage),
        "save_address": reverse(
            f"programmes:save-{'sample' if is_sample else 'form'}", args=[application.pk]
        ),
    }  # fmt: skip
    status = 409 if refused else 422 if form is not None else 200
    return show_mine(request, "form", application, status=status, **known)


def _blank(
    round_: Round, stage: str, asked: list[Question], raw: dict[str, drafts.Raw]
) -> AnswersForm:
    if stage == Stage.APPLICATION:
        return ApplicationForm(questions=asked, round_=round_, initial=raw)
    return SampleForm(questions=asked, initial=raw)


def _is_sent(application: Application, stage: str) -> bool:
    is_live = application.status == Application.Status.SUBMITTED
    return is_live and (stage == Stage.APPLICATION or application.sample_submitted_at is not None)


def _told(application: Application, stage: str) -> str:
    """Of what it was before."""
    if _is_sent(application, stage):
        return "The change is sent, and stands in the place of what you sent before."
    return "Sent. You get a mail that it has arrived."
