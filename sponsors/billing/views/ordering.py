"""What a company does with an invoice that it asked for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funding.accounts.access import person
from funding.office import clock
from sponsors.billing import purchase_orders
from sponsors.billing.forms import NumberForm
from sponsors.billing.models import Order
from sponsors.companies import paperwork
from sponsors.sponsorships import access
from sponsors.sponsorships.models import Sponsorship, Status


@never_cache
@require_safe
@login_required
def ordered(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """What happens now that an invoice was asked for. It looks again until there is one."""
    sponsorship = _theirs(request, "see", sponsorship_id)
    order = get_object_or_404(Order, sponsorship=sponsorship)
    if sponsorship.status not in (Status.PENDING, Status.AWAITING_INVOICE, Status.ABANDONED):
        return redirect(sponsorship)
    invoice = sponsorship.invoices.filter(status="open").first()
    payable = paperwork.payable(sponsorship.company)
    shown = {"sponsorship": sponsorship, "order": order, "invoice": invoice, "payable": payable}
    return render(request, "billing/ordered.html", shown)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def po_number(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """The purchase order of the next invoice: another one, or the same again."""
    sponsorship = _theirs(request, "pay", sponsorship_id)
    order = get_object_or_404(Order.objects.select_related("sponsorship"), sponsorship=sponsorship)
    required = paperwork.of(sponsorship.company).po_required
    sent = request.POST if request.method == "POST" else None
    form = NumberForm(sent, required=required, initial={"po_number": order.po_number})
    if sent is not None and form.is_valid():
        purchase_orders.confirm(order, number=form.cleaned_data["po_number"])
        messages.success(request, "Saved. The next invoice carries it.")
        return redirect(sponsorship)
    shown = {
        "sponsorship": sponsorship, "order": order, "form": form,
        "renews": purchase_orders.renews_at(order),
        "is_asked": purchase_orders.is_asked_for(order, now=clock.now()),
    }  # fmt: skip
    return render(request, "billing/po_number.html", shown, status=200 if sent is None else 422)


def _theirs(request: HttpRequest, deed: str, sponsorship_id: int) -> Sponsorship:
    sponsorship = access.sponsorship_for(person(request), deed, sponsorship_id)
    if sponsorship is None:
        raise Http404
    return sponsorship
