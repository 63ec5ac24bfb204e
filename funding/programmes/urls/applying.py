"""What applicants do, and what organisers ask them."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
