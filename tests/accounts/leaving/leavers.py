"""People who leave, and what is told of them."""

from funding.accounts import leaving
from funding.office import clock
from funding.projects.models import Project, Update
from tests import factories

DELETE = "/accounts/delete/"


def leave(user):
    return leaving.leave(user=user, now=clock.now())


def told_by(project, author):
    return Update.objects.create(
        project=project, title="News", body="All is well.", author=author, published_at=clock.now()
    )


def archived(maintainer):
    return factories.project(maintainer=maintainer, status=Project.Status.ARCHIVED)
