"""Tiers as they are typed, and what stands of them."""

from funding.projects.forms import TierForm
from funding.projects.models import Tier

BASE = "/maintain/harbour/tiers"
MAST = {"name": "Mast", "monthly": "300", "yearly": "3000", "audience": "anyone"}


def typed(one):
    form = TierForm(instance=one)
    values = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in values.items()}


def put(client, project, one=None, **values):
    one = one or Tier(project=project)
    return client.post(f"{BASE}/{one.pk or 'add'}/", typed(one) | values)


def errors(response):
    return response.context["form"].errors
