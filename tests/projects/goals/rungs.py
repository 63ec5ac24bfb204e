"""Forms of a desk, and the order in which its rows stand."""

BASE = "/maintain/harbour"


def typed(form):
    return {field.html_name: field.value() if field.value() is not None else "" for field in form}


def errors(response):
    return response.context["form"].errors
