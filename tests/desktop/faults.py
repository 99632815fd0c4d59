"""What happens on a real desktop when the window fails or is closed while a paid answer is on its way, when its display
dies, when no OpenGL can be had, when nothing can be had, and when the program is started once more.

Run inside `scripts/desktop`: `faults.py PROGRAM OUT_DIR`. PROGRAM is a development build: only those break when asked to.
Prints what holds and what does not; exits 1 if anything does not.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

from end_to_end import KEY, PROMPT, Report, tiles, traces_of
from recorder import Recorder
from window import NotSeen, Window, key, screenshot, wait_for, windows, xdotool

# What takes OpenGL and Vulkan away from a program under Mesa.
NO_OPENGL = {"LIBGL_DRIVERS_PATH": "/none"}
NO_VULKAN = {"VK_ICD_FILENAMES": "/dev/null", "VK_DRIVER_FILES": "/dev/null"}
WIND_DOWN_SECS = 40.0


def with_variables(**variables):
    return dict(os.environ, **variables)


def reports_in(home):
    return sorted((home / "state" / "crashes").rglob("*.txt"))


def broken_window(report, program, folder):
    home, library = folder / "home", folder / "library"
    log = report.out_dir / "broken.log"
    log.unlink(missing_ok=True)
    server = Recorder()
    arguments = ["--home", str(home), "--library", str(library), "--base-url", server.base_url]
    window = None
    try:
        broken = with_variables(PROOFSHEET_API_KEY=KEY, PROOFSHEET_FAULT="window")
        window = Window(program, *arguments, log=log, environment=broken)
        window.fill("Prompt", PROMPT)
        key("ctrl+Return")
        code = window.process.wait(WIND_DOWN_SECS)
        said = log.read_text(errors="replace")
        report.check("a fault of the window ends the program with 1", code == 1, "%s: %s" % (code, said))
        report.check("and says so in a sentence", "Nothing that was received is lost" in said, said)
        report.check("the words of the prompt are not in what it says", PROMPT not in said)
        stored = sorted(path.read_bytes() for path in library.rglob("*.png"))
        report.check("every image that came back after the fault is stored", stored == sorted(server.pictures) and stored)
        written = reports_in(home)
        text = written[0].read_text() if written else ""
        report.check("one report is written, and its file is named", len(written) == 1 and str(written[0]) in said, said)
        report.check("it says what failed and where", "fault.rs" in text and "OpenGL" in text, text[:600])
        report.check("it holds no word of the prompt", PROMPT not in text and PROMPT[:12] not in text)

        whole = with_variables(PROOFSHEET_API_KEY=KEY)
        window = Window(program, *arguments, log=log, environment=whole)
        window.find("Proofsheet stopped unexpectedly.*")
        window.button("Open folder")
        report.check("the next start says what happened and offers the folder", True)
        wait_for("the images of before", lambda: [tile for tile in tiles(window) if "96 by 96" in tile.name])
        report.check("and shows every image", len(tiles(window)) == len(server.pictures))
        report.check("it closes well", window.close() == 0)

        window = Window(program, *arguments, log=log, environment=whole)
        window.find("Prompt")
        report.check("it is said once", not window.all("Proofsheet stopped unexpectedly.*"))
        report.check("and closes well", window.close() == 0)
        found = traces_of(KEY, [folder, report.out_dir])
        report.check("the key is in no report, no log and no other file", not found, str(found))
        lines = "".join(path.read_text() for path in (home / "state" / "log").glob("*.log"))
        report.check("the log names the fault and holds no word of the prompt", "fault" in lines and PROMPT not in lines)
    finally:
        if window is not None:
            window.kill()
        server.stop()


class Display:
    """An X server of its own, that can be taken away from under a window."""

    def __init__(self, log):
        ready, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1360x860x24", "-nolisten", "tcp", "-noreset"]
        self.server = subprocess.Popen(command, stdout=log, stderr=log, pass_fds=[write])
        os.close(write)
        with os.fdopen(ready) as number:
            self.name = ":" + number.readline().strip()

    def kill(self):
        self.server.kill()
        self.server.wait()


def lost_display(report, program, folder):
    """A window whose display dies, or that is killed: nothing in it may be able to tell, so the next start does."""
    home = folder / "home"
    log_file = report.out_dir / "display.log"
    arguments = ["--demo", "--home", str(home), "--library", str(folder / "library")]
    display = window = None
    ended, stopped = "The window ended without closing.*", "Proofsheet stopped unexpectedly.*"

    def told(what, sentence):
        nonlocal window
        window = Window(program, *arguments, log=log_file)
        window.find("Prompt")
        window.find(sentence)
        screenshot(str(report.out_dir / "ended.png"), window.id)
        report.check(what, len(window.all(ended)) + len(window.all(stopped)) == 1)
        report.check("it closes well", window.close() == 0)

    try:
        with open(log_file, "ab") as log:
            display = Display(log)
        window = Window(program, *arguments, log=log_file, environment=with_variables(DISPLAY=display.name))
        window.find("Prompt")
        display.kill()
        code = window.process.wait(WIND_DOWN_SECS)
        report.check("a window whose display dies ends", code != 0, str(code))
        # In the middle of a frame the toolkit may still have failed in words, which then is a report.
        told("the next start says what happened", stopped if reports_in(home) else ended)

        window = Window(program, *arguments, log=log_file)
        window.find("Prompt")
        report.check("it is said once, and not of a window that was closed", not window.all(ended))
        window.kill()
        told("that a window was killed is said too", ended)
        report.check("no marker is left", not list((home / "state" / "windows").iterdir()))
    finally:
        if window is not None:
            window.kill()
        if display is not None:
            display.kill()


def leaving(report, program, folder):
    """Closed while images are awaited: a warning once for each time, and the second close loses nothing that comes."""
    library = folder / "library"
    server = Recorder(delay=2.0)
    arguments = ["--home", str(folder / "home"), "--library", str(library), "--base-url", server.base_url]
    window = None
    try:
        whole = with_variables(PROOFSHEET_API_KEY=KEY)
        window = Window(program, *arguments, log=report.out_dir / "leaving.log", environment=whole)
        window.fill("Prompt", PROMPT)
        for posts in (4, 8):
            key("ctrl+Return")
            wait_for("%d requests" % posts, lambda: len(server.posts()) == posts)
            key("alt+F4")
            window.find("Images are still being made and may be charged.*")
            report.check("with images awaited, closing warns first", window.process.poll() is None)
            if posts == 4:
                window.button("Dismiss").click()
                wait_for("all images", lambda: len([one for one in tiles(window) if "96 by 96" in one.name]) == 4)
        report.check("closing once more leaves, and well", window.close() == 0)
        stored = sorted(path.read_bytes() for path in library.rglob("*.png"))
        report.check("what came in while it left is stored", len(stored) == 8 and stored == sorted(server.pictures))
    finally:
        if window is not None:
            window.kill()
        server.stop()


def renderers(report, program, folder):
    log = report.out_dir / "renderers.log"
    home = folder / "painted"

    def painted_by():
        lines = (home / "state" / "log" / "proofsheet.log").read_text().splitlines()
        return [line for line in lines if "the window is open" in line][-1]

    for what, missing, sign in (
        ("OpenGL is taken first", {}, "OpenGL"),
        ("without OpenGL the window opens all the same", NO_OPENGL, "Vulkan"),
    ):
        window = None
        try:
            arguments = ["--demo", "--home", str(home), "--library", str(folder / "demo")]
            window = Window(program, *arguments, log=log, environment=with_variables(**missing))
            window.find("Prompt")
            report.check(what, sign in painted_by(), painted_by())
            report.check("and closes well", window.close() == 0)
        finally:
            if window is not None:
                window.kill()

    for what, arguments, missing in (
        ("without either", [], {**NO_OPENGL, **NO_VULKAN}),
        ("with the only one asked for missing", ["--renderer", "glow"], NO_OPENGL),
    ):
        command = [program, "--demo", "--home", str(home), "--library", str(folder / "demo"), *arguments]
        done = subprocess.run(
            command, env=with_variables(**missing), capture_output=True, text=True, timeout=WIND_DOWN_SECS, check=False
        )
        ours = [line for line in done.stderr.splitlines() if line.startswith("proofsheet:")]
        one = len(ours) == 1 and "could not be opened" in ours[0] and "generate" in ours[0]
        report.check("%s one sentence says so, and the program ends with 1" % what, one and done.returncode == 1, done.stderr)
    report.check("none of that counts as a fault of the program", not reports_in(home))


def active():
    """The process whose window has the keyboard."""
    found = xdotool("getactivewindow", "getwindowpid")
    return int(found[0]) if found else None


def second_start(report, program, folder):
    """Started once more, the window comes to the front; from another home it is only looked at."""
    library = str(folder / "library")
    arguments = ["--demo", "--home", str(folder / "home"), "--library", library]
    log = report.out_dir / "second.log"
    first = other = second = None

    def again():
        command = [program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=WIND_DOWN_SECS, check=False)

    try:
        first = Window(program, *arguments, log=log)
        first.find("Prompt")
        other = Window(program, "--demo", "--home", str(folder / "b"), "--library", str(folder / "other"), log=log)
        other.find("Prompt")
        wait_for("the other window in front", lambda: active() == other.process.pid)
        done = again()
        report.check("a second start ends well", done.returncode == 0, done.stderr)
        report.check("and says where the window is", "in front now" in done.stdout and len(done.stdout.splitlines()) == 1)
        wait_for("the first window in front", lambda: active() == first.process.pid)
        report.check("the first window came to the front", True)

        window = first.id
        xdotool("windowminimize", window)
        wait_for("the first window minimised", lambda: window not in windows(".*"))
        report.check("it ends well again", again().returncode == 0)
        wait_for("it back in front", lambda: window in windows(".*") and active() == first.process.pid)
        report.check("a minimised window comes back", True)
        report.check("the other library's window closes well", other.close() == 0)

        second = Window(program, "--demo", "--home", str(folder / "c"), "--library", library, log=log)
        second.find("This library is open in another Proofsheet window.*")
        screenshot(str(report.out_dir / "only-shown.png"), second.id)
        report.check("who cannot reach the first window looks at the library, and is told", first.process.poll() is None)
        report.check("it closes well", second.close() == 0)
        report.check("and so does the first", first.close() == 0)
        report.check("nothing is left to ring at", not list((folder / "home" / "state").glob("*.sock")))
    finally:
        for window in (first, other, second):
            if window is not None:
                window.kill()


def main():
    program, out_dir = sys.argv[1], pathlib.Path(sys.argv[2])
    out_dir.mkdir(parents=True, exist_ok=True)
    report = Report(out_dir)
    for part in (broken_window, lost_display, leaving, renderers, second_start):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="faults-", dir=os.environ["PROOFSHEET_DESKTOP"]))
        try:
            part(report, program, folder)
        except NotSeen as missing:
            report.check("waited for %s" % missing, False, "it did not come")
        except Exception:  # Whatever it is, it is a failure of this test, told with its place.
            report.check("the story ran to its end", False, traceback.format_exc())
    print("%d passed, %d failed" % (report.passed, report.failed))
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
