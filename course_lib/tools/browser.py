"""Find a Chromium on this machine, for the browser tests and the doctor."""

import pathlib
import shutil
import sys

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
)
PLACES = {
    "darwin": [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ],
    "win32": [
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ],
}


def find():
    """The path of a Chromium, or of a browser built on it; None when there is none."""
    for command in COMMANDS:
        if path := shutil.which(command):
            return path
    return next((path for path in PLACES.get(sys.platform, []) if pathlib.Path(path).exists()), None)
