"""A town in one process: the site's own code, Stripe's stand-in, companies that come and go, and bad
weather. The same seed is the same history, to the cent.

town.py      the processes, the broker, the clocks, and how a process dies
weather.py   what goes wrong, where, and how often it did
actors.py    what people do: one function a deed; more of them in changes, invoices, returns, operators
truth.py     what must be so after each step, and at the end; the books in books, what stands in standing
seats.py     a town of programmes: calls that open, fill and are settled; what must be so of them in calls
machine.py   a seed's history, or one that was written down
defects.py   ten mistakes, each with the smallest history that shows it
histories.py short histories that lead to wherever something can go wrong
cells.py     every trouble at every place; what the towns left empty is tried on those histories
report.py    what was reached, as a table
soak.py      many seeds, on every core (scripts/soak)
"""
