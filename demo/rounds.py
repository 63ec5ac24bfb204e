"""The life of every round of the demo, put into its year: each deed on its day. What would be done after
the year is left to whoever looks at the demo."""

from demo import applying, cast, placing, staging
from demo.history import Year
from demo.programmes import ROUNDS, RUNS, Once
from demo.staging import Stage

EXTENDED = 14  # days, where a place is extended
PARTICIPANT_IN, APPLICANT_IN = "harbour", "access"


def plan(year: Year) -> None:
    runs = {run.key: run for run in RUNS}
    for once in ROUNDS:
        _plan(Stage(year, runs[once.run], once), once)


def _plan(stage: Stage, once: Once) -> None:
    begun = once.draft or once.phases["funding"][0]
    stage.plan(begun, staging.found, hour=9)
    if once.draft is not None:
        return
    for seat in once.taken:
        stage.plan(seat.day, staging.take, seat)
        if seat.later is not None:
            stage.plan(seat.later, staging.pay_later, seat)
    if "ideas" in once.phases:
        stage.plan(once.phases["ideas"][0] + 8, applying.invent)
    if once.is_crowded:
        stage.plan(once.phases["applications"][0], applying.invent, hour=9)
        stage.plan(once.phases["applications"][1], applying.crowd, hour=9)
    if once.applicants or once.is_crowded:
        _apply(stage, once)
        _choose(stage, once)
    if once.answers:
        _work(stage, once)


def _apply(stage: Stage, once: Once) -> None:
    first, last = once.phases["applications"]
    for number in range(once.applicants):
        day = first + 1 + number * (last - first - 3) // once.applicants
        stage.plan(day, applying.apply, number, hour=17 if day == first else 11, minute=number)
    if stage.run.key == PARTICIPANT_IN and once.owes:
        given = (cast.PARTICIPANT, "Amina Sow", True)
        stage.plan(first + 4, applying.apply_as, *given, hour=12)
    if stage.run.key == APPLICANT_IN:
        stage.plan(last - 20, applying.apply_as, cast.APPLICANT, "Noam Levi", False, hour=12)
    if "work_sample" in once.phases:
        for number in range(4):
            stage.plan(once.phases["work_sample"][0] + 2 + 2 * number, applying.sample)


def _choose(stage: Stage, once: Once) -> None:
    first, last = once.phases["review"]
    stage.plan(first + 1, applying.assign)
    for part in range(3):
        stage.plan(first + 3 + part * (last - first - 4) // 3, applying.review, part)
    first, last = once.phases["selection"]
    stage.plan(first + 1, applying.choose)
    stage.plan(last, applying.announce, hour=18)


def _work(stage: Stage, once: Once) -> None:
    announced = once.phases["acceptance"][0]
    for number, said in enumerate(once.answers):
        if said != "wait":
            stage.plan(announced + 1 + number, applying.answer, number, said)
    for number, (opens, _) in enumerate(once.checkpoints, start=1):
        for late in (0, EXTENDED) if once.extended else (0,):
            stage.plan(opens + late + 2, placing.say, number, "mentor")
            stage.plan(opens + late + 6, placing.say, number, "participant")
            stage.plan(opens + late + 8, placing.pay)
    if once.checkpoints:
        for number in range(2):
            stage.plan(once.phases["running"][0] + 21 + 30 * number, placing.tell, number)
        stage.plan(once.phases["running"][0] + 35, placing.spend)
    if once.extended is not None:
        stage.plan(once.extended, placing.extend)
    if once.ended is not None:
        stage.plan(once.ended, placing.end_early)
    if "closing" in once.phases and once.checkpoints:
        first, last = once.phases["closing"]
        stage.plan(first + 3, placing.report)
        stage.plan(last - 2, placing.publish)
        stage.plan(last + 1, placing.end)
