"""The main job on a real desktop: a key typed into the window and kept by the real keyring, a prompt typed with real
key events, a pick saved through the real native dialog, byte for byte what the server sent.

Run inside `scripts/desktop`: `end_to_end.py PROGRAM OUT_DIR`. Prints what holds and what does not; exits 1 if anything
does not. Pictures of failures and the program's own words go to OUT_DIR.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import urllib.parse

from recorder import Recorder
from window import NotSeen, Window, key, screenshot, type_text, wait_for, windows

KEY = "sk-canary-7c1f0b52e9d84a36"
KEY_MIDDLE = KEY[10:22]
# The program says all it has to say into a log, and that is searched for the key too.
VERBOSE = dict(os.environ, PROOFSHEET_LOG="trace", RUST_BACKTRACE="full")
PROMPT = "a lighthouse at dusk, long exposure"
SERVICE = "Proofsheet"


class Report:
    """Counts what holds. A step that fails ends the story: what comes after stands on it."""

    def __init__(self, out_dir):
        self.out_dir = out_dir
        self.passed = 0
        self.failed = 0

    def check(self, what, holds, detail=""):
        if holds:
            self.passed += 1
            print("ok      %s" % what, flush=True)
        else:
            self.failed += 1
            print("FAILED  %s%s" % (what, ": %s" % detail if detail else ""), flush=True)
            screenshot(str(self.out_dir / ("failed-%d.png" % self.failed)))
        return bool(holds)


def keyring_words():
    """Everything the keyring holds for the service, as its own tool tells it."""
    done = subprocess.run(["secret-tool", "search", "--all", "service", SERVICE], capture_output=True, text=True)
    return done.stdout + done.stderr


def traces_of(secret, folders):
    """The files that hold the secret, plainly or in one of the ways it could have been written down."""
    forms = [secret.encode(), KEY_MIDDLE.encode(), secret.encode("utf-16-le")]
    # In base64 a text looks different by where it begins in its group of three; its ends depend on the neighbours.
    forms += [base64.b64encode(b"." * before + secret.encode())[4:-4] for before in range(3)]
    forms.append(urllib.parse.quote(secret, safe="").encode())
    found = []
    for folder in folders:
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                if any(form in data for form in forms):
                    found.append(str(path))
    return found


def processes_naming(secret):
    """The processes whose arguments or environment hold the secret."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            except OSError:
                continue
            if secret.encode() in words or KEY_MIDDLE.encode() in words:
                found.append(folder.name)
    return found


def tiles(window):
    """The tiles in reading order: `1 of 4, picked, a lighthouse, 96 by 96`."""
    return window.all(r"\d+ of \d+,.*")


def first_start(report, window, server):
    window.find("Base URL")
    report.check("first start asks for a base URL", True)
    window.fill("Base URL", server.base_url)
    shown = wait_for(
        "the final address under the field", lambda: server.base_url + "/images/generations" in window.words()
    )
    report.check("the final address is shown under the field", shown)
    window.button("Start").mouse_click()
    window.find("Prompt")
    report.check("first start leads to the sheet", True)


def keep_key(report, window):
    key("ctrl+comma")
    window.fill("API key", KEY)
    report.check("the key as typed is not in the accessible tree", KEY_MIDDLE not in window.everything())
    report.check("nothing is kept before it is asked for", KEY not in keyring_words())
    window.button("Save key").mouse_click()
    wait_for("the key in the keyring", lambda: "secret = %s" % KEY in keyring_words())
    report.check("the key typed into Preferences is in the real keyring", True)
    report.check("the kept key is not in the accessible tree", KEY_MIDDLE not in window.everything())
    key("Escape")
    window.gone("Save key")


def generate(report, window, server):
    window.fill("Prompt", PROMPT)
    key("ctrl+Return")
    shown = wait_for("the tiles", lambda: [t for t in tiles(window) if "96 by 96" in t.name])
    wait_for("every tile", lambda: all("96 by 96" in tile.name for tile in tiles(window)))
    shown = tiles(window)
    report.check("every tile names its place, its prompt and its size", all(PROMPT[:12] in t.name for t in shown))
    report.check("one tile for each picture sent", len(shown) == len(server.pictures), "%d tiles" % len(shown))

    posts = server.posts()
    headers = [{name.lower(): value for name, value in post["headers"]} for post in posts]
    report.check("the program asked for images", posts)
    report.check(
        "after a restart without any variable each request carries the key of the keyring",
        posts and all(one.get("authorization") == "Bearer " + KEY for one in headers),
    )
    bodies = [json.loads(post["body"]) for post in posts]
    report.check("the prompt arrives as typed", all(body["prompt"] == PROMPT for body in bodies))
    report.check("what does not apply is left out, never null", all(None not in body.values() for body in bodies))


def pick_and_save(report, window, server, library, folder):
    tiles(window)[0].mouse_click()
    key("p")
    wait_for("a picked tile", lambda: "picked" in tiles(window)[0].name)
    report.check("P marks the tile", True)
    window.find(r"Save picks.*")
    report.check("the tray offers to save the pick", True)

    before = set(windows(".*"))
    key("ctrl+s")
    dialog = wait_for("the native dialog", lambda: [one for one in windows("^save") if one not in before])
    report.check("Ctrl+S opens the native dialog", True)
    subprocess.run(["xdotool", "windowactivate", "--sync", dialog[0]], check=False)
    wait_for("the dialog ready to type", lambda: subprocess.run(
        ["xdotool", "getwindowfocus"], capture_output=True, text=True).stdout.strip() == dialog[0])
    target = folder / "the pick.png"
    key("ctrl+a")
    type_text(str(target))
    key("Return")
    wait_for("the saved file", target.is_file)
    wait_for("the notice of it", lambda: "the pick.png" in window.words() or "Saved" in window.words())
    saved = target.read_bytes()
    report.check("the saved file is byte for byte what the server sent", saved in server.pictures)
    kept = sorted(library.rglob("1.png"))
    report.check("it is the picked one", len(kept) == 1 and kept[0].read_bytes() == saved, str(kept))
    stored = sorted(path.read_bytes() for path in library.rglob("*.png"))
    report.check("the library holds every byte the server sent", stored == sorted(server.pictures))
    return target


def story(report, program):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="end-to-end-", dir=os.environ["PROOFSHEET_DESKTOP"]))
    home, library, picks = folder / "home", folder / "library", folder / "picks"
    picks.mkdir()
    arguments = ["--home", str(home), "--library", str(library)]
    log = report.out_dir / "program.log"
    log.unlink(missing_ok=True)
    server = Recorder()
    window = None
    try:
        window = Window(program, *arguments, log=log, environment=VERBOSE)
        first_start(report, window, server)
        keep_key(report, window)
        report.check("closing the window ends the program well", window.close() == 0)

        window = Window(program, *arguments, log=log, environment=VERBOSE)
        generate(report, window, server)
        pick_and_save(report, window, server, library, picks)
        report.check("the key is in no accessible text", KEY_MIDDLE not in window.everything())
        report.check("the key is in no process list", not processes_naming(KEY), str(processes_naming(KEY)))
        report.check("closing it again ends it well", window.close() == 0)

        window = Window(program, *arguments, log=log, environment=VERBOSE)
        again = wait_for("the tiles of before", lambda: tiles(window))
        report.check("the next start shows the images and the mark again", "picked" in again[0].name, again[0].name)
        report.check("and closes well", window.close() == 0)
        report.check(
            "the key is in no file but the keyring's own",
            not (found := traces_of(KEY, [folder, os.environ["HOME"], report.out_dir])),
            str(found),
        )
    finally:
        if window is not None:
            window.kill()
        server.stop()


def main():
    program, out_dir = sys.argv[1], pathlib.Path(sys.argv[2])
    out_dir.mkdir(parents=True, exist_ok=True)
    report = Report(out_dir)
    try:
        story(report, program)
    except NotSeen as missing:
        report.check("waited for %s" % missing, False, "it did not come")
    except Exception:  # Whatever it is, it is a failure of this test, told with its place.
        report.check("the story ran to its end", False, traceback.format_exc())
    print("%d passed, %d failed" % (report.passed, report.failed))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
