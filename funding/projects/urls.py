"""What there is to fund, and for each project the desk of those who run it."""

from django.urls import path

from funding.projects.views import content, desk, ending, money, offers, public, team, telling

app_name = "projects"

urlpatterns = [
    path("", public.home, name="home"),
    path("projects/", public.directory, name="directory"),
    path("projects/<slug:slug>/", public.detail, name="detail"),
    path("projects/<slug:slug>/updates/<int:update_id>/", public.update, name="update"),
    path("maintain/", desk.mine, name="maintain"),
    path("maintain/new/", content.create, name="create"),  # no project has this address
    path("maintain/<slug:slug>/", desk.home, name="desk"),
]

# What a project's page says and offers.
_desk = "maintain/<slug:slug>"
urlpatterns += [
    path(f"{_desk}/publish/", content.publish, name="publish"),
    path(f"{_desk}/preview/", content.preview, name="preview"),
    path(f"{_desk}/texts/", content.texts, name="texts"),
    path(f"{_desk}/logo/", content.logo, name="logo"),
    path(f"{_desk}/logo/remove/", content.remove_logo, name="remove-logo"),
    path(f"{_desk}/people/", offers.people, name="people"),
    path(f"{_desk}/people/add/", offers.edit_person, name="add-person"),
    path(f"{_desk}/people/<int:person_id>/", offers.edit_person, name="person"),
    path(f"{_desk}/people/<int:person_id>/move/", offers.move_person, name="move-person"),
    path(f"{_desk}/people/<int:person_id>/remove/", offers.remove_person, name="remove-person"),
    path(f"{_desk}/goals/", offers.goals, name="goals"),
    path(f"{_desk}/goals/add/", offers.edit_goal, name="add-goal"),
    path(f"{_desk}/goals/<int:goal_id>/", offers.edit_goal, name="goal"),
    path(f"{_desk}/goals/<int:goal_id>/move/", offers.move_goal, name="move-goal"),
    path(f"{_desk}/goals/<int:goal_id>/remove/", offers.remove_goal, name="remove-goal"),
    path(f"{_desk}/tiers/", offers.tiers, name="tiers"),
    path(f"{_desk}/tiers/add/", offers.edit_tier, name="add-tier"),
    path(f"{_desk}/tiers/<int:tier_id>/", offers.edit_tier, name="tier"),
    path(f"{_desk}/tiers/<int:tier_id>/move/", offers.move_tier, name="move-tier"),
    path(f"{_desk}/tiers/<int:tier_id>/close/", offers.close_tier, name="close-tier"),
    path(f"{_desk}/tiers/<int:tier_id>/reopen/", offers.reopen_tier, name="reopen-tier"),
    path(f"{_desk}/tiers/<int:tier_id>/remove/", offers.remove_tier, name="remove-tier"),
]

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
