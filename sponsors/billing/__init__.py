"""Everything Stripe: the only rooms where its objects have names."""
