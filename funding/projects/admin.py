import json

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry

from funding.office import clock
from funding.office.admin import ReadOnlyAdmin
from funding.projects import editing, recording, team
from funding.projects.models import (
    Benefit,
    FundedPerson,
    Funding,
    Goal,
    Grant,
    Language,
    Maintainer,
    PaymentOut,
    Project,
    Tier,
    Update,
)


class TouchingAdmin(admin.ModelAdmin):
    """What a project's page shows: every change moves the page's version, and stands in the
    project's log. Only fields that were changed are written, so that a form left open overwrites
    nothing else (`Tier.taken`)."""

    def project_of(self, obj):
        return obj.project_id

    def log_addition(self, request, obj, message):
        self.note(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        said = LogEntry(change_message=json.dumps(message)).get_change_message()
        self.note(request, obj, "edited", said)
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.note(request, obj, "deleted")
        return super().log_deletions(request, queryset)

    def construct_change_message(self, request, form, formsets, add=False):
        """A log of ours, like the admin's own, names no maintainer."""
        message = super().construct_change_message(request, form, formsets, add)
        for deed in message:
            for told in deed.values():
                if told.get("name") == str(Maintainer._meta.verbose_name):
                    told["object"] = "one of the team"
        return message

    def note(self, request, obj, deed, said=""):
        project = Project.objects.get(pk=self.project_of(obj))
        did = f"{deed} the {self.opts.verbose_name} “{obj}” as staff"
        editing.note(project, request.user, f"{did}: {said}" if said else did)

    def get_readonly_fields(self, request, obj=None):
        return ["project"] if obj else []  # its price, and who bought it, are that project's

    def save_model(self, request, obj, form, change):
        fields = [name for name in form.changed_data if name in form.fields] if change else None
        obj.save(update_fields=fields)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        editing.touch(self.project_of(form.instance))

    def delete_model(self, request, obj):
        project_id = self.project_of(obj)
        super().delete_model(request, obj)
        editing.touch(project_id)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)


class MaintainerFormSet(forms.BaseInlineFormSet):
    def clean(self):
        """As in `team`: at least one owner, always; under the same lock."""
        super().clean()
        if not self.instance.pk:
            return
        editing.lock(self.instance)  # in the admin's own transaction
        owners = Maintainer.objects.filter(project=self.instance.pk, role=Maintainer.Role.OWNER)
        kept = [form for form in self.forms if form not in self.deleted_forms]
        shown = [form.instance.pk for form in self.initial_forms]
        stays = any(form.cleaned_data.get("role") == Maintainer.Role.OWNER for form in kept)
        if owners.exists() and not stays and not owners.exclude(pk__in=shown).exists():
            raise forms.ValidationError("A project has an owner. Make somebody else one first.")


class MaintainerInline(admin.TabularInline):
    model = Maintainer
    formset = MaintainerFormSet
    extra = 0
    autocomplete_fields = ["user"]


class LanguageInline(admin.TabularInline):
    model = Language
    extra = 0


class FundedPersonInline(admin.TabularInline):
    model = FundedPerson
    extra = 0


class GoalInline(admin.TabularInline):
    model = Goal
    extra = 0


class BenefitInline(admin.TabularInline):
    model = Benefit
    extra = 0


@admin.register(Project)
class ProjectAdmin(TouchingAdmin):
    list_display = ["name", "status", "currency", "day_rate"]
    list_filter = ["status", "currency"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [LanguageInline, MaintainerInline, FundedPersonInline, GoalInline]

    def project_of(self, obj):
        return obj.pk

    def save_model(self, request, obj, form, change):
        """With the day on which it was published or archived, as `archiving` has it."""
        super().save_model(request, obj, form, change)
        days = {"archived_at": obj.archived_at if obj.is_archived else None}
        if obj.is_archived and not obj.archived_at:
            days["archived_at"] = clock.now()
        if not obj.is_draft and not obj.published_at:
            days["published_at"] = clock.now()
        Project.objects.filter(pk=obj.pk).update(**days)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        editing.recount(form.instance)
        team.withdraw_orphaned(form.instance.pk)

    def save_formset(self, request, form, formset, change):
        if formset.model is Goal:
            leaving = formset.deleted_forms
            moving = [f for f in formset.initial_forms if "position" in f.changed_data]
            editing.make_room({f.instance.pk for f in [*leaving, *moving]})
        super().save_formset(request, form, formset, change)

    def get_readonly_fields(self, request, obj=None):
        return ["currency"] if obj else []  # its books are in it

    def has_delete_permission(self, request, obj=None):
        return False  # it is archived: its books stay

    def delete_model(self, request, obj):
        raise PermissionError("Projects are archived, never deleted.")


class TierForm(forms.ModelForm):
    def clean_seats(self):
        seats = self.cleaned_data["seats"]
        if seats is not None and Tier.objects.filter(pk=self.instance.pk, taken__gt=seats):
            raise forms.ValidationError("More seats are taken than that.")
        return seats


@admin.register(Tier)
class TierAdmin(TouchingAdmin):
    form = TierForm
    list_display = ["name", "project", "monthly", "yearly", "seats", "taken", "closed_at"]
    list_filter = ["project"]
    list_select_related = ["project"]
    inlines = [BenefitInline]


@admin.register(Update)
class UpdateAdmin(TouchingAdmin):
    list_display = ["title", "project", "author", "published_at"]
    list_filter = ["project"]
    autocomplete_fields = ["author"]


class RecordedOnceAdmin(ReadOnlyAdmin):
    """Money: recorded once, then in the books. A correction is a new entry."""

    def has_add_permission(self, request):
        return request.user.is_staff and request.user.has_perm(
            f"{self.opts.app_label}.add_{self.opts.model_name}"
        )


class GrantForm(forms.ModelForm):
    def clean(self):
        starts_on = self.cleaned_data.get("starts_on")
        ends_on = self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "A grant ends on the day it starts or later.")


@admin.register(Grant)
class GrantAdmin(RecordedOnceAdmin):
    form = GrantForm
    list_display = ["funder", "project", "amount", "received_on", "starts_on", "ends_on"]
    list_filter = ["project"]

    def save_model(self, request, obj, form, change):
        recording.record_grant(obj, by=request.user)


class PaymentOutForm(forms.ModelForm):
    def clean(self):
        project, person = self.cleaned_data.get("project"), self.cleaned_data.get("person")
        if project and person and person.project_id != project.pk:
            self.add_error(
                "person", f"{person} is not paid by {project}. Choose one of its people."
            )
        amount = self.cleaned_data.get("amount")
        if project and amount:
            editing.lock(project)  # in the admin's own transaction: it holds until it is booked
            if amount > (held := recording.held(project)).amount:
                self.add_error(
                    "amount",
                    f"{project} holds {held.exact}, and this is {project.money(amount).exact}. "
                    "Only what is held can be paid out; amounts are in minor units.",
                )


@admin.register(PaymentOut)
class PaymentOutAdmin(RecordedOnceAdmin):
    form = PaymentOutForm
    list_display = ["paid_on", "project", "paid_to", "kind", "amount", "reference"]
    list_filter = ["project", "kind"]
    list_select_related = ["project", "person"]
    date_hierarchy = "paid_on"

    def save_model(self, request, obj, form, change):
        recording.record_payment_out(obj, by=request.user)


@admin.register(Funding)
class FundingAdmin(ReadOnlyAdmin):
    list_display = ["project", "committed", "awaiting", "sponsors", "filled", "version"]
