"""Where money comes from: companies, their sponsorships, and Stripe."""
