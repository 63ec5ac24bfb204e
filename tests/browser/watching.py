"""What a browser complains of while somebody uses it."""

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Error, Page, Response


@dataclass
class Watch:
    """Collects errors of scripts and policies, and files that are missing. A page that answers with
    a refusal (404, 422) is no complaint; one that breaks down (500) is, unless it is expected."""

    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        for event, hear in self._heard().items():
            page.on(event, hear)

    def leave(self, page: Page) -> None:
        for event, hear in self._heard().items():
            page.remove_listener(event, hear)

    def _heard(self) -> dict:
        return {"console": self._said, "pageerror": self._broke, "response": self._answered}

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium repeats every refusal here; those of files are noted with their address below.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _broke(self, error: Error) -> None:
        self.complaints.append(f"in a script: {error}\n{error.stack}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.complaints.append(f"{response.url} answered {response.status}")
