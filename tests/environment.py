"""What the tests run in. A plugin (`-p tests.environment`), because pytest-django reads the
settings before it looks at any conftest."""

import os

os.environ["MAINSTAY_ENV"] = "test"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the same thread
