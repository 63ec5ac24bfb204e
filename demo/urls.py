"""The site's addresses and, in the demo alone, what it holds and a mailbox."""

from django.urls import include, path

from demo import mailbox, overview

urlpatterns = [
    path("demo/", overview.index, name="demo"),
    path("mailbox/", mailbox.index, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox.mail, name="mail"),
    path("", include("config.urls")),
]
