"""One JupyterLab and one Chromium for all browser tests, both with settings of their own and without a network."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from patience import FAR

from course_lib.tools import browser, lab
from course_lib.tools.build.kernel import surroundings

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 1000 * FAR  # milliseconds


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium. Without one the browser tests are skipped, on continuous integration they fail."""
    path = browser.find()
    if path is None and os.environ.get("CI"):
        pytest.fail("No Chromium on continuous integration: .ci/run installs it.")
    if path is None:
        pytest.skip("no Chromium on this machine; `course doctor` tells how to install one")
    return path


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory):
    """Where screenshots go: the folder in the variable COURSE_SCREENSHOTS, else a temporary one."""
    named = os.environ.get("COURSE_SCREENSHOTS")
    folder = pathlib.Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def server(chromium, tmp_path_factory):
    """The address of a JupyterLab that shows a copy of the course, with the settings of `course lab`."""
    folder = tmp_path_factory.mktemp("jupyter")
    course = folder / "course"
    for kind in ("notebooks", "exercises", "solutions"):
        shutil.copytree(ROOT / kind, course / kind)
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=", f"--ServerApp.root_dir={course}", f"--LabApp.app_settings_dir={lab.SETTINGS}"),
    ]
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **surroundings(folder), **own}, cwd=course
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", process, folder / "log.txt")
        finally:
            process.terminate()
            process.wait()


def _answering(address, process, log, patience=PATIENCE / 1000):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/api/status", timeout=FAR) as answer:
                json.load(answer)
                return address
        except OSError:
            assert process.poll() is None, f"JupyterLab ended:\n{log.read_text(encoding='utf-8')}"
            time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not answer within {patience:.0f} s:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def window(chromium, tmp_path_factory):
    """A browser window with a profile of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=chromium,
            headless=True,
            args=FLAGS,
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(PATIENCE)
        yield context
        context.close()


class Page:
    """A page of JupyterLab with one notebook after the other, and all that went wrong in the one that is open."""

    def __init__(self, window, server):
        self.server, self.tab, self.errors = server, window.new_page(), []
        self.tab.on("pageerror", lambda error: self.errors.append(f"page: {error}"))
        self.tab.on("console", lambda m: m.type == "error" and self.errors.append(f"console: {m.text} {m.location}"))
        self.tab.route(lambda url: not url.startswith((server, "data:", "blob:")), self._outside)
        self.tab.goto(f"{server}/lab?reset")
        self.tab.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")

    def _outside(self, route):
        self.errors.append(f"network: {route.request.url}")
        route.abort()

    def open(self, notebook):
        """Open a notebook as the file browser does, and wait until its kernel answers."""
        self.tab.evaluate(
            """async (path) => {
                const { context, sessionContext } = await jupyterapp.commands.execute('docmanager:open', { path });
                await context.ready;
                await sessionContext.ready;
                await sessionContext.session.kernel.info;
            }""",
            notebook,
        )

    def run_all(self):
        """Run all cells; returns the outputs of each code cell, as a notebook stores them."""
        found = self.tab.evaluate("""async () => {
            await jupyterapp.commands.execute('notebook:run-all-cells');
            return [...jupyterapp.shell.currentWidget.content.model.cells]
                .filter((cell) => cell.type === 'code').map((cell) => cell.outputs.toJSON());
        }""")
        return [[nbformat.from_dict(output) for output in outputs] for outputs in found]

    def settle(self):
        """Wait until the kernel has answered all it was asked, and the page has drawn what came."""
        self.tab.evaluate("""async () => {
            await jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo();
            for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
        }""")

    def unrun(self):
        """How many code cells have never run."""
        return self.tab.evaluate("""() => [...jupyterapp.shell.currentWidget.content.model.cells]
            .filter((cell) => cell.type === 'code' && cell.executionCount === null).length""")

    def close(self):
        """End the kernel and close the notebook, whatever became of it."""
        self.tab.evaluate("""async () => {
            for (const widget of [...jupyterapp.shell.widgets('main')]) {
                await widget.sessionContext?.shutdown();
                widget.dispose();
            }
        }""")
        self.errors.clear()


@pytest.fixture(scope="session")
def jupyterlab(window, server):
    return Page(window, server)


@pytest.fixture
def page(jupyterlab):
    yield jupyterlab
    jupyterlab.close()
