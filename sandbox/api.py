"""One API call as Stripe answers it: key, version, idempotency, parameters, answer, faults."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import (
    checkout,
    credentials,
    description,
    expansion,
    idempotency,
    invoices,
    operations,
    parameters,
    rates,
    refunds,
)
from sandbox.account import ADDRESS, API_VERSION, Account, Caller
from sandbox.errors import StripeError
from sandbox.faults import ConnectionLost, Faults
from sandbox.idempotency import Idempotency
from sandbox.operations import Operation
from sandbox.store import Object

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    id: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key") or None if self.method == "POST" else None

    @property
    def form(self) -> str:
        return self.body.decode("utf-8", "replace") if self.method == "POST" else self.query


class LookedAt(Object):
    """Parameters that remember which of them were looked at."""

    def __init__(self, params: Object) -> None:
        super().__init__(params)
        self.seen = {"expand"}

    def __contains__(self, name: object) -> bool:
        self.seen.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Any:
        self.seen.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.seen.add(name)
        return super().get(name, default)

    def left_over(self) -> list[str]:
        return sorted(set(self) - self.seen)


class Api:
    """The door for API calls."""

    def __init__(
        self, account: Account, lock: threading.RLock, faults: Faults, rejections: list[str]
    ) -> None:
        self.account = account
        self.lock = lock
        self.faults = faults
        self.rejections = rejections
        self.ignored: list[str] = []
        self.rates = rates.Rates()
        self.idempotency = Idempotency(account.store)
        self.expansion = expansion.Expansion(account.store, self._includes())
        self.address = "http://localhost"

    def _includes(self) -> dict[tuple[str, str], expansion.Include]:
        account = self.account
        return {
            ("checkout.session", "line_items"): lambda item: checkout.items_of(account, item),
            ("invoice", "payments"): lambda item: invoices.payments_of(account, item),
            ("invoice", "confirmation_secret"): lambda item: None,
            ("charge", "refunds"): lambda item: refunds.of_charge(account, item),
        }

    def own_doing(self) -> None:
        """What happens now was asked for by nobody through the API."""
        self.account.caller = Caller()

    def request(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        known = {name.lower(): value for name, value in headers.items()}
        request = Request(method.upper(), path, query, known, body)
        try:
            with self.idempotency.using(request.key), self.lock:
                return self._numbered(request)
        except StripeError as refusal:
            return self._refusal(request, refusal)

    def _numbered(self, request: Request) -> Response:
        request.id = self.account.new_id("req")
        self.account.caller = Caller(request.id, request.key)
        try:
            return self._answer(request)
        except StripeError as refusal:
            return self._refusal(request, refusal)
        finally:
            self.own_doing()
            self.account.store.save()

    def _answer(self, request: Request) -> Response:
        credentials.check_key(request.headers.get("authorization", ""))
        credentials.check_version(request.headers.get("stripe-version"))
        found = operations.route(request.method, request.path)
        if found is None:
            raise unrecognized(request)
        operation, identifiers = found
        fault = self.faults.take(request.method, operation.path, request.path)
        endpoint = f"{request.method} {operation.path}"
        in_time = self.rates.allows(endpoint, self.account.settings.calls_a_second)
        if fault == "rate_limit" or not in_time:
            request.extra["Stripe-Rate-Limited-Reason"] = "endpoint-rate"
            raise rate_limited()
        if fault is not None and fault.endswith("_before") and not fault.startswith("error"):
            raise ConnectionLost(fault)
        response = self._once(request, operation, identifiers, fault)
        if fault in ("timeout_after", "reset_after"):
            raise ConnectionLost(fault)
        return response

    def _once(
        self,
        request: Request,
        operation: Operation,
        identifiers: tuple[str, ...],
        fault: str | None,
    ) -> Response:
        """The same request with the same key is answered from memory."""
        key = request.key
        if key is None:
            return self._perform(request, operation, identifiers, fault)
        if len(key) > idempotency.LONGEST:
            raise idempotency.too_long()
        now, asked = self.account.now(), fingerprint(request)
        kept = self.idempotency.recall(key, asked, now)
        if kept is not None:
            request.extra.update(
                {"Idempotent-Replayed": "true", "Original-Request": kept["first"]}
            )
            return self._response(request, kept["status"], kept["body"])
        response = self._perform(request, operation, identifiers, fault)
        if response.status not in NOT_KEPT:
            self.idempotency.keep(
                key, asked, now, response.status, response.body.decode(), request.id
            )
        return response

    def _perform(
        self,
        request: Request,
        operation: Operation,
        identifiers: tuple[str, ...],
        fault: str | None,
    ) -> Response:
        try:
            params = self._parameters(request, operation)
            if fault == "error_before":
                raise internal()
            answer = self._render(operation, params, identifiers)
            if fault == "error_after":
                raise internal()
        except StripeError as refusal:
            return self._refusal(request, refusal)
        except Exception:
            log.exception("%s %s", request.method, request.path)
            return self._refusal(request, internal())
        return self._response(request, 200, answer)

    def _parameters(self, request: Request, operation: Operation) -> Object:
        cls = description.parameters(operation.parameters)
        try:
            return description.check(cls, parameters.decode(request.form))
        except StripeError as refusal:
            self.rejections.append(f"{request.method} {request.path}: {refusal}")
            raise

    def _render(self, operation: Operation, params: Object, identifiers: tuple[str, ...]) -> str:
        looked_at = LookedAt(params)
        result = operation.handler(self.account, looked_at, *identifiers)
        for name in looked_at.left_over():
            self.ignored.append(f"{operation.method} {operation.path}: {name}")
        shown = expansion.visible(result)
        self.expansion.apply(shown, params.get("expand") or [])
        return json.dumps(shown)

    def _refusal(self, request: Request, refusal: StripeError) -> Response:
        error = {**refusal.error}
        if request.id:
            error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request.id}"
        if refusal.status >= 500:
            request.extra["Stripe-Should-Retry"] = "false"
        body: dict[str, Any] = {"error": expansion.visible(error)}
        return self._response(request, refusal.status, json.dumps(body))

    def _response(self, request: Request, status: int, body: str) -> Response:
        headers = {
            "Content-Type": "application/json",
            "Stripe-Version": API_VERSION,
            "Cache-Control": "no-cache, no-store",
            **request.extra,
        }
        if request.id:
            headers["Request-Id"] = request.id
        if request.key:
            headers["Idempotency-Key"] = request.key[: idempotency.LONGEST]
        return Response(status, headers, body.replace(ADDRESS, self.address).encode())


# Refused before anything was done, so that the same key may be used again.
NOT_KEPT = (400, 401, 404, 409, 429)


def fingerprint(request: Request) -> str:
    return idempotency.fingerprint(request.method, request.path, request.body)


def unrecognized(request: Request) -> StripeError:
    return StripeError(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({request.method}: {request.path}). If you are trying to list "
        "objects, remove the trailing slash. If you are trying to retrieve an object, make sure "
        "you passed a valid (non-empty) identifier in your code.",
    )


def rate_limited() -> StripeError:
    return StripeError(
        429,
        "invalid_request_error",
        "Request rate limit exceeded. Learn more about rate limits here "
        "https://stripe.com/docs/rate-limits.",
        code="rate_limit",
    )


def internal() -> StripeError:
    return StripeError(
        500,
        "api_error",
        "An unknown error occurred. This is an error that was asked for, or a "
        "mistake in the sandbox; its log says which.",
    )
