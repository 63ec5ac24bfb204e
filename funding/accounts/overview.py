"""What the page of one's account shows: every part with its state."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest

from funding.accounts import sessions
from funding.accounts.access import person

Type = Authenticator.Type


@dataclass(frozen=True)
class Overview:
    has_password: bool
    new_email: str
    has_app: bool
    passkeys: int
    codes_left: int
    sessions: int
    offers_others: bool
    others: int

    @property
    def has_second_step(self) -> bool:
        return self.has_app or self.passkeys > 0


def of(*, request: HttpRequest) -> Overview:
    user = person(request)
    kept = list(Authenticator.objects.filter(user=user))
    codes = [one for one in kept if one.type == Type.RECOVERY_CODES]
    unconfirmed = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email)
    others = SocialAccount.objects.filter(user=user).count()
    return Overview(
        has_password=user.has_usable_password(),
        new_email=unconfirmed.values_list("email", flat=True).first() or "",
        has_app=any(one.type == Type.TOTP for one in kept),
        passkeys=sum(one.type == Type.WEBAUTHN for one in kept),
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else 0,
        sessions=len(sessions.of(request=request)),
        offers_others=bool(others or get_adapter().list_providers(request)),
        others=others,
    )
