"""Who wants to be told when a round takes applications."""

from django.conf import settings
from django.db import models

from funding.programmes.models.rounds import Round


class Interest(models.Model):
    """Somebody who is to be told once. Nobody else sees that they asked."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "interest"
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="interest_once")]
        indexes = [
            models.Index(
                fields=["round"], name="interest_not_told", condition=models.Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"interest in {self.round}"
