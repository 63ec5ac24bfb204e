"""What the site's speed is, beside its limit, in one run. Figures of other machines mean nothing
here: only the ratios do, so each run measures ours and the limit side by side, several times."""
