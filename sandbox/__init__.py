"""An offline Stripe.

It speaks Stripe's API of one version well enough that the real stripe-python client, unchanged,
cannot tell the difference. It knows nothing of the site that talks to it. No money moves.
"""
