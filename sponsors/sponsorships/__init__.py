"""Sponsorships: a company on a tier, from the first click to the last day it stands."""
