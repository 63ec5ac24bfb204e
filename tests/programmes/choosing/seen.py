"""Pages about applications, as organisers and reviewers see them."""

from django.test import Client

from tests.certainty import certain


def client_of(user):
    client = Client()
    client.force_login(user)
    return certain(client)


def at(round_, path=""):
    return f"/organise/{round_.programme.slug}/{round_.slug}/{path}"


def text(answer):
    if answer.streaming:
        return b"".join(answer.streaming_content).decode()
    return answer.content.decode()
