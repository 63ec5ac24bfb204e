"""Requests as they are sent without the client."""

import json

AUTHORIZED = {"Authorization": "Bearer sk_test_x"}


def post(engine, path, body, **headers):
    return engine.request("POST", path, headers={**AUTHORIZED, **headers}, body=body.encode())


def error(response):
    return json.loads(response.body)["error"]
