"""What a password must be, in sentences that say what to do."""

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Choose a longer one: at least {self.min_length} characters."

    def get_help_text(self) -> str:
        return f"At least {self.min_length} characters; four words that do not belong together do."


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "Choose another one: this is among the first that anybody would try."

    def get_help_text(self) -> str:
        return "None that many people use."


class NotLikeOneself(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "Choose another one: this is too much like your %(verbose_name)s."

    def get_help_text(self) -> str:
        return "Nothing like your name or your address."
