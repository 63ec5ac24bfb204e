"""Who sponsors: companies, and individuals as companies of one."""
