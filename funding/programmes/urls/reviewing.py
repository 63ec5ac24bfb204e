"""What reviewers do, and how organisers choose."""

from django.urls import URLPattern

patterns: list[URLPattern] = []
