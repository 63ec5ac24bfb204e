"""Documents: one as a PDF, and those of a year as one file."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from sponsors.billing import archiving, describing, documents, printing
from sponsors.companies import access
from sponsors.companies.models import Company

PRIVATE = "private, no-cache"  # kept by its reader alone, and asked for again: what is due is paid


@require_safe
def document(request: HttpRequest, document_id: str) -> HttpResponseBase:
    """The PDF of an invoice or a credit note, printed as it is asked for: by whoever has the link of
    a mail, or is signed in and may see it."""
    row = documents.opened_by(document_id, request.GET.get("key", ""))
    return _printed(request, row) if row else _theirs_alone(request, document_id)


@login_required
def _theirs_alone(request: HttpRequest, document_id: str) -> HttpResponseBase:
    row = documents.find(document_id, person(request))
    if row is None:
        raise Http404
    return _printed(request, row)


def _printed(request: HttpRequest, row: documents.Document) -> HttpResponseBase:
    sheet = describing.sheet(row, now=clock.now())
    etag = f'"{printing.mark(sheet)}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        data = printing.pdf(sheet, made_at=row.created_at)
        answer = HttpResponse(data, content_type="application/pdf")
        _name(answer, f"{archiving.file_name(row)}.pdf")
    answer["ETag"], answer["Cache-Control"] = etag, PRIVATE
    return answer


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """How many documents a year has, and all of them as one file, which is made when it is asked
    for."""
    company = _theirs(request, slug, year)
    if request.method == "POST":
        archiving.ask(company=company, year=year)
        return redirect("companies:documents", slug, year)
    shown = {
        "company": company,
        "year": year,
        "archive": archiving.current(company, year),
        "count": len(documents.of_year(company, year)),
    }
    return render(request, "companies/documents.html", shown)


@never_cache
@require_safe
@login_required
def archive(request: HttpRequest, slug: str, year: int) -> HttpResponseBase:
    """The file, if it is ready; the page that makes it, if not."""
    company = _theirs(request, slug, year)
    made = archiving.current(company, year)
    if made is None or not made.is_ready or not made.total:
        return redirect("companies:documents", slug, year)
    pieces = archiving.stream(made) if request.method == "GET" else iter(())
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    _name(answer, f"{company.slug}-{year}.zip")
    return answer


def _name(answer: HttpResponseBase, name: str) -> None:
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"


def _theirs(request: HttpRequest, slug: str, year: int) -> Company:
    company = access.company_for(person(request), "see", slug)
    if company is None or not 2000 <= year <= 2999:
        raise Http404
    return company
