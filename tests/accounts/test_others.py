"""Signing in through GitHub, GitLab or an OpenID Connect server: offered only with credentials. Which
apps there are is known when a process starts, so each test starts one."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

GITHUB = {"GITHUB_CLIENT_ID": "id-of-github", "GITHUB_CLIENT_SECRET": "secret"}
GITLAB = {"GITLAB_CLIENT_ID": "id-of-gitlab", "GITLAB_CLIENT_SECRET": "secret",
          "GITLAB_URL": "https://git.example.org"}  # fmt: skip
OIDC = {"OIDC_CLIENT_ID": "id-of-oidc", "OIDC_CLIENT_SECRET": "secret", "OIDC_NAME": "Kestrel's own",
        "OIDC_SERVER_URL": "https://id.example.org/realm"}  # fmt: skip
ASK = """
import json, sys, django
django.setup()
from django.test import Client
answers = []
for method, path in json.loads(sys.argv[1]):
    answer = getattr(Client(), method)(path)
    answers.append([answer.status_code, answer.headers.get("Location", ""),
                    answer.headers.get("Content-Security-Policy", ""), answer.content.decode()])
print("ANSWERS" + json.dumps(answers))
"""


@pytest.fixture
def ask(tmp_path, tables):
    """What a process with such credentials answers."""
    shutil.copy(tables, tmp_path / "db")
    return lambda credentials, *requests: answers(tmp_path, credentials, requests)


def answers(tmp_path, credentials, requests):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {
        **kept, **credentials, "DJANGO_SETTINGS_MODULE": "config.settings", "MAINSTAY_ENV": "test",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db", "BROKER_DIR": str(tmp_path / "broker"),
        "ALLOWED_HOSTS": "testserver",
    }  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(requests)], cwd=settings.BASE_DIR,
        env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.partition("ANSWERS")[2])


def test_without_credentials_nobody_is_sent_anywhere(ask):
    page, github = ask({}, ("get", "/accounts/login/"), ("get", "/accounts/github/login/"))

    assert "Sign in with GitHub" not in page[3]
    assert github[0] == 404


def test_each_with_credentials_is_offered(ask):
    [[status, _, policy, page]] = ask({**GITHUB, **GITLAB, **OIDC}, ("get", "/accounts/login/"))

    assert status == 200
    for name in ("GitHub", "GitLab", "Kestrel&#x27;s own"):
        assert f"Sign in with {name}" in page
    for origin in ("https://github.com", "https://git.example.org", "https://id.example.org"):
        assert origin in policy


@pytest.mark.parametrize(
    ("credentials", "path", "leads_to"),
    [
        (GITHUB, "/accounts/github/login/", "https://github.com/login/oauth/authorize"),
        (GITLAB, "/accounts/gitlab/login/", "https://git.example.org/oauth/authorize"),
    ],
    ids=["github", "gitlab"],
)
def test_a_page_says_what_happens_before_anybody_leaves(ask, credentials, path, leads_to):
    page, sent = ask(credentials, ("get", path), ("post", path))

    assert page[0] == 200
    assert "and come back" in page[3]
    assert sent[0] == 302
    assert sent[1].startswith(leads_to)
