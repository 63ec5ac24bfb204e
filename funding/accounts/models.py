"""People. Everything a person may do follows from what they belong to, never from this row."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from funding.office.text import visible_text


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A person known by e-mail address; without a password they sign in by code."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def hold(self, user: "User") -> bool:
        """Lock their row until the transaction ends, before anything else is locked: what they ask
        for and their leaving wait for each other. False for who has left."""
        # Not so hard that a row which only names them would wait, and deadlock.
        return self.select_for_update(no_key=True).get(pk=user.pk).is_active

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in: with a code that is sent to the address, or with a password."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=80, blank=True, validators=[visible_text])
    is_staff = models.BooleanField(default=False, help_text="May use the admin.")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(
        null=True, editable=False, help_text="When the account was deleted; the row names nobody."
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.get_short_name()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return "Somebody who left" if self.left_at else self.name or self.email
