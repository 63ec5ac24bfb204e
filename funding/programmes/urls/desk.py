"""What organisers do: programmes, rounds, calls, people."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
