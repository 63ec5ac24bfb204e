"""allauth's forms, with our labels and with errors that say what to do."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.socialaccount import forms as social_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import DatabaseError
from django.forms.fields import InvalidJSONInput

from funding.accounts.models import User

LABELS = {
    "code": "Code",
    "email": "E-mail address",
    "login": "E-mail address",
    "oldpassword": "Current password",
    "password": "Password",
    "password1": "New password",
    "password2": "New password, once more",
}
MISSING = {
    "code": "Type the code.",
    "credential": "Your browser sent no passkey. Try again.",
    "email": "Type an e-mail address.",
    "login": "Type your e-mail address.",
    "name": "Type a name.",
    "oldpassword": "Type the password that you have now.",
    "password": "Type your password.",
    "password1": "Type a new password.",
    "password2": "Type the new password a second time.",
}
INVALID = {
    "email": "Type a whole address, such as ada@example.org.",
    "login": "Type a whole address, such as ada@example.org.",
}
DOES_NOT_FIT = "The answer of your device does not fit. Try again, or use another way."
HAS_ACCOUNT = (
    "The code is right, but another account has this address. Cancel and choose another address, "
    "or sign out and sign in with this one."
)
TOO_LONG = "Make it no longer than %(limit_value)d characters."
NO_TEXT = "Leave out the characters that cannot be seen."


class OurWords(forms.Form):
    """The labels and sentences above, for the fields that a form turns out to have."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = field.label if name == "remember" else LABELS.get(name, field.label)
            field.error_messages |= {
                "required": MISSING.get(name, "Fill this in."),
                "max_length": TOO_LONG,
                "invalid_choice": "Choose one of these.",
                "null_characters_not_allowed": NO_TEXT,
            }
            if name in INVALID:
                field.error_messages["invalid"] = INVALID[name]


class NameForm(OurWords, forms.ModelForm):  # type: ignore[type-arg]
    """What a person is called on this site."""

    class Meta:
        model = User
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].label = "Your name"
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class CodeForm(OurWords):
    """The code out of a mail."""

    code = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class AddEmailForm(OurWords, account_forms.AddEmailForm): ...


class ChangeEmailForm(OurWords, account_forms.ChangeEmailForm): ...


class ChangePasswordForm(OurWords, account_forms.ChangePasswordForm): ...


class ConfirmEmailVerificationCodeForm(OurWords, account_forms.ConfirmEmailVerificationCodeForm):
    def clean_code(self) -> str:
        """That another account has the address is said to those only who can read its mail."""
        try:
            return str(super().clean_code())
        except ValidationError as error:
            if error.code == "email_taken":
                error.message = HAS_ACCOUNT
            raise


class ConfirmLoginCodeForm(OurWords, account_forms.ConfirmLoginCodeForm): ...


class LoginForm(OurWords, account_forms.LoginForm): ...


class ReauthenticateForm(OurWords, account_forms.ReauthenticateForm): ...


class RequestLoginCodeForm(OurWords, account_forms.RequestLoginCodeForm): ...


class ResetPasswordForm(OurWords, account_forms.ResetPasswordForm): ...


class ResetPasswordFromKeyForm(OurWords, account_forms.ResetPasswordKeyForm): ...


class SetPasswordForm(OurWords, account_forms.SetPasswordForm): ...


class SignupForm(OurWords, account_forms.SignupForm): ...  # type: ignore[misc]


class SocialSignupForm(OurWords, social_forms.SignupForm): ...  # type: ignore[misc]


class SocialDisconnectForm(OurWords, social_forms.DisconnectForm):
    def clean(self) -> dict[str, Any] | None:
        """allauth keeps the last one of who has no password; a code by mail lets them in here."""
        return forms.Form.clean(self)


class MfaActivateTotpForm(OurWords, totp_forms.ActivateTOTPForm): ...


class MfaAuthenticateForm(OurWords, mfa_forms.AuthenticateForm): ...


class MfaReauthenticateForm(OurWords, mfa_forms.ReauthenticateForm): ...


class DeviceAnswer(forms.JSONField):
    """Is never shown again: an answer counts for one question."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(DOES_NOT_FIT) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        return InvalidJSONInput("")


class FromADevice(OurWords):
    """What a device answered, through a browser that may send anything: what fido2's parsers trip
    over is an answer that does not fit, and so is one to a question that was not asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = {"required": MISSING["credential"], "invalid": DOES_NOT_FIT}
        self.fields["credential"] = DeviceAnswer(widget=forms.HiddenInput, error_messages=wrong)

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001  they raise whatever they meet
            self.cleaned_data: dict[str, Any] = {}
            self.add_error("credential", ValidationError(DOES_NOT_FIT))
        for found in self.errors.as_data().values():
            for error in found:
                if error.code == "incorrect_code":
                    error.message = DOES_NOT_FIT


class MfaLoginWebauthnForm(FromADevice, webauthn_forms.LoginWebAuthnForm): ...


class MfaAuthenticateWebauthnForm(FromADevice, webauthn_forms.AuthenticateWebAuthnForm): ...


class MfaReauthenticateWebauthnForm(FromADevice, webauthn_forms.ReauthenticateWebAuthnForm): ...


class MfaAddWebauthnForm(FromADevice, webauthn_forms.AddWebAuthnForm):
    """A key that signs in alone, unless its owner wants it for the second step only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shorten(self.fields["name"])
        self.fields["name"].label = "What to call it"
        self.fields["name"].help_text = "So that you know it again: the device it is on."
        alone = self.fields["passwordless"]
        alone.label, alone.initial = "Sign in with it alone", True
        alone.help_text = (
            "Your device then asks for your finger, your face or its PIN. Without the tick the key "
            "is asked for after a code or a password."
        )


class MfaEditWebauthnForm(OurWords, webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shorten(self.fields["name"])
        self.fields["name"].label = "What to call it"


def shorten(name: forms.Field) -> None:
    name.validators.append(MaxLengthValidator(60))
    name.widget.attrs["maxlength"] = 60
