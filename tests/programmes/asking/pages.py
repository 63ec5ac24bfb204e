"""Pages of the desk on which questions and ideas stand."""


def desk(round_, path):
    return f"/organise/{round_.programme.slug}/{round_.slug}/{path}"


def text(response):
    return response.content.decode()


def seen(signed_in, url):
    """The mark that a form carries."""
    return signed_in.get(url).context["form"]["seen"].value()
