"""Invoices of seats, and what their companies are told."""

from funding.office.models import Message


def words(message):
    return " ".join(message.body.split())


def mail(key):
    return list(Message.objects.filter(key__startswith=key))
