"""Forms of the admin, filled in."""

from funding.projects.models import Funding


def version(project):
    return Funding.objects.get(pk=project.pk).version


def no_inlines(*prefixes):
    counts = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    return {f"{prefix}-{name}": count for prefix in prefixes for name, count in counts.items()}
