"""Forms of programmes, a module for each part."""
