"""What the machine holds about the design: directions, one writer per fact, sizes."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ORDER = [
    "funding.office", "funding.accounts", "funding.ledger", "funding.projects",
    "funding.programmes",
    "sponsors.companies", "sponsors.sponsorships", "sponsors.billing",
]  # fmt: skip
OURS = [app for app in apps.get_app_configs() if app.name in ORDER]


def test_every_app_of_ours_has_its_place_in_the_order():
    installed = [name for name in settings.INSTALLED_APPS if name.startswith(("funding", "spons"))]

    assert sorted(installed) == sorted(ORDER)


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_foreign_keys_point_down(app):
    assert upward_keys(app) == []


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_nothing_below_sees_who_points_at_it_from_above(app):
    """Reverse relations across the line between funding and sponsors are hidden."""
    seen = [
        f"{relation.related_model.__name__} as {relation.get_accessor_name()}"
        for model in app.get_models()
        for relation in model._meta.related_objects
        if app.name.startswith("funding")
        and relation.related_model._meta.app_config.name.startswith("sponsors")
        and not relation.hidden
    ]

    assert seen == []


def upward_keys(app, position=None):
    place = ORDER.index(app.name) if position is None else position
    return [
        f"{model.__name__}.{field.name}"
        for model in app.get_models()
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one) and field.concrete
        and (target := field.related_model._meta.app_config.name) in ORDER
        and ORDER.index(target) > place
    ]  # fmt: skip


def test_an_upward_foreign_key_would_be_found():
    billing = apps.get_app_config("billing")

    assert "Customer.company" in upward_keys(billing, position=0)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the code, to plant faults in."""
    folder = tmp_path_factory.mktemp("copy")
    for name in (
        "config",
        "funding",
        "sponsors",
        "sandbox",
        "demo",
        "bench",
        "tests",
        "pyproject.toml",
    ):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def imports_are_kept(folder):
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True)
    return run.returncode == 0


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("funding/projects/models/project.py", "from sponsors.companies.models import Company"),
        ("funding/office/outbox.py", "import funding.ledger.posting"),
        ("sponsors/billing/checkout.py", "import stripe"),
        ("sponsors/sponsorships/lifecycle.py", "from sponsors.sponsorships import views"),
        ("funding/ledger/models.py", "from funding.ledger import posting"),
        ("config/wsgi.py", "import sandbox.engine"),
        ("sandbox/engine.py", "from funding.office import clock"),
    ],
)
def test_a_planted_import_is_refused(copy, file, line):
    path = copy / file
    clean = path.read_text()
    path.write_text(f"{clean}\n{line}\n")
    try:
        assert not imports_are_kept(copy)
    finally:
        path.write_text(clean)


def test_the_imports_as_they_are_are_kept(copy):
    assert imports_are_kept(copy)


def modules(*folders):
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path):
    return str(path.relative_to(ROOT))


def test_status_is_written_in_lifecycle_alone():
    writers = {
        name_of(path)
        for path in modules("sponsors", "funding")
        if "sponsorship.status = " in path.read_text()
    }
    begun = {
        name_of(path)
        for path in modules("sponsors", "funding")
        if "Sponsorship.objects.create" in path.read_text()
    }

    assert writers == {"sponsors/sponsorships/lifecycle.py"}
    assert begun == {"sponsors/sponsorships/beginning.py"}  # as a draft


def test_entries_and_transfers_are_written_in_posting_alone():
    words = (
        "Entry.objects.create", "Transfer.objects.bulk_create", "Transfer.objects.create",
        "INSERT INTO ledger_entry", "INSERT INTO ledger_transfer",
    )  # fmt: skip
    writers = {
        name_of(path)
        for path in modules("sponsors", "funding")
        if any(word in path.read_text() for word in words)
    }

    assert writers == {"funding/ledger/posting.py"}


@pytest.mark.parametrize("path", modules("funding", "sponsors", "config", "sandbox"), ids=name_of)
def test_modules_and_functions_are_of_a_size_that_can_be_read(path):
    text = path.read_text()
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [f.name for f in functions if f.end_lineno - f.lineno + 1 > 40]

    assert text.count("\n") <= 400
    assert long == []


@pytest.mark.parametrize("path", modules("funding", "sponsors", "config"), ids=name_of)
def test_a_folder_holds_apps_or_modules_and_no_drawers(path):
    drawers = {
        "utils",
        "helpers",
        "common",
        "services",
        "managers",
        "constants",
        "signals",
        "misc",
    }

    assert path.stem not in drawers
