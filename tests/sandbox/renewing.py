"""What a renewal announces, and when."""

from sandbox.clock import DAY

MONTH = 31 * DAY
