"""
The article that names of countries and areas have in an English sentence.
"""

from __future__ import annotations

import re

__all__ = ["in_sentence"]

_WITH_ARTICLE = (
    r"(?!Heard |South Georgia )(?:"
    r"(?:Americas|Bahamas|Caribbean|Comoros|East and Horn of Africa|Gambia|Maghreb|Maldives|Middle East"
    r"|Middle East and North Africa|Netherlands|Pacific|Philippines|Sahel)$"
    r"|(?:Association|Bali Process|Bay|British|Common|Commonwealth|Council|Democratic|Economic|Horn|Intergovernmental"
    r"|International|Isle|League|Organization|Republic|United)\b"
    r"|.*\b(?:Association|Balkans|Caucasus|Community|Conference|Cooperation|Council|Forum|Islands|Partnership|Process"
    r"|Republic|States|Subregion|System|Territor(?:y|ies)|Triangle of Central America|Union|on Migration)$)"
)


def in_sentence(name: str) -> str:
    """
    Return the name of a country or area as it stands within a sentence: with "the" where English has it.

    >>> [in_sentence(name) for name in ("Philippines", "Ghana", "Western Balkans", "Central African Republic")]
    ['the Philippines', 'Ghana', 'the Western Balkans', 'the Central African Republic']
    """
    return f"the {name}" if re.match(_WITH_ARTICLE, name) else name
