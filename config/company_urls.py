"""A company's addresses. What its pages show is known in three apps, so their doors are put together
here."""

from django.urls import path

from sponsors.billing.views import company as billing
from sponsors.billing.views import papers
from sponsors.companies import views as companies
from sponsors.sponsorships import views as sponsorships

app_name = "companies"

urlpatterns = [
    path("home/", companies.start, name="start"),
    path("companies/new/", companies.new, name="new"),
    path("companies/<slug:slug>/home/", billing.home, name="home"),
    path("companies/<slug:slug>/invoices/", billing.invoices, name="invoices"),
    path("companies/<slug:slug>/paperwork/", billing.papers, name="paperwork"),
    path("companies/<slug:slug>/documents/<int:year>/", papers.year, name="documents"),
    path("companies/<slug:slug>/documents/<int:year>.zip", papers.archive, name="archive"),
    path("companies/<slug:slug>/portal/<str:currency>/", billing.portal, name="portal"),
    path("companies/<slug:slug>/edit/", sponsorships.describe, name="edit"),
    path("sponsors/<slug:slug>/", sponsorships.company, name="public"),
]
