"""A character that PostgreSQL takes in no text, and that nobody types: whoever sends it gets a clear
no before anything looks it up."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def middleware(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or any(
            "\x00" in value for value in request.COOKIES.values()
        ):
            return HttpResponse("This address holds a character that is no text.\n", status=400)
        return get_response(request)

    return answer
