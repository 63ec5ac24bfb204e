"""`python -m demo.prepare FOLDER PORT`: what must be there before the demo's processes start, in a
process of its own with Django in it."""

import gc
import sys
from pathlib import Path

import django
from django.utils.module_loading import import_string

from demo.folder import Folder

if __name__ == "__main__":
    gc.disable()  # the year makes few cycles, and looking for them costs a sixth of its time
    django.setup()
    import_string("demo.making.make")(Folder(Path(sys.argv[1])), int(sys.argv[2]))
