"""Every page in every state that people meet it in, for `test_every_page`."""
