"""What every room needs: the clock, the outbox, leases, slots, the heartbeat, Markdown."""
