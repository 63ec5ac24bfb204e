"""Certificates: printed for those whom they are about and for organisers, verified by everybody."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from funding.accounts.access import person
from funding.programmes import certificates


@never_cache
@login_required
@require_safe
def certificate(request: HttpRequest, place_id: int) -> HttpResponse:
    """As a PDF, printed as it is asked for."""
    place = certificates.for_reader(place_id, person(request))
    if place is None:
        raise Http404
    answer = HttpResponse(certificates.pdf(place), content_type="application/pdf")
    name = content_disposition_header(False, f"certificate-{place.round.slug}-{place.pk}.pdf")
    answer["Content-Disposition"] = name or "inline"
    return answer


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody who holds a certificate may know of it."""
    place = certificates.find(code)
    known = {
        "place": place,
        "round": place.round if place else None,
        "name": certificates.named(place) if place else "",
    }
    status = 200 if place else 404
    return render(request, "programmes/certificate.html", known, status=status)
