"""Texts of a page, as they are typed and sent."""


def opened(client, slug="harbour"):
    """The form as it stands, as a browser would send it."""
    form = client.get(f"/maintain/{slug}/texts/").context["form"]
    return {field.html_name: field.value() or "" for field in form}


def send(client, typed, slug="harbour"):
    return client.post(f"/maintain/{slug}/texts/", typed)


def change(client, **values):
    return send(client, opened(client) | values)


def errors(response):
    return response.context["form"].errors


def languages(project):
    return list(project.languages.values_list("name", flat=True))
