"""Money outside Stripe: grants that came and payments that went out, listed, recorded and corrected.
Both kinds have the same three pages; `kind` is the word in their address."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from funding.projects import recording
from funding.projects.forms.money import (
    CorrectionForm,
    GrantForm,
    PaymentForm,
    RecordingForm,
    today_for,
)
from funding.projects.models import Grant, Maintainer, PaymentOut
from funding.projects.recording import Recorded
from funding.projects.refusals import Refused
from funding.projects.views.doors import desk, show

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """What the pages of one kind are made of."""

    model: type[Recorded]
    form: type[RecordingForm]
    newest_first: tuple[str, str]
    with_what: tuple[str, ...]


KINDS = {
    "grants": Kind(Grant, GrantForm, ("-received_on", "-id"), ("taken_back",)),
    "payments": Kind(PaymentOut, PaymentForm, ("-paid_on", "-id"), ("taken_back", "person")),
}


@require_safe
@desk("spend")
def recorded(request: HttpRequest, maintainer: Maintainer, kind: str) -> HttpResponse:
    """All of one kind in their months, what was taken back too; and what is held now."""
    project, known = maintainer.project, KINDS[kind]
    rows = known.model.objects.filter(project=project).select_related(*known.with_what)
    paginated = Paginator(rows.order_by(*known.newest_first), A_PAGE).get_page(
        request.GET.get("page")
    )
    for row in paginated:
        row.project = project
    months = recording.by_month(paginated, project=project)
    held = recording.held(project)
    return show(request, kind, maintainer, tab=kind, paginated=paginated, months=months, held=held)


@require_http_methods(["GET", "HEAD", "POST"])
@desk("spend")
def record(request: HttpRequest, maintainer: Maintainer, kind: str) -> HttpResponse:
    known, is_sent = KINDS[kind], request.method == "POST"
    row = known.model(project=maintainer.project)
    data = request.POST if is_sent else None
    form = known.form(data, instance=row, initial=today_for(known.form))
    if is_sent and recording.add(form, by=maintainer.user):
        messages.success(request, f"{form.instance} is recorded.")
        return redirect(f"projects:{kind}", maintainer.project.slug)
    held, status = recording.held(maintainer.project), 422 if is_sent else 200
    return show(
        request, f"record_{kind}", maintainer, status=status, tab=kind, form=form, held=held
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("spend", certain=True)
def correct(
    request: HttpRequest, maintainer: Maintainer, kind: str, recorded_id: int
) -> HttpResponse:
    """What taking it back means, and what is right in its place; then both at once."""
    wrong = _row(maintainer, kind, recorded_id)
    data = request.POST if request.method == "POST" else None
    form, right = CorrectionForm(data), _right(wrong, kind, data)
    try:
        if data is not None and _corrected(wrong, form, right, maintainer):
            messages.success(request, f"{wrong} is taken back. The month is right again.")
            return redirect(f"projects:{kind}", maintainer.project.slug)
        if wrong.taken_back_id:
            raise recording.TakenBackAlready(f"{wrong} is taken back already.")
    except Refused as refused:
        messages.info(request, str(refused))
        return redirect(f"projects:{kind}", maintainer.project.slug)
    status = 200 if data is None else 422
    known: dict[str, Any] = {"wrong": wrong, "form": form, "right": right, "kind": kind}
    return show(request, "correct", maintainer, status=status, tab=kind, **known)


def _corrected(
    wrong: Recorded, form: CorrectionForm, right: RecordingForm, maintainer: Maintainer
) -> bool:
    if not form.is_valid():
        return False
    because, by = form.cleaned_data["because"], maintainer.user
    if form.never_happened:
        return recording.correct(wrong, because=because, by=by)
    if not right.is_bound:
        form.add_error("what", "Nothing is different from what was recorded. Mend what is wrong.")
        return False
    return recording.correct(wrong, because=because, by=by, right=right)


def _right(wrong: Recorded, kind: str, data: Any) -> RecordingForm:
    """A new row's form, filled in with what was recorded. Where it never happened, or nothing is
    different, what stands in the form is not looked at."""
    known = KINDS[kind]
    values = {name: getattr(wrong, name) for name in known.form.Meta.fields}  # type: ignore[attr-defined]
    is_read = data is not None and data.get("what") != "never"
    row = known.model(project=wrong.project, **values)
    typed = known.form(data if is_read else None, instance=row, prefix="right")
    if is_read and not typed.has_changed():
        return known.form(instance=row, prefix="right")
    return typed


def _row(maintainer: Maintainer, kind: str, recorded_id: int) -> Recorded:
    rows = KINDS[kind].model.objects.select_related(*KINDS[kind].with_what)
    row: Recorded = get_object_or_404(rows, project=maintainer.project_id, pk=recorded_id)
    row.project = maintainer.project
    return row
