"""The one timetable. Each job finds what is due and not yet done, so it may run at any time. Plain numbers
are seconds from one run to the next."""

from typing import Any

from celery.schedules import crontab

JOBS: dict[str, dict[str, Any]] = {
    "heartbeat": {"task": "funding.office.tasks.beat", "schedule": 10.0},
    "send-messages": {"task": "funding.office.tasks.send_messages", "schedule": 5.0},
    "sweep-events": {"task": "sponsors.billing.tasks.sweep_events", "schedule": 5.0},
    "catch-up": {"task": "sponsors.billing.tasks.catch_up", "schedule": 1800.0},
    "ask-to-reconcile": {"task": "sponsors.billing.tasks.ask_to_reconcile", "schedule": 900.0},
    "reconcile": {"task": "sponsors.billing.tasks.reconcile", "schedule": 20.0},
    "sweep-checkouts": {"task": "sponsors.billing.tasks.sweep_checkouts", "schedule": 60.0},
    "sweep-asked": {"task": "sponsors.billing.tasks.sweep_asked", "schedule": 60.0},
    "sweep-changes": {"task": "sponsors.billing.tasks.sweep_changes", "schedule": 60.0},
    "remind-of-pauses": {"task": "sponsors.billing.tasks.remind_of_pauses", "schedule": 300.0},
    "wind-up": {"task": "sponsors.billing.tasks.wind_up", "schedule": 60.0},
    "lapse": {"task": "sponsors.billing.tasks.lapse", "schedule": 60.0},
    "warn": {"task": "sponsors.billing.tasks.warn", "schedule": 300.0},
    "sweep-orders": {"task": "sponsors.billing.tasks.sweep_orders", "schedule": 60.0},
    "note-overdue": {"task": "sponsors.billing.tasks.note_overdue", "schedule": 60.0},
    "ask-for-numbers": {"task": "sponsors.billing.tasks.ask_for_numbers", "schedule": 300.0},
    "tell-stripe": {"task": "sponsors.billing.tasks.tell_stripe", "schedule": 300.0},
    "print-archives": {"task": "sponsors.billing.tasks.print_archives", "schedule": 10.0},
    "release-deferred": {"task": "sponsors.billing.tasks.release_deferred", "schedule": 20.0},
    "refresh-funding": {"task": "sponsors.sponsorships.tasks.refresh_funding", "schedule": 30.0},
    "note-what-is-due": {
        "task": "sponsors.sponsorships.tasks.note_what_is_due",
        "schedule": 300.0,
    },
    "offer-seats": {"task": "sponsors.sponsorships.tasks.offer_seats", "schedule": 30.0},
    "ask-again": {"task": "sponsors.sponsorships.tasks.ask_again", "schedule": 900.0},
    "mail-updates": {"task": "sponsors.sponsorships.tasks.mail_updates", "schedule": 30.0},
    "mail-reports": {"task": "sponsors.sponsorships.tasks.mail_reports", "schedule": 60.0},
    "tell-interested": {"task": "funding.programmes.tasks.tell_interested", "schedule": 60.0},
    "remind-applicants": {
        "task": "funding.programmes.tasks.remind_applicants",
        "schedule": 300.0,
    },
    "sweep-offers": {"task": "funding.programmes.tasks.sweep_offers", "schedule": 60.0},
    "remind-of-checkpoints": {
        "task": "funding.programmes.tasks.remind_of_checkpoints",
        "schedule": 300.0,
    },
    "remind-organisers": {
        "task": "funding.programmes.tasks.remind_organisers",
        "schedule": 3600.0,
    },
    "purge-applications": {
        "task": "funding.programmes.tasks.purge_applications",
        "schedule": 3600.0,
    },
    "run-closings": {"task": "sponsors.billing.tasks.run_closings", "schedule": 60.0},
    "tidy-archives": {
        "task": "sponsors.billing.tasks.tidy_archives",
        "schedule": crontab(minute=20),
    },
    "tidy": {"task": "funding.office.tasks.tidy", "schedule": crontab(hour=3, minute=40)},
    "fold-rollups": {"task": "funding.ledger.tasks.fold_rollups", "schedule": 86400.0},
    "tidy-accounts": {
        "task": "funding.accounts.tasks.tidy",
        "schedule": crontab(hour=3, minute=50),
    },
}
