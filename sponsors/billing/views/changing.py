"""Doors for what becomes of a sponsorship that goes on: another tier or interval, a pause."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.accounts.access import person
from funding.office import clock
from funding.projects.models import Tier
from sponsors.billing import gateway, pausing, quoting, switching
from sponsors.billing.views.paying import NO_ANSWER, do, goes_on, theirs
from sponsors.sponsorships import changing, refusals
from sponsors.sponsorships.changing import Wish
from sponsors.sponsorships.forms import PauseForm
from sponsors.sponsorships.models import Change, Interval, Sponsorship, Status

NOBODY_KNOWS = (
    "Our payment provider does not answer just now, so nobody knows yet whether it was changed. It "
    "is looked up by itself in some minutes, and you get a mail. You need to do nothing."
)
WAITS = "Almost done: the payment has to be confirmed first. See below."


@never_cache
@require_safe
@login_required
def change(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """What it can become, and when; or why it cannot be changed now."""
    sponsorship = theirs(request, "sponsor", sponsorship_id)
    turns = pausing.next_charge(sponsorship)
    shown = {"sponsorship": sponsorship, "refusal": "", "options": [], "turns": turns}
    try:
        changing.insist_may_change(sponsorship, now=clock.now())
        shown["options"] = quoting.options(sponsorship)
    except refusals.Refused as refused:
        shown["refusal"] = str(refused)
    return render(request, "billing/change.html", shown)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_to(
    request: HttpRequest, sponsorship_id: int, tier_id: int, interval: str
) -> HttpResponse:
    """What this one costs and when it comes about; then it is asked of Stripe."""
    sponsorship = theirs(request, "sponsor", sponsorship_id)
    wish = _wish(request, sponsorship, tier_id, interval)
    if request.method == "POST":
        return _change(request, sponsorship, wish)
    try:
        changing.insist_may_change(sponsorship, now=clock.now())
        changing.insist_may_become(sponsorship, wish)
    except refusals.Refused as refused:
        messages.error(request, str(refused))
        return redirect("billing:change", sponsorship.pk)
    return _confirm(request, sponsorship, wish)


@require_POST
@login_required
def take_back(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    sponsorship = theirs(request, "sponsor", sponsorship_id)
    try:
        if switching.take_back(sponsorship, now=clock.now()):
            messages.success(request, "Taken back. It stays as it is.")
        else:
            messages.info(
                request, "There was nothing to take back any more. This is how it stands."
            )
    except gateway.GatewayError:
        messages.error(request, NO_ANSWER)
    return redirect(sponsorship)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    """What a pause means, said first; then it is asked of Stripe."""
    sponsorship = theirs(request, "cancel", sponsorship_id)
    if refusal := pausing.why_not(sponsorship):
        messages.error(request, refusal)
        return redirect(sponsorship)
    form = PauseForm(request.POST or None, plans=pausing.plans(sponsorship))
    if request.method == "POST" and form.is_valid():
        months = form.cleaned_data["months"]
        after = do(request, lambda: pausing.pause(sponsorship, months=months), sponsorship)
        if after.status == Status.PAUSED:
            messages.success(request, "Paused. Nothing is charged until it goes on.")
        return redirect(after)
    shown = {"sponsorship": sponsorship, "form": form, "ends": pausing.next_charge(sponsorship)}
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/pause.html", shown, status=status)


@require_POST
@login_required
def resume(request: HttpRequest, sponsorship_id: int) -> HttpResponse:
    return goes_on(request, sponsorship_id, pausing.resume, _counting)


def _counting(resumed: Sponsorship) -> str:
    since = "again" if resumed.counts else "from its next charge on"
    return f"and counts for the week {since}"


def _wish(request: HttpRequest, sponsorship: Sponsorship, tier_id: int, interval: str) -> Wish:
    """What the address names, at the price that was seen: today's until a form says which."""
    if interval not in Interval.values:
        raise Http404
    tiers = Tier.objects.select_related("project").filter(project=sponsorship.project_id)
    tier = get_object_or_404(tiers, pk=tier_id)
    price = tier.price(interval)
    if price is None:
        raise Http404
    seen = request.POST.get("price", "")
    if request.method == "POST":
        price = tier.project.money(int(seen) if seen.isdecimal() and len(seen) < 10 else 0)
    return Wish(tier, Interval(interval), price)


def _change(request: HttpRequest, sponsorship: Sponsorship, wish: Wish) -> HttpResponse:
    now, signed = clock.now(), request.POST.get("quote", "")
    try:
        changing.insist_may_change(sponsorship, now=now)
        quote = (
            quoting.read(signed, sponsorship=sponsorship, wish=wish, now=now) if signed else None
        )
        done = switching.change(
            sponsorship=sponsorship, wish=wish, quote=quote, by=person(request), now=now
        )
    except (refusals.CostChanged, refusals.PriceChanged) as refused:
        return _confirm(request, sponsorship, _at_todays_price(wish), problem=str(refused))
    except refusals.Declined as refused:
        return _confirm(request, sponsorship, wish, problem=str(refused), declined=True)
    except refusals.Refused as refused:
        messages.error(request, str(refused))
        return redirect("billing:change", sponsorship.pk)
    except gateway.GatewayError:
        messages.error(request, NOBODY_KNOWS)
        return redirect(sponsorship)
    _say(request, done)
    return redirect(sponsorship)


def _at_todays_price(wish: Wish) -> Wish:
    return Wish(wish.tier, wish.interval, wish.tier.price(wish.interval) or wish.price)


def _say(request: HttpRequest, done: Change) -> None:
    if done.status == Change.Status.DONE:
        messages.success(request, f"Done: it is on {done.tier_name} from now on.")
    elif done.status == Change.Status.SCHEDULED:
        messages.success(request, f"Planned: it becomes {done.tier_name} with the next period.")
    else:
        messages.info(request, WAITS)


def _confirm(
    request: HttpRequest,
    sponsorship: Sponsorship,
    wish: Wish,
    *,
    problem: str = "",
    declined: bool = False,
) -> HttpResponse:
    """The page with the cost as it is now, and the button."""
    try:
        at_once = changing.comes_at_once(sponsorship, wish)
        cost = quoting.cost(sponsorship, wish, now=clock.now()) if at_once else None
    except gateway.GatewayError:
        messages.error(request, NO_ANSWER)
        return redirect("billing:change", sponsorship.pk)
    shown = {
        "sponsorship": sponsorship, "wish": wish, "cost": cost, "problem": problem,
        "declined": declined, "turns": pausing.next_charge(sponsorship),
    }  # fmt: skip
    return render(request, "billing/change_to.html", shown, status=409 if problem else 200)
