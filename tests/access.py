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
# tests/programmes/doors says who may do what below these.
IN_PROGRAMMES = (
    "programmes/", "organise/", "applications/", "reviews/", "places/", "commitments/",
)  # fmt: skip
HIDDEN = 404  # there is no such thing for you

TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    # address: {method: what each visitor gets}
    "/healthz": {"GET": (200, 200, 200, 200)},
    "/readyz": {"GET": (503, 503, 503, 503)},
    "/pictures/{digest}-64.webp": {"GET": (200, 200, 200, 200)},
    "/": {"GET": (200, 200, 200, 200)},
    "/projects/": {"GET": (200, 200, 200, 200)},
    "/help/": {"GET": (200, 200, 200, 200)},
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
    "/sponsorships/{sponsorship_id}/mend/": {"GET": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/again/": {"GET": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/staff/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, 200)
    },  # to look; before a deed they are asked once more
    "/staff/events/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/events/again/": {"POST": (SIGN_IN, HIDDEN, HIDDEN, ON)},
    "/staff/invoices/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/invoices/{invoice_id}/money/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, ON),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, ON),
    },
    "/staff/invoices/{invoice_id}/sent-back/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, ON),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, ON),
    },
    "/staff/invoices/{invoice_id}/write-off/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, ON),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, ON),
    },
    "/sponsorships/{ordered_id}/ordered/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN)},
    "/sponsorships/{sponsorship_id}/ordered/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN)},
    "/sponsorships/{ordered_id}/po/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, HIDDEN),
    },
    "/companies/{company}/paperwork/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, HIDDEN),
    },
    "/staff/payments/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/payments/{settled_id}/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/payments/{settled_id}/refund/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, ON),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, ON),
    },
    "/staff/disputes/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/disputes/{dispute_id}/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/disputes/{dispute_id}/end/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, ON),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, ON),
    },
    "/staff/disputes/{dispute_id}/go-on/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, ON),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, ON),
    },
    "/staff/rounds/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/reconciliation/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, 200)},
    "/staff/reconciliation/run/": {"POST": (SIGN_IN, HIDDEN, HIDDEN, ON)},
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
    "/sponsorships/{sponsorship_id}/change/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN)},
    "/sponsorships/{sponsorship_id}/change/{other_tier_id}/month/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 409, HIDDEN),
    },
    "/sponsorships/{sponsorship_id}/change/{tier_id}/month/": {
        "GET": (SIGN_IN, HIDDEN, ON, HIDDEN),  # it is on that already
    },
    "/sponsorships/{sponsorship_id}/change/{draft_tier_id}/month/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN),
    },
    "/sponsorships/{sponsorship_id}/change/take-back/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/pause/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, HIDDEN),
    },
    "/sponsorships/{sponsorship_id}/resume/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/portal/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/sponsorships/{sponsorship_id}/showing/": {"POST": (SIGN_IN, HIDDEN, 422, HIDDEN)},
    "/maintain/{slug}/owed/{fulfilment_id}/done/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, HIDDEN),
    },
    "/maintain/{slug}/owed/{fulfilment_id}/undo/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/updates/off/{signed}/": {"GET": (200,) * 4, "POST": (200,) * 4},  # whoever got the mail
    "/updates/off/nonsense/": {"GET": (HIDDEN,) * 4, "POST": (HIDDEN,) * 4},
    # companies
    "/home/": {"GET": (SIGN_IN, 200, 200, 200)},
    "/companies/new/": {"GET": (SIGN_IN, 200, 200, 200), "POST": (SIGN_IN, 422, 422, 422)},
    "/companies/{company}/home/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN)},
    "/companies/{company}/invoices/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN)},
    "/companies/{company}/documents/2026/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, ON, HIDDEN),
    },
    "/companies/{company}/documents/2026.zip": {"GET": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/documents/{document_id}.pdf": {"GET": (SIGN_IN, HIDDEN, 200, 200)},
    "/documents/{document_id}.pdf?key={document_key}": {"GET": (200, 200, 200, 200)},
    "/documents/{document_id}.pdf?key=nonsense": {"GET": (SIGN_IN, HIDDEN, 200, 200)},
    "/documents/in_nonsense.pdf": {"GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN)},
    "/companies/{company}/portal/GBP/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/companies/{company}/card/GBP/": {"POST": (SIGN_IN, HIDDEN, ON, HIDDEN)},
    "/companies/{company}/edit/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, HIDDEN),
    },
    "/sponsors/{company}/": {"GET": (200, 200, 200, 200)},
    "/sponsors/{hidden_company}/": {"GET": (HIDDEN, 200, HIDDEN, HIDDEN)},  # `stranger`'s own
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
    # one's own account; what is ON here asks first who one is
    "/accounts/": {"GET": (SIGN_IN, 200, 200, 200)},
    "/accounts/name/": {"GET": (SIGN_IN, 200, 200, 200), "POST": (SIGN_IN, 422, 422, 422)},
    "/accounts/confirm/": {"GET": (SIGN_IN, 200, 200, 200), "POST": (SIGN_IN, 422, 422, 422)},
    "/accounts/sessions/": {"GET": (SIGN_IN, 200, 200, 200)},
    "/accounts/sessions/others/end/": {"POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/sessions/0/end/": {"POST": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN)},
    "/accounts/export/": {"GET": (SIGN_IN, ON, ON, ON)},
    "/accounts/export/file/": {"GET": (SIGN_IN, ON, ON, ON)},
    "/accounts/delete/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/2fa/": {"GET": (SIGN_IN, 200, 200, 200)},
    "/accounts/2fa/authenticate/": {
        "GET": (SIGN_IN, ON, ON, ON),
        "POST": (SIGN_IN, ON, ON, ON),
    },
    "/accounts/2fa/reauthenticate/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/2fa/totp/activate/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/2fa/totp/deactivate/": {
        "GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN),
    },
    "/accounts/2fa/recovery-codes/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN)},
    "/accounts/2fa/recovery-codes/generate/": {
        "GET": (SIGN_IN, ON, ON, ON),
        "POST": (SIGN_IN, ON, ON, ON),
    },
    "/accounts/2fa/recovery-codes/download/": {"GET": (SIGN_IN, HIDDEN, HIDDEN, HIDDEN)},
    "/accounts/2fa/webauthn/": {"GET": (SIGN_IN, 200, 200, 200)},
    "/accounts/2fa/webauthn/add/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/2fa/webauthn/login/": {"GET": (SIGN_IN, ON, ON, ON), "POST": (SIGN_IN, ON, ON, ON)},
    "/accounts/2fa/webauthn/reauthenticate/": {
        "GET": (SIGN_IN, ON, ON, ON),
        "POST": (SIGN_IN, ON, ON, ON),
    },
    "/accounts/2fa/webauthn/keys/0/remove/": {
        "GET": (SIGN_IN, ON, ON, ON),
        "POST": (SIGN_IN, ON, ON, ON),
    },
    "/accounts/2fa/webauthn/keys/0/edit/": {
        "GET": (SIGN_IN, ON, ON, ON),
        "POST": (SIGN_IN, ON, ON, ON),
    },
    "/accounts/3rdparty/": {"GET": (SIGN_IN, 200, 200, 200), "POST": (SIGN_IN, 200, 200, 200)},
    "/accounts/3rdparty/signup/": {"GET": (SIGN_IN,) * 4, "POST": (SIGN_IN,) * 4},
    "/accounts/3rdparty/login/cancelled/": {"GET": (200,) * 4},
    "/accounts/3rdparty/login/error/": {"GET": (401,) * 4},
    "/accounts/social/login/cancelled/": {"GET": (301,) * 4},
    "/accounts/social/login/error/": {"GET": (301,) * 4},
    "/accounts/social/signup/": {"GET": (301,) * 4},
    "/accounts/social/connections/": {"GET": (301,) * 4},
    "/accounts/password/reset/": {"GET": (200, 200, 200, 200), "POST": (200, 200, 200, 200)},
    "/accounts/password/reset/done/": {"GET": (200, 200, 200, 200)},
    "/accounts/password/reset/key/x1-set-password/": {"GET": (200, 200, 200, 200)},
    "/accounts/password/reset/key/done/": {"GET": (200, 200, 200, 200)},
}

# A project's desk, by the part that somebody has in it.
PARTS = ("anybody", "stranger", "owner", "editor", "treasurer", "staff")
# stranger: owner of another project · staff: signed in to the admin, with no part in this project

SEES = (SIGN_IN, HIDDEN, 200, 200, 200, HIDDEN)
EDITS = (SIGN_IN, HIDDEN, 200, 200, 403, HIDDEN)
RUNS = (SIGN_IN, HIDDEN, 200, 403, 403, HIDDEN)


def instead(answers: tuple[object, ...], of_200: object) -> tuple[object, ...]:
    """The same people get something else than a page."""
    return tuple(of_200 if answer == 200 else answer for answer in answers)


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
    # what its page says and offers
    "/maintain/new/": {
        "GET": (SIGN_IN, 200, 200, 200, 200, 200),
        "POST": (SIGN_IN, 422, 422, 422, 422, 422),
    },
    "/maintain/{slug}/publish/": {"GET": instead(RUNS, ON), "POST": instead(RUNS, ON)},
    "/maintain/{slug}/preview/": {"GET": instead(SEES, ON)},
    "/maintain/{slug}/texts/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/logo/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/logo/remove/": {"POST": instead(EDITS, ON)},
    "/maintain/{slug}/people/": {"GET": EDITS},
    "/maintain/{slug}/people/add/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/people/{person_id}/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/people/{person_id}/move/": {"POST": instead(EDITS, 400)},
    "/maintain/{slug}/people/{person_id}/remove/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    "/maintain/{slug}/goals/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/goals/add/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/goals/{goal_id}/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/goals/{goal_id}/move/": {"POST": instead(EDITS, 400)},
    "/maintain/{slug}/goals/{goal_id}/remove/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    "/maintain/{slug}/tiers/": {"GET": EDITS},
    "/maintain/{slug}/tiers/add/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/tiers/{tier_id}/": {"GET": EDITS, "POST": instead(EDITS, 422)},
    "/maintain/{slug}/tiers/{tier_id}/move/": {"POST": instead(EDITS, 400)},
    "/maintain/{slug}/tiers/{tier_id}/close/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    "/maintain/{slug}/tiers/{tier_id}/reopen/": {"POST": instead(EDITS, ON)},
    "/maintain/{slug}/tiers/{tier_id}/remove/": {"GET": EDITS, "POST": instead(EDITS, ON)},
    # somebody else's rows under one's own address, and a draft
    "/maintain/{slug}/people/{others_person_id}/": {"GET": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/goals/{others_goal_id}/": {"GET": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/goals/{others_goal_id}/move/": {"POST": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/goals/{others_goal_id}/remove/": {"POST": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/tiers/{draft_tier_id}/": {"GET": instead(EDITS, HIDDEN)},
    "/maintain/{slug}/tiers/{draft_tier_id}/close/": {"POST": instead(EDITS, HIDDEN)},
    "/maintain/{draft_slug}/preview/": {"GET": (SIGN_IN, HIDDEN, 200, HIDDEN, HIDDEN, HIDDEN)},
    "/maintain/{draft_slug}/publish/": {
        "GET": (SIGN_IN, HIDDEN, 200, HIDDEN, HIDDEN, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 422, HIDDEN, HIDDEN, HIDDEN),
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
    "/maintain/{slug}/received/": {"GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN)},
    "/maintain/{slug}/received/{settled_id}/refund/": {  # a bank asked for it once: not for them
        "GET": (SIGN_IN, HIDDEN, 200, 403, 200, HIDDEN),
        "POST": (SIGN_IN, HIDDEN, 409, 403, 409, HIDDEN),
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
