"""What templates ask about programmes."""

from django import template

from funding.programmes import instants

register = template.Library()
register.filter("in_zone", instants.said)
