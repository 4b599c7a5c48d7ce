"""What is said of a picture beside what it draws itself: how much of its answer is no longer to be used."""

from __future__ import annotations

from carekg.charts import legible
from carekg.web.questions import deprecated
from carekg.web.questions.laid import Laid


def notes(laid: Laid) -> tuple[str, ...]:
    """Give the sentences that a picture of an answer needs, none where all of it still holds."""
    count = laid.once("deprecated", lambda: deprecated.deprecated().among(laid.rows))
    tell = "tells" if count == 1 else "tell"
    return (f"{legible.counted(count, 'row')} of the answer {tell} of what is no longer to be used.",) if count else ()
