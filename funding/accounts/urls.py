"""A person's own account. Included before allauth's addresses, some of which it answers itself."""

from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.totp.views import activate_totp
from django.urls import path
from django.views.decorators.cache import never_cache

from funding.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("name/", views.name, name="name"),
    path("confirm/", views.confirm, name="confirm"),
    path("sessions/", views.session_list, name="sessions"),
    path("sessions/others/end/", views.end_other_sessions, name="end-other-sessions"),
    path("sessions/<int:session_id>/end/", views.end_session, name="end-session"),
    path("password/set/", views.set_password, name="set-password"),
    path("2fa/totp/activate/", never_cache(activate_totp), name="activate-app"),
    path("2fa/recovery-codes/", never_cache(view_recovery_codes), name="recovery-codes"),
    path("export/", views.export, name="export"),
    path("export/file/", views.export_file, name="export-file"),
    path("delete/", views.delete, name="delete"),
]
