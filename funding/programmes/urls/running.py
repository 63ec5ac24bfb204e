"""What participants and mentors do, and how organisers see a round through."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
