"""
The class of countries. It has a module of its own, as most questions need a country's code alone and no attrs.
"""

from __future__ import annotations

from attrs import frozen

from icatmapping.utils.representation import Presentable

__all__ = ["Country"]


@frozen(slots=True, repr=False)
class Country(Presentable):
    """
    A country or territory of ISO 3166-1, or Kosovo.

    Attributes:
        alpha3: The ISO 3166-1 alpha-3 code (``"XKX"`` for Kosovo, which ISO has no code for).
        alpha2: The alpha-2 code (``"XK"`` for Kosovo).
        m49: The three-digit code of M49 and ISO 3166-1, e.g. ``"004"``; none for Kosovo.
        name: The short English name in common use. No two countries share it.
        aliases: Other names: official, former, abbreviated, in other languages. None means another country as well.
        subregion: The M49 sub-region, e.g. ``"Western Africa"``; none for Antarctica.
        region: The region by which the mapping groups countries, e.g. ``"africa"``; none for Antarctica.

    Examples:
        >>> from icatmapping import country
        >>> nigeria = country("Nigeria")
        >>> nigeria.alpha3, nigeria.m49, nigeria.subregion, nigeria.region
        ('NGA', '566', 'Western Africa', 'africa')
        >>> print(nigeria)
        Nigeria
    """

    alpha3: str
    alpha2: str
    m49: str | None
    name: str
    aliases: tuple[str, ...]
    subregion: str | None
    region: str | None

    def __str__(self) -> str:
        return self.name

    def _gist(self) -> str:
        return f" {self.alpha3!r}: {self.name}"
