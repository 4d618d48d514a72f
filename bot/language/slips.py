"""Tells how a finger slipped, from what was meant to what was written."""

from __future__ import annotations

# Which keys lie beside a letter's key.
_BESIDE = {
    "q": "wa", "w": "qeas", "e": "wrsd", "r": "etdf", "t": "ryfg", "y": "tugh", "u": "yihj", "i": "uojk", "o": "ipkl",
    "p": "ol", "a": "qwsz", "s": "adwexz", "d": "sferxc", "f": "dgrtcv", "g": "fhtyvb", "h": "gjyubn", "j": "hkuinm",
    "k": "jliom", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip


def slip(word: str, known: str) -> int:
    """How far the finger went: letters swapped, one left out or struck twice or beside its key; any other."""
    if sorted(word) == sorted(known):
        return 0
    for at, (said, meant) in enumerate(zip(word, known, strict=False)):
        if said != meant:
            left_out = word[at:] == known[at + 1 :]
            twice = word[at + 1 :] == known[at:] and said == word[at - 1]
            beside = word[at + 1 :] == known[at + 1 :] and said in _BESIDE.get(meant, "")
            return 1 if left_out or twice or beside else 2
    return 1  # the last letter is missing, or there is one too many
