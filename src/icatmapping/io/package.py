"""
Writing a dataset as a data package.
"""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icatmapping.data import bundled
from icatmapping.datapackage.descriptor import build_descriptor
from icatmapping.datapackage.package import parse_package, read_package
from icatmapping.datapackage.writing import canonical, written
from icatmapping.dataset import load
from icatmapping.io.flat_package import check_format, flat_files
from icatmapping.model.schema import DESCRIPTOR, FILES, FIXED_TABLES, OPTIONAL_FILES
from icatmapping.utils.files import UNFINISHED, atomic_file, atomic_folder, write_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.datapackage.package import Package
    from icatmapping.dataset import Dataset

__all__ = ["write_package"]


_ABOUT: Mapping[str, Any] = {
    "name": "icatmapping",
    "title": "Who does what against trafficking in persons, where, when and with whom",
}


def write_package(
    ds: Dataset,
    path: str | os.PathLike[str],
    *,
    about: Mapping[str, Any] | None = None,
    format: str = "json",  # noqa: A002 - what it is called wherever files are written
) -> None:
    """
    Write a dataset as a data package that `load` reads back equal; or as CSV or Parquet, for other programs.

    It is checked before anything is replaced, and written whole or not at all: `load` finds the old package or the new
    one at any moment. Who may read and write the files stays as it was. Several that write to one place at once do so
    one after the other. The same dataset gives the same bytes.

    Args:
        ds: The dataset.
        path: A folder, or a ``.zip``. A package that is there is replaced; other files beside it stay.
        about: What the descriptor says of the package as a whole (``name``, ``title``, ``licenses``, ``contributors``
            …). By default what the package says that the dataset was loaded from, of the bundled one only if nothing
            of it was changed, or else a name and a title. The version is always that of the dataset.
        format: ``"json"``, which `load` reads; ``"csv"``, in which several values stand in one cell, joined by ``|``
            (a ``|`` or a backslash in a value has a backslash before it); or ``"parquet"``, in which lists are lists.

    Raises:
        DatasetError: If the dataset breaks a rule, so that it could not be loaded; with every fault.
        UnknownNameError: If there is no such format.
        MissingExtraError: If pyarrow, which writes Parquet, is not installed.
        OSError: If the path is a folder that holds something else than a package, or cannot be written to.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> ds = im.load()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_package(ds, Path(folder) / "mapping.zip")
        ...     im.load(Path(folder) / "mapping.zip") == ds
        True
    """
    if not os.fspath(path):
        message = "a package cannot be written to '', which is not a path"
        raise FileNotFoundError(message)
    target = Path(path)
    contents = _files_of(ds, about, check_format(format))
    if target.suffix.lower() == ".zip":
        with atomic_file(target) as temporary:
            write_file(temporary, _zipped(contents))
            if format == "json":
                read_package(temporary)
    else:
        _check_folder(target, contents)
        with atomic_folder(target) as temporary:
            for name, content in contents.items():
                write_file(temporary / name, content)
            if format == "json":
                read_package(temporary)


def _files_of(ds: Dataset, about: Mapping[str, Any] | None, form: str) -> dict[str, bytes]:
    package = ds.to_package()
    contents = {file: _content(file.removesuffix(".json"), package) for file in FILES}
    whole = dict(_about(ds) if about is None else about) | {"version": ds.version}
    stated = {name: value for name, value in whole.items() if value is not None}
    files = {DESCRIPTOR: written(build_descriptor(contents, stated)), **contents}
    if form == "json":
        return files
    parse_package(files)  # what is written in other formats has to be as sound
    return flat_files(package, contents, stated, form)


def _about(ds: Dataset) -> Mapping[str, Any]:
    own = ds.to_package().about
    if own is not None:
        return own
    return (load().about if ds == load() else None) or _ABOUT


def _content(name: str, package: Package) -> bytes:
    if name in FIXED_TABLES:
        return bundled(f"{name}.json")
    return canonical([record.to_dict() for record in getattr(package, name)], name)


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in contents.items():
            # Neither the time nor the system of writing may show in the bytes.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return written.getvalue()


def _check_folder(path: Path, contents: Mapping[str, bytes]) -> None:
    """Refuse to replace what is no package."""
    if path.exists() and not path.is_dir():
        message = f"{path} is a file; a package is a folder, or a file whose name ends in .zip"
        raise FileExistsError(message)
    if (
        path.is_dir()
        and any(path.iterdir())
        and not (_is_package(path, contents) or _is_package(path / UNFINISHED, contents))
    ):
        message = f"{path} holds something else than a data package of a mapping, and is left as it is"
        raise FileExistsError(message)


def _is_package(path: Path, contents: Mapping[str, bytes]) -> bool:
    return all((path / name).is_file() for name in contents if name not in OPTIONAL_FILES)
