"""The money of a round: what is left, what is to be paid, and what was paid out of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.programmes import outlays, purse
from funding.programmes.forms.running import BecauseForm, CostForm, PayForm
from funding.programmes.models import Instalment, Outlay, Round
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import round_desk, show, typed

A_PAGE = 50


@require_safe
@round_desk("spend")
def money(request: HttpRequest, round_: Round) -> HttpResponse:
    paid = Paginator(purse.paid(round_), A_PAGE).get_page(request.GET.get("page"))
    return show(
        request, "round_money", round_, tab="round-money", purse=purse.of(round_), paginated=paid,
        to_pay=purse.to_pay(round_),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("spend")
def pay(request: HttpRequest, round_: Round, instalment_id: int) -> HttpResponse:
    """An instalment was paid: by whom, when, under which reference."""
    rows = Instalment.objects.filter(place__round=round_)
    one = get_object_or_404(
        rows.select_related("place__user", "place__round", "checkpoint"), pk=instalment_id
    )
    if one.status != Instalment.Status.RELEASED:
        messages.info(
            request, f"“{one.checkpoint}” is not to be paid: {one.get_status_display()}."
        )
        return _to(round_)
    form = PayForm(typed(request))
    if form.is_bound and form.is_valid():
        try:
            paid = outlays.pay(one.pk, by=person(request), **form.cleaned_data)
            messages.success(request, f"{paid.money.exact} is recorded as paid.")
            return _to(round_)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _show(request, "pay_instalment", round_, form=form, one=one)


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("spend")
def spend(request: HttpRequest, round_: Round) -> HttpResponse:
    """Programme cost was paid."""
    left = outlays.held(round_)
    if left is None:
        messages.info(request, "This round has no call yet, so there is no money of it.")
        return _to(round_)
    form = CostForm(typed(request), currency=left.currency)
    if form.is_bound and form.is_valid():
        try:
            paid = outlays.spend(round_, by=person(request), **form.cleaned_data)
            messages.success(request, f"{paid.money.exact} is recorded as paid.")
            return _to(round_)
        except Refused as refused:
            form.add_error("amount", str(refused))
    return _show(request, "spend", round_, form=form, own=outlays.available(round_))


@require_http_methods(["GET", "HEAD", "POST"])
@round_desk("spend", certain=True)
def correct(request: HttpRequest, round_: Round, outlay_id: int) -> HttpResponse:
    """What taking it back means; then the reason and the button."""
    outlay = get_object_or_404(Outlay, round=round_, pk=outlay_id)
    form = BecauseForm(typed(request))
    try:
        if outlay.taken_back_id:
            raise outlays.TakenBackAlready(f"{outlay} is taken back already.")
        if form.is_bound and form.is_valid():
            because = form.cleaned_data["because"]
            outlays.take_back(outlay, because=because, by=person(request))
            messages.success(request, f"{outlay.money.exact} is back in the round’s account.")
            return _to(round_)
    except Refused as refused:
        messages.info(request, str(refused))
        return _to(round_)
    return _show(request, "take_back_outlay", round_, form=form, outlay=outlay)


def _to(round_: Round) -> HttpResponse:
    return redirect("programmes:round-money", round_.programme.slug, round_.slug)


def _show(
    request: HttpRequest,
    template: str,
    round_: Round,
    *,
    form: PayForm | BecauseForm,
    **context: object,
) -> HttpResponse:
    return show(
        request, template, round_, status=422 if form.is_bound else 200, tab="round-money",
        form=form, left=outlays.held(round_), **context,
    )  # fmt: skip
