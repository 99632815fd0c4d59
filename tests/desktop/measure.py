"""Start, memory and frames of the program on a real desktop, against an empty window. Run inside `scripts/desktop`.

`measure.py PROGRAM EMPTY_WINDOW SMALL_LIBRARY LARGE_LIBRARY WORK_DIR`: the two libraries hold 100 and 100,000 images.
Everything takes turns, and medians are compared, so that a busy computer is as hard on one as on the other.
"""

import os
import pathlib
import re
import select
import statistics
import subprocess
import sys
import time

from window import key, type_text, xdotool

ROUNDS = 7
QUIET_SECS = 2.0
IDLE_SECS = 5.0
LIMIT_SECS = 600.0  # The first index of a large library takes its time.
TICKS = os.sysconf("SC_CLK_TCK")
FRAME = re.compile(rb"frame micros=(\d+) missing=(\d+)")


class Program:
    """A program whose lines are read as they come, each with its time since the start in milliseconds."""

    def __init__(self, *command):
        environment = dict(os.environ, PROOFSHEET_LOG="trace", NO_COLOR="1")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
        )
        os.set_blocking(self.process.stderr.fileno(), False)
        self.rest = b""
        self.lines = []

    def read(self, seconds):
        """Whatever comes within this time; one piece at most."""
        if select.select([self.process.stderr], [], [], seconds)[0]:
            now = (time.monotonic() - self.began) * 1e3
            *whole, self.rest = (self.rest + (self.process.stderr.read() or b"")).split(b"\n")
            self.lines += [(now, line) for line in whole]

    def until(self, words, since=0, limit=LIMIT_SECS):
        """When a line with these words came, of those after the first `since`."""
        end = time.monotonic() + limit
        place = since
        while True:
            while place < len(self.lines):
                if words in self.lines[place][1]:
                    return self.lines[place][0]
                place += 1
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit("%r never came" % words)
            self.read(0.2)

    def quiet(self, seconds=QUIET_SECS):
        """Reads until no line has come for so long; a caret that blinks is waited for only a moment."""
        known, limit = -1, time.monotonic() + 5 * seconds
        while known != len(self.lines) and time.monotonic() < limit:
            known = len(self.lines)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                self.read(max(0.0, end - time.monotonic()))

    def frames(self, since=0):
        """Milliseconds each frame took to build."""
        found = (FRAME.search(line) for _, line in self.lines[since:])
        return [int(match[1]) / 1e3 for match in found if match]

    def memory(self):
        """Resident megabytes: all, and those that are not files or shared with the X server."""
        status = pathlib.Path("/proc/%d/status" % self.process.pid).read_text()
        return [int(re.search(r"%s:\s+(\d+)" % name, status)[1]) / 1024 for name in ("VmRSS", "RssAnon")]

    def cpu(self):
        """Milliseconds of processor time so far."""
        fields = pathlib.Path("/proc/%d/stat" % self.process.pid).read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1e3 / TICKS

    def end(self):
        self.process.terminate()
        self.process.wait(20)


def middle(values):
    return statistics.median(values) if values else float("nan")


def line(what, goal, ratio, measured):
    verdict = "" if goal is None else "reached" if ratio <= goal else "MISSED"
    print("| %s | %s | %.2f | %s | %s |" % (what, "" if goal is None else "<= %s" % goal, ratio, verdict, measured), flush=True)


def head(words, conditions):
    print("\n## %s\n\n%s\n\n| what | goal | result | | measured |\n|---|---|---|---|---|" % (words, conditions), flush=True)


SEEN = b"every thumbnail in view is there"


def start(command, words):
    """One start: first frame, the line with these words, memory at rest, processor time and frames while idle."""
    program = Program(*command)
    try:
        first = program.until(b"first frame")
        seen = program.until(words)
        if words == SEEN:
            program.until(b"the index is up to date")
        program.quiet()
        known, busy = len(program.lines), program.cpu()
        time.sleep(IDLE_SECS)
        program.read(0.0)
        idle = (program.cpu() - busy) / IDLE_SECS
        return [first, seen, *program.memory(), idle, len(program.frames(known))]
    finally:
        program.end()


def starts(ways):
    results = {name: [] for name in ways}
    for name, (command, words) in ways.items():
        start(command, words)  # Files are in memory, thumbnails are kept.
    for _ in range(ROUNDS):
        for name, (command, words) in ways.items():
            results[name].append(start(command, words))
    return {name: [middle(column) for column in zip(*rows)] for name, rows in results.items()}


def compare(found):
    empty, none, small, large, other = (found[name] for name in ("empty", "none", "small", "large", "other renderer"))
    head("Start and memory", "A real window on a desktop without a screen, OpenGL in software; medians of %d starts that take turns." % ROUNDS)
    line("first frame with 100,000 images, to an empty window", 1.05, large[0] / empty[0], "%.0f ms against %.0f ms" % (large[0], empty[0]))
    line("first frame with 100 images, to an empty window", None, small[0] / empty[0], "%.0f ms" % small[0])
    line("all thumbnails in view, to an empty window's first frame", 1.25, large[1] / empty[0], "%.0f ms" % large[1])
    line("the same with 100 images", None, small[1] / empty[0], "%.0f ms" % small[1])
    line("an empty window's second frame, which is the next that could show them, to its first", None, empty[1] / empty[0], "%.0f ms" % empty[1])
    line("resident memory at 100,000 images, to 100", 1.05, large[2] / small[2], "%.0f MB against %.0f MB" % (large[2], small[2]))
    line("the same without files", None, large[3] / small[3], "%.0f MB against %.0f MB" % (large[3], small[3]))
    line("above an empty window, in shares of 32 MB", 1.0, (large[2] - empty[2]) / 32, "%.0f MB above %.0f MB" % (large[2] - empty[2], empty[2]))
    line("no images at all above an empty window, in shares of 32 MB", None, (none[2] - empty[2]) / 32, "%.0f MB" % (none[2] - empty[2]))
    line("100 images above an empty window, in shares of 32 MB", None, (small[2] - empty[2]) / 32, "%.0f MB" % (small[2] - empty[2]))
    line("wgpu instead of OpenGL: first frame", None, other[0] / large[0], "%.0f ms against %.0f ms" % (other[0], large[0]))
    line("wgpu instead of OpenGL: all thumbnails in view", None, other[1] / large[1], "%.0f ms against %.0f ms" % (other[1], large[1]))
    line("wgpu instead of OpenGL: resident memory", None, other[2] / large[2], "%.0f MB against %.0f MB" % (other[2], large[2]))
    line("processor time while idle, to an empty window (ms a second, one added to both)", 1.1, (large[4] + 1) / (empty[4] + 1), "%.2f ms against %.2f ms, %d frames" % (large[4], empty[4], large[5]))


def work(program, words):
    """A person's minute with the large library; each answer is the next frame that shows it."""

    def answer(what, chord=None, text=None):
        program.quiet(1.0)
        known = len(program.lines)
        pressed = (time.monotonic() - program.began) * 1e3
        key(chord) if chord else type_text(text)
        first = program.until(b"frame micros", known)
        seen = program.until(b"missing=0", known)
        program.quiet(1.0)
        frames = program.frames(known)
        print("| %s | %.0f | %.0f | %d | %.2f | %.2f |" % (what, first - pressed, seen - pressed, len(frames), middle(frames), max(frames)), flush=True)

    program.until(SEEN)
    program.quiet()
    identity = xdotool("search", "--onlyvisible", "--pid", str(program.process.pid))[-1]
    xdotool("windowactivate", "--sync", identity)
    width, height = xdotool("getdisplaygeometry")
    xdotool("mousemove", str(int(width) // 2), str(int(height) // 2), "click", "1")
    known = len(program.lines)
    head = "| step | first frame, ms | all in view, ms | frames | usual frame, ms | longest frame, ms |"
    print("\n## Work with 100,000 images\n\nFrom the key's first event, with the time the key is held; a frame is what building it takes.\n\n%s\n|---|---|---|---|---|---|" % head, flush=True)
    answer("Home", "Home")
    answer("End: the oldest images", "End")
    answer("Home again", "Home")
    for _ in range(3):
        answer("Page Down", "Next")
    answer("P: a pick", "p")
    answer("Ctrl+A: all selected", "ctrl+a")
    answer("X: all rejected", "x")
    answer("Ctrl+Z: taken back", "ctrl+z")
    key("Home")
    key("ctrl+f")
    answer("search for a word", text=words)
    answer("Esc", "Escape")
    frames = program.frames(known)
    print("\n%d frames, median %.2f ms, longest %.2f ms." % (len(frames), middle(frames), max(frames)))
    print("Resident memory afterwards: %.0f MB." % program.memory()[0])


def main():
    program, empty, small, large, folder = sys.argv[1:6]
    way = lambda name, library: [program, "--demo", "--home", os.path.join(folder, name), "--library", library]  # noqa: E731
    none = os.path.join(folder, "no images")
    os.makedirs(none)
    ways = {"empty": ([empty], b"second frame"), "none": (way("none", none), b"first frame")}
    ways |= {"small": (way("small", small), SEEN), "large": (way("large", large), SEEN)}
    ways["other renderer"] = (way("large", large) + ["--renderer", "wgpu"], SEEN)
    compare(starts(ways))
    minute = Program(*ways["large"][0])
    try:
        work(minute, "lighthouse")
    finally:
        minute.end()


if __name__ == "__main__":
    main()
