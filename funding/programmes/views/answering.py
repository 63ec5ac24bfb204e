"""The offer of a place: read, signed or declined by the person whom it is for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from funding.accounts.access import person
from funding.office import clock
from funding.programmes import phases, places
from funding.programmes.forms.reviewing import AcceptForm, DeclineForm
from funding.programmes.models import Phase, Place
from funding.programmes.refusals import Refused
from funding.programmes.views.doors import typed

either = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@either
@login_required
def answer(request: HttpRequest, place_id: int) -> HttpResponse:
    place = _found(request, place_id)
    form = _accept_form(request, place)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        signed = places.Signature(said["signed_name"], said["agreement"], said["public_name"])
        try:
            places.accept(place=place, by=person(request), signed=signed, now=clock.now())
        except Refused as refused:
            form = _read_again(request, place, str(refused))
        else:
            messages.success(request, "The place is yours. A copy of what you signed is sent.")
            return redirect("programmes:answer", place.pk)
    return _show(request, "answer", place, form)


@never_cache
@either
@login_required
def decline(request: HttpRequest, place_id: int) -> HttpResponse:
    place, form = _found(request, place_id), DeclineForm(typed(request))
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            places.decline(place=place, by=person(request), words=words, now=clock.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Declined. The organisers are told.")
            return redirect("programmes:answer", place.pk)
    return _show(request, "decline", place, form)


def _accept_form(request: HttpRequest, place: Place) -> AcceptForm:
    initial = {
        "public_name": place.application.name,
        "agreement": places.digest(place.round.agreement),
    }
    return AcceptForm(typed(request), initial=initial)


def _read_again(request: HttpRequest, place: Place, why: str) -> AcceptForm:
    """With everything typed kept, over the agreement as it stands now."""
    data = request.POST.copy()
    data["agreement"] = places.digest(place.round.agreement)
    form = AcceptForm(data)
    form.add_error(None, why)
    return form


def _show(
    request: HttpRequest, page: str, place: Place, form: AcceptForm | DeclineForm
) -> HttpResponse:
    now = clock.now()
    known = {
        "place": place, "round": place.round, "form": form, "now": now,
        "running": phases.find(place.round, Phase.Kind.RUNNING),
        "stipend": place.money(place.stipend), "instalments": place.round.checkpoints.all(),
        "is_open": place.status == Place.Status.OFFERED and now < place.accept_until,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, f"programmes/{page}.html", known, status=status)


def _found(request: HttpRequest, place_id: int) -> Place:
    found = places.of(person(request)).filter(pk=place_id).first()
    if found is None:
        raise Http404
    return found
