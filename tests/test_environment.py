"""environment.yml, pyproject.toml, requirements.lock and noxfile.py say the same, and no file names a registry."""

import pathlib
import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import course_lib
from course_lib import place
from course_lib.distributed.spark import java
from course_lib.tools import doctor
from course_lib.tools.build import addresses, kernel, source

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
WANTED = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]

MACHINES = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"},
    "linux-arm": {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "aarch64",
        "os_name": "posix",
    },
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"},
}


def conda_packages():
    """{name: version} of environment.yml, without its pip section."""
    plain = [entry for entry in CONDA["dependencies"] if isinstance(entry, str)]
    return dict(entry.partition("=")[::2] for entry in plain)


def pins(machine, python):
    """{package: version} that the lock installs on a machine."""
    here = {
        **MACHINES[machine],
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    found = {}
    for name, version, marker in re.findall(r"^([\w.-]+)==([^\s;]+)(?: ; ([^\\\n]+?))? \\$", LOCK, re.MULTILINE):
        if not marker or Marker(marker).evaluate(here):
            assert name not in found, f"{name} is pinned twice for {machine}, Python {python}"
            found[canonicalize_name(name)] = Version(version)
    return found, here


def tracked_files():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_every_python_is_in_the_same_range():
    allowed = SpecifierSet(PROJECT["requires-python"])
    minors = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}" in allowed]
    low, high = (".".join(map(str, bound)) for bound in doctor.PYTHON)
    assert minors[0] == low and f"3.{int(minors[-1][2:]) + 1}" == high
    assert conda_packages()["python"] in allowed
    tasks = " ".join((ROOT / "noxfile.py").read_text(encoding="utf-8").split())
    assert f'"--python-version", "{low}"' in tasks
    assert "With Python " + ", ".join(minors[:-1]) + f" or {minors[-1]}" in README


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_lock_satisfies_every_dependency(machine, python):
    locked, here = pins(machine, python)
    for wanted in WANTED:
        if wanted.marker and not wanted.marker.evaluate(here):
            continue
        name = canonicalize_name(wanted.name)
        assert name in locked, f"{wanted} is not in requirements.lock for {machine}: run `nox -s lock`"
        assert locked[name] in wanted.specifier, f"{wanted}, but the lock has {locked[name]}: run `nox -s lock`"
    assert locked["numpy"] < Version("2.5")
    assert ("tensorflow" in locked) != ("tensorflow-cpu" in locked)


def test_every_line_of_the_lock_has_hashes():
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 100
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_conda_takes_its_packages_from_the_lock_and_java_17():
    packages = conda_packages()
    assert set(packages) == {"python", "openjdk", "pip"}
    assert packages["openjdk"] == str(java.OLDEST) == "17"
    assert [entry for entry in CONDA["dependencies"] if isinstance(entry, dict)] == [{"pip": ["-r requirements.lock"]}]
    last_step = "pip install --no-deps -e ."
    assert f"conda activate {CONDA['name']} && {last_step}" in README
    assert re.search(r"pip install .*--no-deps .*--editable \.", (ROOT / "postBuild").read_text(encoding="utf-8"))


def test_the_tasks_install_the_lock_with_its_hashes():
    text = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    assert 'LOCK = "requirements.lock"' in text
    assert '"--require-hashes", "--compile-bytecode", "-r", LOCK' in text


def test_continuous_integration_runs_the_command_of_the_readme():
    assert 'pip install "nox[uv]" && nox -s tests\n' in README
    assert 'pip install "nox[uv]" && nox -s lab\n' in README
    assert 'pip install "nox[uv]" && nox -s tests;' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_no_tracked_file_names_a_registry():
    hosts = [
        ".".join(host)
        for host in (
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("anaconda", "org"),
            ("anaconda", "com"),
            ("yarnpkg", "com"),
        )
    ]
    words = [host.encode() for host in hosts] + [
        b"--" + b"index-url",
        b"--extra-" + b"index-url",
        b"--find-" + b"links",
    ]
    found = [
        (path.relative_to(ROOT).as_posix(), word.decode())
        for path in tracked_files()
        if path.is_file()
        for word in words
        if word in path.read_bytes()
    ]
    assert found == []


def test_badges_and_links_are_made_from_the_one_address():
    address = PROJECT["urls"]["Repository"]
    assert place.repository(ROOT) == address
    start = source.lessons(ROOT)[0].notebook("notebooks")
    assert addresses.badges(address, start) in README
    name = addresses.owner_and_name(address)
    online = re.compile(r"(?:github\.com|colab\.research\.google\.com/github|mybinder\.org/v2/gh)/([\w.-]+/[\w.-]+)")
    for path in [ROOT / "README.md", *sorted(ROOT.glob("notebooks/*/*.ipynb"))]:
        text = path.read_text(encoding="utf-8")
        ours = [hit for hit in online.findall(text) if hit.split("/")[1] == name.split("/")[1]]
        assert ours and set(ours) == {name}, path


def test_a_conda_environment_computes_on_one_thread_as_course_lab_does():
    assert {name: str(value) for name, value in CONDA["variables"].items()} == kernel.ONE_THREAD


def test_one_version_stands_in_the_project_the_library_and_the_changelog():
    released = re.findall(
        r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [Version(v) for v in released] == sorted(map(Version, released), reverse=True)
    assert PROJECT["version"] == course_lib.__version__ == released[0]


def test_the_workflow_runs_the_commands_of_the_readme_on_every_promised_python():
    jobs = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))["jobs"]
    matrix = jobs["tests"]["strategy"]["matrix"]
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    promised = SpecifierSet(PROJECT["requires-python"])
    assert matrix["python"] == [f"3.{minor}" for minor in range(8, 30) if f"3.{minor}" in promised]
    ran = "\n".join(step.get("run", "") for step in jobs["tests"]["steps"])
    for command in re.findall(r"^pip install .*nox -s .*$", README, re.MULTILINE):
        assert command in ran
