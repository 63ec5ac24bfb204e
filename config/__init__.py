"""Wiring: settings, URLs, servers, Celery. It imports everybody and is imported by nobody."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
