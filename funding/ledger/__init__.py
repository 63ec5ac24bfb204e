"""The books. Every figure about money that the site shows is a question to them."""
