"""Words that turn a sentence round: two texts that differ in one of them do not say the same.

Our own list of the plain negations of the languages below, and of a few words that take a statement back. What negates
by an ending alone (Turkish, Finnish in part) is not seen.
"""

from __future__ import annotations

import re

WORDS = frozenset(
    """
    t not no never none nobody nothing neither nor without cannot dont doesnt didnt isnt arent wasnt werent wont cant
    couldnt shouldnt wouldnt aint hardly stop fake false untrue against
    nicht nichts kein keine keinen keinem keiner keines nie niemals niemand ohne nein gegen
    niet geen nooit niets zonder ikke ingen aldrig inte aldri uten uden utan ei eivat
    pas jamais rien sans aucun aucune non nunca jamas nada sin ningun ninguna tampoco nao sem nem nenhum nenhuma mai
    senza nessun nessuno niente contra contre contro nu fara
    nigdy bez ne nikdy nikad nem soha nelkul degil yok hayir khong chua tidak bukan jangan
    не нет ни никогда без против ні немає проти няма δεν δε μην μη οχι
    لا ليس لم لن بدون ضد לא אין בלי نه هرگز नह मत 안 못 않
    """.split()  # noqa: SIM905 (a list of words, not of strings)
)
"""Of English ("isn't" reads as "isn" and "t"), German, Dutch, Danish, Norwegian, Swedish, Finnish, French, Spanish,
Portuguese, Italian, Romanian, Polish, Czech, Croatian, Hungarian, Turkish, Vietnamese, Indonesian, Russian, Ukrainian,
Bulgarian, Greek, Arabic, Hebrew, Persian, Hindi and Korean; as they read after `engine.text.fold`."""


INSIDE = re.compile("[不没沒無无未别勿🚫❌⛔👎🙅]|ไม่|ない|ません")
"""What does it wherever it stands: Chinese, Thai and Japanese, which write no spaces, and signs."""

OPPOSITE = re.compile(r"(?<![^\W_])(?:un|in|im|il|ir|dis|non|anti|mis|не|без)([^\W_]{3,})")
"""Beginnings that make of a word its opposite, in some of the languages above."""
