"""What everybody sees of programmes."""

from tests.programmes import scenes
from tests.programmes.doors import HIDDEN, ON, SIGN_IN, everybody

SIGNED_IN = (SIGN_IN, *(ON,) * 9)
TABLE: dict[str, dict[str, tuple[object, ...]]] = {
    "/programmes/": {"GET": everybody()},
    "/programmes/?phase=funding&kind=sprint&project=nobody&q=x&page=9": {"GET": everybody()},
    "/programmes/{programme}/": {"GET": everybody()},
    "/programmes/{hidden}/": {"GET": everybody(HIDDEN)},
    "/programmes/{programme}/{round}/": {"GET": everybody()},
    "/programmes/{programme}/{failed}/": {"GET": everybody()},
    "/programmes/{programme}/{draft}/": {"GET": everybody(HIDDEN)},
    "/programmes/{programme}/{round}/tell-me/": {"POST": SIGNED_IN},
    "/programmes/{programme}/{draft}/tell-me/": {"POST": (SIGN_IN, *(HIDDEN,) * 9)},
}

FOR_STRANGERS = {"/programmes/{programme}/{round}/tell-me/"}  # whoever has an account may do it


def names(town):
    call = scenes.call(scenes.round_(town.programme))
    failed = scenes.round_(town.programme, status="failed")
    draft = scenes.round_(town.programme, status="draft", opened_at=None)
    return {
        "programme": town.programme.slug, "round": call.round.slug, "draft": draft.slug,
        "failed": failed.slug, "hidden": scenes.programme(published_at=None).slug,
    }  # fmt: skip
