"""
Questions asked wrongly in small ways: every refusal names what was given and what is wanted.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.cli.main import main
from icatmapping.utils.files import atomic_folder

if TYPE_CHECKING:
    from pathlib import Path

WESTERN_BALKANS = "Albania, Bosnia and Herzegovina, Kosovo, Montenegro, North Macedonia, Serbia"


@pytest.fixture(scope="module")
def ds() -> im.Dataset:
    return im.load()


@pytest.mark.parametrize("what", ["compass", ["compass"], ("compass",), b"compass"])
def test_text_is_nothing_to_refer_to(what: object) -> None:
    """A name is not looked up: an empty list of references would pass for an answer."""
    with pytest.raises(TypeError, match="must be a record, a collection, some records or an answer, not the text"):
        im.cite(what)


def test_nodes_of_records_are_referred_to(ds: im.Dataset) -> None:
    """The node of a record, as answers hold it, stands for the record."""
    record = ds.initiatives["50 for Freedom"]
    assert im.cite([f"initiative:{record.id}"]) == im.cite([record])


@pytest.mark.parametrize(("text", "kind"), [(None, "None"), (5, "int"), (b"x", "bytes"), (["x"], "list")])
def test_only_text_is_searched_for(ds: im.Dataset, text: object, kind: str) -> None:
    """What is no text is refused by name, for all records and for one collection."""
    for search in (ds.search, ds.initiatives.search):
        with pytest.raises(TypeError, match=f"^text must be text, not {kind}$"):
            search(text)  # type: ignore[operator]


def test_a_folder_that_does_not_exist_is_named(ds: im.Dataset, tmp_path: Path) -> None:
    """The error of a file that cannot be written names the folder that is missing, and no file that nobody knows."""
    folder = tmp_path / "missing"
    with pytest.raises(FileNotFoundError) as caught:
        im.country_brief(ds, "Ghana").save(folder / "x.md")
    assert caught.value.filename == str(folder)
    with pytest.raises(FileNotFoundError) as caught, atomic_folder(folder / "inside"):
        pass
    assert caught.value.filename == str(folder)


def test_a_folder_in_the_place_of_a_file_is_named(ds: im.Dataset, tmp_path: Path) -> None:
    """A file cannot take the place of a folder; the error names that."""
    place = tmp_path / "x.csv"
    place.mkdir()
    with pytest.raises(OSError, match=r"x\.csv") as caught:
        im.to_csv(ds.initiatives[:1], place)
    assert caught.value.filename == str(place)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_briefs_say_that_they_can_be_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A brief may end in .docx, and an answer of another kind may not."""
    assert main(["brief", "Ghana", "--output", str(tmp_path / "e.pdf")]) != 0
    assert ".docx" in capsys.readouterr().err
    assert main(["support", "Ghana", "--output", str(tmp_path / "e.pdf")]) != 0
    said = capsys.readouterr().err
    assert ".xlsx" in said
    assert ".docx" not in said


def test_an_area_is_no_country_and_its_countries_are_named(ds: im.Dataset) -> None:
    """Who asks of an area where a country is wanted reads which countries there are."""
    message = f"'Western Balkans' is an area of 6 countries: {WESTERN_BALKANS}; name one of them"
    for ask in (im.country_brief, lambda ds, name: im.find_support(ds, country=name)):
        with pytest.raises(im.UnknownNameError, match=message) as caught:
            ask(ds, "Western Balkans")
        assert "did you mean" not in str(caught.value)
        assert caught.value.suggestions == tuple(WESTERN_BALKANS.split(", "))
        with pytest.raises(im.UnknownNameError, match="did you mean 'Nigeria'"):
            ask(ds, "Nigerai")


def test_a_misspelt_criterion_comes_with_the_nearest(ds: im.Dataset) -> None:
    """The nearest criterion is offered, and stands first among all."""
    with pytest.raises(TypeError, match=r"did you mean 'theme'\? valid: theme, country, "):
        ds.initiatives.where(teme="x")
    with pytest.raises(TypeError, match="did you mean 'theme'"):
        im.find_support(ds, teme="x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no criterion 'zzz'; valid: country, "):
        ds.initiatives.where(zzz="x")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"theme": "sex trafficking"}, "'sex trafficking' is a form: form='sexual_exploitation'"),
        ({"theme": "fishing"}, "'fishing' is a sector: sector='fishing'"),
        ({"entity": "Walk Free"}, "'Walk Free' is an organization: organization='walk-free'"),
        ({"theme": "IOM"}, "'IOM' is an organization: organization='iom'"),
        ({"theme": "preventoin"}, "did you mean 'prevention'"),
    ],
)
def test_a_word_of_another_criterion_is_told_from_a_misspelt_one(
    ds: im.Dataset, asked: dict[str, Any], told: str
) -> None:
    """What a collection can be asked for by another criterion is said before near spellings are."""
    with pytest.raises(im.UnknownNameError) as caught:
        ds.initiatives.where(**asked)
    assert told in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("year", [20, "20", 999, 20.0])
def test_years_have_four_digits(ds: im.Dataset, name: str, year: Any) -> None:
    """20 is no 2020: from then on there would be everything, and until then nothing."""
    with pytest.raises(ValueError, match=f"^{name} must be a year of four digits such as 2019, not {year!r}$"):
        ds.initiatives.where(**{name: year})
    assert ds.initiatives.where(since=2020) == ds.initiatives.where(since="2020")
