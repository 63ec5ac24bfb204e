"""What there is to fund, and for each project the desk of those who run it."""

from django.urls import path

from funding.projects.views import desk, ending, money, public, team, telling

app_name = "projects"

urlpatterns = [
    path("", public.home, name="home"),
    path("projects/", public.directory, name="directory"),
    path("projects/<slug:slug>/", public.detail, name="detail"),
    path("projects/<slug:slug>/updates/<int:update_id>/", public.update, name="update"),
    path("maintain/", desk.mine, name="maintain"),
    path("maintain/<slug:slug>/", desk.home, name="desk"),
]

# What a project's page says and offers.
urlpatterns += []

# Money, people, updates, and its end.
urlpatterns += [
    path("projects/<slug:slug>/updates/", telling.told, name="told"),
    path("projects/<slug:slug>/updates.atom", telling.feed, name="feed"),
    path("maintain/<slug:slug>/updates/", telling.updates, name="updates"),
    path("maintain/<slug:slug>/updates/new/", telling.edit_update, name="new-update"),
    path("maintain/<slug:slug>/updates/<int:update_id>/", telling.edit_update, name="edit-update"),
    path(
        "maintain/<slug:slug>/updates/<int:update_id>/publish/",
        telling.publish_update,
        name="publish-update",
    ),
    path(
        "maintain/<slug:slug>/updates/<int:update_id>/take-down/",
        telling.take_down_update,
        name="take-down-update",
    ),
    path(
        "maintain/<slug:slug>/updates/<int:update_id>/delete/",
        telling.delete_update,
        name="delete-update",
    ),
    path("maintain/<slug:slug>/archive/", ending.archive, name="archive"),
    path("maintain/<slug:slug>/reopen/", ending.reopen, name="reopen"),
    path("maintain/<slug:slug>/log/", ending.log, name="log"),
    path("maintain/<slug:slug>/team/", team.members, name="team"),
    path("maintain/<slug:slug>/team/invite/", team.invite, name="invite"),
    path("maintain/<slug:slug>/team/leave/", team.leave, name="leave"),
    path("maintain/<slug:slug>/team/hand-over/", team.hand_over, name="hand-over"),
    path("maintain/<slug:slug>/team/<int:member_id>/", team.change_role, name="change-role"),
    path("maintain/<slug:slug>/team/<int:member_id>/remove/", team.remove, name="remove-member"),
    path(
        "maintain/<slug:slug>/team/invitations/<int:invitation_id>/send-again/",
        team.send_again,
        name="send-invitation-again",
    ),
    path(
        "maintain/<slug:slug>/team/invitations/<int:invitation_id>/withdraw/",
        team.withdraw,
        name="withdraw-invitation",
    ),
    path("maintain/invitations/<int:invitation_id>/", team.waiting, name="waiting-invitation"),
    path("invitations/<slug:secret>/", team.invitation, name="invitation"),
]
urlpatterns += [
    path(f"maintain/<slug:slug>/{kind}/{path_}", view, {"kind": kind}, name=name)
    for kind in money.KINDS
    for path_, view, name in (
        ("", money.recorded, kind),
        ("new/", money.record, f"record-{kind}"),
        ("<int:recorded_id>/correct/", money.correct, f"correct-{kind}"),
    )
]
