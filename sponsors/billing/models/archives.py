"""A year's documents, printed ahead so that they can be handed out as one file."""

from django.db import models
from django.db.models import F, Q

from sponsors.companies.models import Company


class Archive(models.Model):
    """That somebody wants all documents of a company's year. They are printed a few at a time, and
    kept for a day from when they were asked for."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(help_text="By this machine's clock.")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0, help_text="Printed so far.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "year"], name="archive_once_a_year"),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="archive_done_of_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.year}"

    @property
    def is_ready(self) -> bool:
        return self.done == self.total


class Printed(models.Model):
    """A document as it was printed for an archive. What it said then is in its `mark`: if it says
    something else by now, it is printed anew."""

    document_id = models.CharField(max_length=80, unique=True, help_text="Stripe's id.")
    mark = models.CharField(max_length=64)
    data = models.BinaryField()
    printed_at = models.DateTimeField(db_index=True, help_text="By this machine's clock.")

    class Meta:
        verbose_name_plural = "printed documents"

    def __str__(self) -> str:
        return self.document_id
