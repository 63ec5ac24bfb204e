"""scripts/soak. The processes of the pool come in through here as well."""

import sys

from tests import environment  # noqa: F401 - says what the settings read

import os  # isort: skip

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # isort: skip

django.setup()

from tests.simulation import soak  # isort: skip

if __name__ == "__main__":
    sys.exit(soak.main(sys.argv[1:]))
