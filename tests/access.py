"""Who may do what at every address: URL x method x visitor x whose object. An address that is not
here, or a method that answers otherwise, fails the run (test_access.py).

Each line says what every kind of visitor gets, in the order of VISITORS:
  200 a page · 302 sent on (to sign in, where nobody is signed in) · 403/404 refused · 405 no such
  method · 400 refused as nonsense · 422 a form to be mended."""

VISITORS = ("anybody", "stranger", "member", "staff")
# anybody: not signed in · stranger: signed in, of another company · member: of the company that the
# object belongs to, maintainer of the project · staff: signed in to the admin, of no company

SIGN_IN = "sign in"  # 302 to the sign-in page
ON = "on"  # 302 to somewhere else
HIDDEN = 404  # there is no such thing for you

TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    # address: {method: what each visitor gets}
    "/healthz": {"GET": (200, 200, 200, 200)},
    "/readyz": {"GET": (503, 503, 503, 503)},
    "/pictures/{digest}-64.webp": {"GET": (200, 200, 200, 200)},
    "/": {"GET": (200, 200, 200, 200)},
    "/projects/": {"GET": (200, 200, 200, 200)},
    "/projects/{slug}/": {"GET": (200, 200, 200, 200)},
    "/projects/{slug}/updates/{update_id}/": {"GET": (200, 200, 200, 200)},
    "/projects/{slug}/updates/": {"GET": (200, 200, 200, 200)},
    "/projects/{slug}/updates.atom": {"GET": (200, 200, 200, 200)},
    "/projects/{draft_slug}/updates/": {"GET": (HIDDEN,) * 4},
    "/projects/{draft_slug}/updates.atom": {"GET": (HIDDEN,) * 4},
    "/projects/{draft_slug}/": {"GET": (HIDDEN,) * 4},
    "/projects/{slug}/updates/{draft_update_id}/": {"GET": (HIDDEN,) * 4},
    "/sponsor/{tier_id}/": {
        "GET": (SIGN_IN, 200, 200, 200),
        "POST": (SIGN_IN, 422, 422, 422),
    },
    "/sponsor/{draft_tier_id}/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN),
    },
    "/sponsorships/": {"GET": (SIGN_IN, 200, 200, 200)},
    "/sponsorships/{sponsorship_id}/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN)},
    "/sponsorships/{sponsorship_id}/paid/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN)},
    "/sponsorships/{sponsorship_id}/left/": {"GET": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/let-go/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/cancel/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, HIDDEN),
    },
    "/sponsorships/{sponsorship_id}/undo/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/portal/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/stripe/webhook/": {"POST": (400, 400, 400, 400)},
    # allauth
    "/accounts/login/": {"GET": (200, ON, ON, ON), "POST": (200, ON, ON, ON)},
    "/accounts/login/code/": {"GET": (200, ON, ON, ON), "POST": (200, ON, ON, ON)},
    "/accounts/login/code/confirm/": {
        "GET": (SIGN_IN, ON, ON, ON),
        "POST": (SIGN_IN, ON, ON, ON),
    },
    "/accounts/logout/": {"GET": (ON, 200, 200, 200), "POST": (ON, ON, ON, ON)},
    "/accounts/signup/": {"GET": (200, ON, ON, ON), "POST": (200, ON, ON, ON)},
    "/accounts/inactive/": {"GET": (200, 200, 200, 200), "POST": (405,) * 4},
    "/accounts/reauthenticate/": {
        "GET": (SIGN_IN, 200, 200, 200),
        "POST": (SIGN_IN, 200, 200, 200),
    },
    "/accounts/email/": {"GET": (SIGN_IN, 200, 200, 200), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/confirm-email/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/password/change/": {
        "GET": (SIGN_IN, 200, 200, 200),
        "POST": (SIGN_IN, 200, 200, 200),
    },
    "/accounts/password/set/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/password/reset/": {"GET": (200, 200, 200, 200), "POST": (200, 200, 200, 200)},
    "/accounts/password/reset/done/": {"GET": (200, 200, 200, 200)},
    "/accounts/password/reset/key/x1-set-password/": {"GET": (200, 200, 200, 200)},
    "/accounts/password/reset/key/done/": {"GET": (200, 200, 200, 200)},
}

# A project's desk, by the part that somebody has in it.
PARTS = ("anybody", "stranger", "owner", "editor", "treasurer", "staff")
# stranger: owner of another project · staff: signed in to the admin, with no part in this project

DESK: dict[str, dict[str, tuple[object, ...]]] = {
    "/maintain/": {"GET": (SIGN_IN, 200, 200, 200, 200, 200)},
    "/maintain/{slug}/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)},
    # updates
    "/maintain/{slug}/updates/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN)},
    "/maintain/{slug}/updates/new/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 422, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{update_id}/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 422, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{draft_update_id}/publish/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{update_id}/take-down/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, 403, HIDDEN),
    },
    "/maintain/{slug}/updates/{draft_update_id}/delete/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, 403, HIDDEN),
    },
    # money outside Stripe
    "/maintain/{slug}/grants/": {"GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN)},
    "/maintain/{slug}/grants/new/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/grants/{grant_id}/correct/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/payments/": {"GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN)},
    "/maintain/{slug}/payments/new/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/payments/{payment_id}/correct/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 422, HIDDEN),
    },
    "/maintain/{slug}/log/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)},
    "/maintain/{slug}/archive/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/reopen/": {
        "GET": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    # the team
    "/maintain/{slug}/team/": {"GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)},
    "/maintain/{slug}/team/invite/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/leave/": {
        "GET": (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, ON, ON, HIDDEN),
    },
    "/maintain/{slug}/team/hand-over/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/{member_id}/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/{member_id}/remove/": {
        "GET": (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/invitations/{invitation_id}/send-again/": {
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/{slug}/team/invitations/{invitation_id}/withdraw/": {
        "POST": (SIGN_IN, HIDDEN, ON, 403, 403, HIDDEN),
    },
    "/maintain/invitations/{invitation_id}/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    },
    "/invitations/{secret}/": {
        "GET": (200, 200, 200, 200, 200, 200),
        "POST": (SIGN_IN, 403, 403, 403, 403, 403),
    },
}

ALL = TABLE | DESK

# Everything below these is one thing: Django's admin, for staff alone.
STAFF_ONLY_BELOW = "/admin/"
