"""What participants and mentors do, and how organisers see a round through."""

from django.urls import URLPattern, path

from funding.programmes.views import certificates, outlays, places, reports, running

DESK = "organise/<slug:slug>/<slug:round_slug>"
PLACE = f"{DESK}/places/<int:place_id>"

patterns: list[URLPattern] = [
    # Participants and mentors
    path("places/", places.mine, name="my-places"),
    path("places/<int:place_id>/", places.place, name="place"),
    path("places/<int:place_id>/name/", places.rename, name="place-name"),
    path("places/<int:place_id>/checkpoints/<int:number>/", places.say, name="feedback"),
    path("places/<int:place_id>/posts/new/", places.tell, name="new-post"),
    path("places/<int:place_id>/posts/<int:post_id>/", places.tell, name="edit-post"),
    path("places/<int:place_id>/certificate.pdf", certificates.certificate, name="certificate"),
    path("programmes/certificates/<str:code>/", certificates.verify, name="verify-certificate"),
    # Organisers
    path(f"{DESK}/checkpoints/", reports.plan, name="checkpoints"),
    path(f"{DESK}/places/", running.places, name="places"),
    path(f"{PLACE}/", running.place, name="round-place"),
    path(f"{PLACE}/mentors/", running.mentors, name="place-mentors"),
    path(f"{PLACE}/extend/", running.extend, name="place-extend"),
    path(f"{PLACE}/end/", running.end, name="place-end"),
    path(f"{PLACE}/complete/", running.complete, name="place-complete"),
    path(f"{PLACE}/summary/", running.summarise, name="place-summary"),
    path(
        f"{DESK}/instalments/<int:instalment_id>/release/",
        running.release,
        name="release-instalment",
    ),
    path(f"{DESK}/instalments/<int:instalment_id>/hold/", running.hold, name="hold-instalment"),
    path(f"{DESK}/posts/<int:post_id>/", running.release_post, name="release-post"),
    path(f"{DESK}/report/", reports.report, name="round-report"),
    path(f"{DESK}/report/publish/", reports.publish, name="publish-report"),
    path(f"{DESK}/end/", reports.end, name="end-round"),
    # Organisers and treasurers
    path(f"{DESK}/money/", outlays.money, name="round-money"),
    path(f"{DESK}/money/cost/", outlays.spend, name="spend"),
    path(f"{DESK}/money/instalments/<int:instalment_id>/", outlays.pay, name="pay-instalment"),
    path(f"{DESK}/money/<int:outlay_id>/correct/", outlays.correct, name="correct-outlay"),
]
