"""The log says that a reason was given and not which, treasurers read their lines of it alone, and
what purges of before have left goes too."""

import re

from django.db import migrations, models

GONE = "deleted on the schedule that the round stated"
MONEY = (
    "began the round", "opened the round", "took the round back", "called the round off", "set dates",
    "set the call", "planned ", "recorded ", "released “", "held back “", "ended the round",
    "published the final report",
)  # fmt: skip
TAKEN_BACK = re.compile(r"took back .* paid: ")
SHORTER = [
    (re.compile(r"(extended place \d+) .*? by (\d+ weeks?): .*", re.DOTALL), r"\1 by \2; its page says why"),
    (re.compile(r"(ended place \d+) .*? early, last day (\S+): .*", re.DOTALL), r"\1 early, last day \2; its page says why"),
    (re.compile(r"((?:released|held back) “.*?” of place \d+) .*", re.DOTALL), r"\1"),
    (re.compile(r"called the round off: .*", re.DOTALL), "called the round off; the diary of the call says why"),
    (re.compile(r"released the post “.*", re.DOTALL), "released a post to sponsors"),
    (re.compile(r"took back the release of the post “.*", re.DOTALL), "took back the release of a post"),
]  # fmt: skip
EARLY = "announced who was chosen, before its time: "


def shorten(words):
    """A line without the reason that it was written with."""
    for pattern, to in SHORTER:
        if pattern.fullmatch(words):
            return pattern.sub(to, words)
    return words


def tidy_log(apps, schema_editor):
    Deed = apps.get_model("programmes", "Deed")
    Round = apps.get_model("programmes", "Round")
    Deed.objects.filter(words__startswith="heard doubts of ").delete()
    for one in Deed.objects.filter(words__startswith=EARLY):
        Round.objects.filter(pk=one.round_id).update(early_because=one.words.removeprefix(EARLY))
        one.words = "announced who was chosen, before its time; its page says why"
        one.save(update_fields=["words"])
    for one in Deed.objects.iterator():
        words = shorten(one.words)
        is_money = words.startswith(MONEY) or bool(TAKEN_BACK.match(words))
        if words != one.words or is_money:
            Deed.objects.filter(pk=one.pk).update(words=words, for_treasurers=is_money)


def purge_the_rest(apps, schema_editor):
    """Of rounds that were purged before all of this went with them."""
    models_ = {name: apps.get_model("programmes", name) for name in (
        "Application", "Place", "Extension", "Instalment", "Post", "Deed", "Round",
    )}  # fmt: skip
    purged = models_["Round"].objects.filter(purged_at__isnull=False)
    of_place = {"place__round__in": purged.values("pk")}
    models_["Application"].objects.filter(round__in=purged.values("pk")).update(typed={})
    models_["Place"].objects.filter(round__in=purged.values("pk")).update(end_reason="")
    models_["Extension"].objects.filter(**of_place).update(reason=GONE)
    models_["Instalment"].objects.filter(**of_place).exclude(reason="").update(reason=GONE)
    models_["Post"].objects.filter(**of_place, released_at=None).delete()
    declined = models_["Deed"].objects.filter(round__in=purged.values("pk"))
    declined.filter(words__startswith="declined the place of ").update(by=None)
    purged.update(early_because="")


def end_mentoring(apps, schema_editor):
    """Who is no mentor of the programme any more mentors no place of it."""
    Mentoring, Part = (apps.get_model("programmes", name) for name in ("Mentoring", "Part"))
    rows = Mentoring.objects.filter(place__status__in=["offered", "running"])
    for one in rows.select_related("place__round"):
        theirs = Part.objects.filter(user=one.user_id, programme=one.place.round.programme_id)
        if not theirs.filter(role="mentor").exists():
            one.delete()


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_running_drafts_and_corrections")]

    operations = [
        migrations.AddField(
            model_name="deed",
            name="for_treasurers",
            field=models.BooleanField(
                default=False,
                help_text="About money, dates or the call, so treasurers read it too.",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="early_because",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Why it was announced before the selection was over.",
                max_length=300,
            ),
        ),
        migrations.RunPython(tidy_log, migrations.RunPython.noop),
        migrations.RunPython(purge_the_rest, migrations.RunPython.noop),
        migrations.RunPython(end_mentoring, migrations.RunPython.noop),
    ]
