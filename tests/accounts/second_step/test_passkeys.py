"""Passkeys: whose they are, and that nonsense is answered."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import factories
from tests.accounts.second_step.people import is_in
from tests.browser.passkeys import KEY

pytestmark = pytest.mark.django_db


def test_nobody_touches_the_passkey_of_another(adas):
    others = Authenticator.objects.create(
        user=factories.user(), type="webauthn", data={"name": "Theirs", "credential": KEY}
    )

    for deed in ("edit", "remove"):
        path = f"/accounts/2fa/webauthn/keys/{others.pk}/{deed}/"
        assert adas.get(path).status_code == 404
        assert adas.post(path, {"name": "Mine"}).status_code == 404
    assert str(Authenticator.objects.get()) == "Theirs"


def test_a_passkey_is_renamed_and_removed(adas, ada):
    key = Authenticator.objects.create(
        user=ada, type="webauthn", data={"name": "Old", "credential": KEY}
    )

    adas.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "New"})
    assert str(Authenticator.objects.get()) == "New"
    adas.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_passkey_has_a_name_of_some_length(adas, ada, name):
    key = Authenticator.objects.create(
        user=ada, type="webauthn", data={"name": "Old", "credential": KEY}
    )

    adas.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": name})

    assert str(Authenticator.objects.get()) == "Old"


NONSENSE = [
    "", "null", "[]", "1", '"x"', "{}", '{"id": 1}', '{"response": null}', '{"response": []}',
    '{"response": {"userHandle": null}}', '{"response": {"userHandle": 5}}', '{"id": "a", "rawId": "?"}',
    '{"id":"a2V5MQ","rawId":"a2V5MQ","type":"public-key","response":{"userHandle":"MQ",'
    '"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA"}}',
    '{"id":"a2V5MQ","rawId":"a2V5MQ","type":"public-key","response":{"userHandle":"MQ",'
    '"clientDataJSON":"bm9uc2Vuc2U","authenticatorData":"AA","signature":"AA"}}',
    "[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("sent", NONSENSE, ids=range(len(NONSENSE)))
def test_a_passkey_that_is_nonsense_is_answered_and_signs_nobody_in(ada, sent):
    client = Client()
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": sent})

    assert answer.status_code in (200, 302)
    assert not is_in(client)


@pytest.mark.parametrize("sent", NONSENSE, ids=range(len(NONSENSE)))
def test_a_passkey_that_is_nonsense_is_not_added(adas, sent):
    adas.get("/accounts/2fa/webauthn/add/")

    answer = adas.post("/accounts/2fa/webauthn/add/", {"name": "Key", "credential": sent})

    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("sent", NONSENSE, ids=range(len(NONSENSE)))
def test_a_passkey_that_is_nonsense_confirms_nobody(ada, sent):
    Authenticator.objects.create(
        user=ada, type="webauthn", data={"name": "Key", "credential": KEY}
    )
    client = Client()
    client.force_login(ada)
    client.get("/accounts/2fa/webauthn/reauthenticate/")

    answer = client.post("/accounts/2fa/webauthn/reauthenticate/", {"credential": sent})

    assert answer.status_code in (200, 302)
    assert client.get("/accounts/export/").status_code == 302
