"""
Every check of this project, each written once: ``nox -l`` lists them, ``nox -s all`` runs what has to pass.

Each session makes an environment of its own with pip, so that what passes here passes elsewhere.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "venv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False  # a Python that this machine lacks is named and passed over
nox.options.sessions = ["lint", "tests"]

ROOT = Path(__file__).parent
ENVIRONMENTS = Path(os.environ.get("NOX_ENVDIR", ROOT / ".nox")).resolve()
MEASURED = ENVIRONMENTS / "coverage"
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
OTHER_PYTHONS = ("3.12", "3.13", "3.14")
# What depends most on the versions of Python and of other libraries.
CORE = [f"tests/test_{name}.py" for name in ("records", "queries", "extending", "network", "paths")]
CORE_NEEDS = ("pytest", "pytest-xdist", "hypothesis")

os.environ |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_QUIET": "1", "PYTHONDONTWRITEBYTECODE": "1"}
# Pythons of pyenv count as well, also those that no shim leads to.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
FOUND = [str(folder) for version in OTHER_PYTHONS for folder in sorted(PYENV.glob(f"{version}.*/bin"))]
os.environ["PATH"] = os.pathsep.join([*FOUND, os.environ.get("PATH", "")])


def group(name: str) -> tuple[str, ...]:
    """Return what a dependency group needs."""
    return nox.project.dependency_groups(PYPROJECT, name)


def run_readme(session: nox.Session, name: str, env: dict[str, str] | None = None) -> None:
    """Run the command of the README that follows a mark, as it is written there."""
    found = f"command=$(sed -n '/<!-- {name} -->/,/^```$/{{/^python/p}}' README.md)"
    session.run(
        "bash", "-euc", f'{found}; echo "${{command:?is not in README.md}}"; eval "$command"', external=True, env=env
    )


def measuring(name: str) -> dict[str, str]:
    """Return the environment in which pytest writes down which lines and branches it ran."""
    MEASURED.mkdir(parents=True, exist_ok=True)
    options = f"{os.environ.get('PYTEST_ADDOPTS', '')} --cov --cov-report= --cov-fail-under=0"
    return {"COVERAGE_FILE": str(MEASURED / f"{name}.data"), "PYTEST_ADDOPTS": options.strip()}


@nox.session
def tests(session: nox.Session) -> None:
    """Run the README's test command in an empty environment."""
    run_readme(session, "test command", measuring("tests"))


@nox.session(python=False)
def slow(session: nox.Session) -> None:
    """Run the slow tests, in the environment of the session tests, which is made if it is not there."""
    home = ENVIRONMENTS / "tests"
    python = home / "bin" / "python"
    if not python.exists():
        session.run(sys.executable, "-m", "venv", str(home))
        session.run(str(python), "-m", "pip", "install", "-e", ".[test]")
    # The official schema of IATI; what it needs is too old for the rest, and is not used.
    session.run(str(python), "-m", "pip", "install", "--no-deps", "pyIATI")
    session.run(str(python), "-m", "pytest", "-n", "auto", "-m", "slow", *session.posargs, env=measuring("slow"))


@nox.session(requires=["tests", "slow"])
def coverage(session: nox.Session) -> None:
    """Show what share of lines and branches the tests ran; too small a share fails."""
    session.install("coverage")
    file = {"COVERAGE_FILE": str(MEASURED / "all.data")}
    session.run("coverage", "combine", "--keep", "-q", *map(str, sorted(MEASURED.glob("[st]*.data"))), env=file)
    session.run("coverage", "report", env=file)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, spelling, the project file, and who imports whom."""
    session.install("-e", ".", *group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell")
    session.run("validate-pyproject", "pyproject.toml")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy and pyright, and that everything public has some."""
    session.install("-e", ".[all]", "duckdb", *group("types"))
    session.run("mypy")
    session.run("pyright")
    session.run("pyright", "--verifytypes", "icatmapping", "--ignoreexternal")


@nox.session
def data(session: nox.Session) -> None:
    """Check the bundled data package."""
    session.install("-e", ".")
    session.run("python", "-m", "icatmapping", "validate")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; a warning is an error."""
    session.install("-e", ".[all]", *group("docs"))
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html")


@nox.session
def oldest(session: nox.Session) -> None:
    """Test with the oldest versions of what the library needs, and with another backend of networkx."""
    needed = [requirement.replace(">=", "==") for requirement in PYPROJECT["project"]["dependencies"]]
    session.install(".", *CORE_NEEDS, *needed, "nx-parallel==0.3")
    session.run("python", "-m", "pytest", "-q", "-n", "auto", *CORE)
    alone = ("-c", os.devnull, "--rootdir=tests/backends", "--noconftest", "-p", "no:cacheprovider")
    session.run("python", "-m", "pytest", "-q", *alone, "tests/backends")


@nox.session(python=OTHER_PYTHONS)
def pythons(session: nox.Session) -> None:
    """Test with a newer Python, if this machine has it."""
    session.install(".", *CORE_NEEDS)
    session.run("python", "-m", "pytest", "-q", "-n", "auto", *CORE)


@nox.session
def first(session: nox.Session) -> None:
    """Run the README's first command in an empty environment."""
    run_readme(session, "first command")


@nox.session
def browser(session: nox.Session) -> None:
    """Try the explorer in a real browser; what is missing of Chromium, npm and a font is installed as Debian has it."""
    missing = [name for name in ("chromium", "npm") if shutil.which(name) is None]
    missing += [] if Path("/usr/share/fonts/truetype/crosextra").is_dir() else ["fonts-crosextra-carlito"]
    if missing:
        session.run("apt-get", "update", "-qq", external=True)
        session.run(
            "apt-get", "install", "-y", "-qq", *missing, external=True, env={"DEBIAN_FRONTEND": "noninteractive"}
        )
    session.install("-e", ".[all]", *CORE_NEEDS, *group("browser"))
    session.run("python", "-m", "pytest", "-q", "-m", "browser", "tests/browser", *session.posargs)


@nox.session
def engines(session: nox.Session) -> None:
    """Ask the engines that need more than a wheel, sqlframe and Spark; Java is installed if it is missing."""
    if shutil.which("java") is None:
        session.run("apt-get", "update", "-qq", external=True)
        session.run(
            *("apt-get", "install", "-y", "-qq", "openjdk-17-jre-headless"),
            external=True,
            env={"DEBIAN_FRONTEND": "noninteractive"},
        )
    session.install("-e", ".[all]", "duckdb", *CORE_NEEDS, *group("engines"))
    asked = [str(file) for file in sorted(Path("tests").glob("test_frames_*.py"))]
    session.run("python", "-m", "pytest", "-q", "-m", "engine", *asked, *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks, ten minutes; ``nox -s bench -- --quick`` takes one."""
    session.install("-e", ".[test]", *group("bench"))
    session.run("python", "tests/benchmarks/run.py", *session.posargs)


@nox.session(
    name="all",
    python=False,
    requires=["lint", "data", "types", "first", "coverage", "docs", "oldest", "pythons", "browser", "engines"],
)
def everything(session: nox.Session) -> None:
    """Run all that has to pass before a change lands."""
    session.log("everything that has to pass has passed")
