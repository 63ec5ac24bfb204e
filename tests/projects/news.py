"""Updates of a project, as drafts and as everybody reads them."""

from funding.office import clock
from funding.projects.models import Activity, Update


def desk(path=""):
    return f"/maintain/harbour/updates/{path}"


def draft(project, title="Release 3", body="We *did* it.", **values):
    author = project.maintainers.first().user
    return Update.objects.create(project=project, title=title, body=body, author=author, **values)


def told(project, **values):
    return draft(project, published_at=values.pop("published_at", clock.now()), **values)


def form_of(client, path):
    """What the form at an address holds, as a browser would send it."""
    form = client.get(path).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def log(project):
    return list(Activity.objects.filter(project=project).values_list("did", flat=True))
