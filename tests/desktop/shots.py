"""Pictures of the window, made by using it as a person does. Run inside `scripts/desktop` by `scripts/shots`.

`shots.py PROGRAM OUT_DIR WORK_DIR SET`: `tour` makes runs on the demo endpoint in WORK_DIR and shows every state;
`light`, `double`, `small` and `large` show the same library again on another desktop.
"""

import os
import pathlib
import sys
import time

from recorder import Recorder
from window import Window, key, screenshot, wait_for, xdotool

PROMPTS = [
    ("a poster for a jazz night in a red city, tall towers and a full moon", "1024x1792"),
    ("a forest in autumn mist, a stream between golden birches", "1792x1024"),
    ("snow on blue mountains above a still lake, first light", "1024x1024"),
    ("a lighthouse at dusk on a basalt shore, long exposure sea, warm window light", "1024x1024"),
]
NO_CREDIT = {"error": {"message": "You exceeded your current quota.", "type": "insufficient_quota", "code": "insufficient_quota"}}
BUSY = {"error": {"message": "Too many requests.", "type": "requests", "code": "rate_limit_exceeded"}}
PAGES = ("Saving", "Library", "Look", "Keys", "Advanced")
SETTLE_SECS = 1.2  # Thumbnails arrive and animations end.
ROWS_MOST = 12  # More rows of tiles than the tour makes.


class Tour:
    def __init__(self, program, out_dir, work, name):
        self.program, self.out_dir, self.work, self.name = program, out_dir, work, name
        self.window = None

    def open(self, *arguments, environment=None):
        places = ["--home", str(self.work / "home"), "--library", str(self.work / "library")]
        log = self.out_dir / "program.log"
        self.window = Window(self.program, *places, *arguments, log=log, environment=environment)
        width, height = xdotool("getdisplaygeometry")
        xdotool("windowmove", self.window.id, "0", "0")
        xdotool("windowsize", "--sync", self.window.id, width, height)
        time.sleep(SETTLE_SECS)

    def close(self):
        if self.window is not None:
            self.window.close()
            self.window.kill()
            self.window = None

    def shot(self, state):
        """A picture of the window without the pointer's traces."""
        width, height = xdotool("getdisplaygeometry")
        xdotool("mousemove", str(int(width) - 2), str(int(height) - 2))
        time.sleep(SETTLE_SECS)
        name = state if self.name == "tour" else "%s-%s" % (state, self.name)
        screenshot(str(self.out_dir / (name + ".png")), self.window.id)
        print(name, flush=True)

    def tiles(self):
        return self.window.all(r"\d+ of \d+,.*")

    def wait_until_done(self, limit=120.0):
        wait_for("the end of every run", lambda: self.tiles() and not self.window.all("Cancel.*"), limit)

    def choose(self, box, choice):
        self.window.find(box, ("combo box", "entry", "push button", "button")).click()
        self.window.find(choice).click()

    def generate(self, prompt, size=None):
        if size:
            self.choose("Size", ".*".join(size.split("x")) + ".*")
        self.window.fill("Prompt", prompt)
        key("ctrl+Return")

    def tour(self):
        self.open()
        self.window.find("Base URL")
        self.shot("first-start")
        self.window.find("Demo endpoint.*").click()
        self.window.find("Prompt")
        self.shot("empty")
        for prompt, size in PROMPTS[:-1]:
            self.generate(prompt, size)
            self.wait_until_done()
        self.generate(*PROMPTS[-1])
        time.sleep(1.0)
        self.shot("running")
        self.wait_until_done()
        self.mark()
        self.shot("results")
        self.sheet()
        self.views()
        self.over_it()
        self.close()
        self.failure("failure", (429, NO_CREDIT), "Retry.*")
        self.failure("countdown", (429, BUSY, [("Retry-After", "45")]), "Running")

    def mark(self):
        """Picks and rejects in the second run, one pick in the third; the cursor ends in the first."""
        place = {index: tile for index, tile in enumerate(self.tiles())}
        for index, letter in ((4, "p"), (6, "x"), (7, "p"), (9, "p")):
            if index in place:
                place[index].mouse_click()
                key(letter)
        place[1].mouse_click()

    def sheet(self):
        """Small and large tiles, a search, and the bin."""
        self.first_image().mouse_click()
        for state, share in (("small-tiles", 0.0), ("large-tiles", 1.0), ("usual", 0.3)):
            self.window.find("Tile size").slide(share)
            if state != "usual":
                self.shot(state)
        self.window.fill("Search", "mountains")
        self.shot("search")
        self.window.fill("Search", "")
        key("Escape")
        self.first_image().mouse_click()
        key("shift+Right")
        key("Delete")
        self.window.find(r"Bin \d+").click()
        self.first_image().mouse_click()
        self.shot("bin")
        self.window.find(r"All \d+").click()
        key("Escape")
        key("ctrl+z")
        time.sleep(SETTLE_SECS)

    def views(self):
        self.first_image().mouse_click()
        key("space")
        time.sleep(SETTLE_SECS)
        self.shot("viewer")
        key("i")
        self.shot("viewer-facts")
        key("i")
        key("z")
        self.shot("viewer-100")
        key("z")
        key("ctrl+b")
        self.shot("viewer-bare")
        key("ctrl+b")
        key("Escape")
        for images in (2, 5, 10):
            self.first_image().mouse_click()
            for _ in range(images - 1):
                key("shift+Right")
            key("c")
            time.sleep(SETTLE_SECS)
            self.shot("survey-%d" % images)
            if images == 5:
                key("i")
                self.shot("survey-facts")
                key("i")
                key("z")
                self.shot("survey-100")
                key("z")
            key("Escape")

    def first_image(self):
        """The newest tile that holds an image and can be clicked. Failures lie above it when the tour has ended, and in
        a low window they push it out of view: then the cursor walks down to it."""
        height = int(xdotool("getdisplaygeometry")[1])

        def in_the_clear():
            shown = self.window.all(r"\d+ of \d+,.* by \d+")
            return [tile for tile in shown if height * 0.1 < tile.middle()[1] < height * 0.8]

        for _ in range(ROWS_MOST):
            if shown := in_the_clear():
                return shown[0]
            key("Down")
            time.sleep(SETTLE_SECS)
        return wait_for("an image in view", in_the_clear)[0]

    def menu(self):
        """The menu of an image, opened with the mouse; the last line of tiles, above the tray."""
        self.first_image().mouse_click(button=3)
        self.window.find("Copy as cURL")
        self.shot("menu")
        key("Escape")
        key("End")
        self.shot("end")
        key("Home")

    def over_it(self):
        self.menu()
        self.preferences()
        key("F1")
        self.shot("keys")
        key("Escape")

    def preferences(self):
        key("ctrl+comma")
        self.window.find("ramclouds.me.*").mouse_click()
        self.window.find("Endpoint name")
        self.shot("preferences")
        for page in PAGES:
            self.window.find(page, ("page tab", "tab")).click()
            self.shot("preferences-%s" % page.lower())
        key("Escape")

    def failure(self, name, refuse, sign):
        server = Recorder(refuse=refuse)
        environment = dict(os.environ, PROOFSHEET_API_KEY="sk-for-the-picture")
        try:
            self.open("--base-url", server.base_url, environment=environment)
            self.generate("a harbour in the rain, reflections of lanterns")
            self.window.find(sign)
            self.shot(name)
        finally:
            self.close()
            server.stop()

    def again(self):
        """The library of the tour on another desktop."""
        self.open("--demo")
        wait_for("the tiles of the tour", self.tiles)
        self.first_image().mouse_click()
        self.shot("results")
        self.menu()
        self.sheet()
        self.views()
        self.preferences()
        key("F1")
        self.shot("keys")
        self.close()


def main():
    program, out_dir, work, name = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
    out_dir.mkdir(parents=True, exist_ok=True)
    tour = Tour(program, out_dir, work, name)
    try:
        tour.tour() if name == "tour" else tour.again()
    finally:
        if tour.window is not None:
            screenshot(str(out_dir / ("where-it-ended-%s.png" % name)))
            tour.window.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
