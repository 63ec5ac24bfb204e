"""The site's addresses and, in the demo alone, a mailbox."""

from django.urls import include, path

from demo import mailbox

urlpatterns = [
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.mail, name="mail"),
    path("", include("config.urls")),
]
