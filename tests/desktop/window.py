"""The program in a real window: started, read through the accessibility tree, driven by real keys and mouse clicks."""

import os
import re
import signal
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

WAIT_SECS = 20.0  # A software renderer on a busy machine.
STEP_SECS = 0.1
ENTRIES = ("entry", "password text", "text", "combo box")


class NotSeen(Exception):
    """What was waited for did not come."""


def wait_for(what, ask, limit=WAIT_SECS):
    """The first true answer of `ask`, within the limit."""
    end = time.monotonic() + limit
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise NotSeen(what)
        time.sleep(STEP_SECS)


def xdotool(*arguments, text=None):
    done = subprocess.run(["xdotool", *arguments], input=text, text=True, capture_output=True, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def key(chord):
    """One chord as X names it, `ctrl+Return`, held as long as a person holds it."""
    *modifiers, last = chord.split("+")
    steps = []
    for modifier in modifiers:
        steps += ["keydown", modifier, "sleep", "0.04"]
    steps += ["keydown", last, "sleep", "0.04", "keyup", last, "sleep", "0.04"]
    for modifier in reversed(modifiers):
        steps += ["keyup", modifier]
    xdotool(*steps)
    time.sleep(0.1)


def type_text(text):
    """Real key events. The text goes through a pipe, so that it is in no process list."""
    xdotool("type", "--clearmodifiers", "--delay", "15", "--file", "-", text=text)
    time.sleep(0.15)


def windows(title):
    """The visible windows whose title matches this pattern."""
    return xdotool("search", "--onlyvisible", "--name", title)


def screenshot(path, window="root"):
    """The whole screen, or one window."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    subprocess.run(["import", "-window", window, path], check=False)


class Node:
    """A widget as a screen reader meets it, read once."""

    def __init__(self, accessible):
        self.accessible = accessible
        self.name = accessible.get_name() or ""
        self.role = accessible.get_role_name()

    def has(self, state):
        return self.accessible.get_state_set().contains(state)

    @property
    def enabled(self):
        return self.has(Atspi.StateType.ENABLED) or self.has(Atspi.StateType.SENSITIVE)

    @property
    def focused(self):
        return self.has(Atspi.StateType.FOCUSED)

    @property
    def text(self):
        """What stands in a text field."""
        try:
            return Atspi.Text.get_text(self.accessible, 0, Atspi.Text.get_character_count(self.accessible))
        except GLib.Error:
            return ""

    def middle(self):
        box = Atspi.Component.get_extents(self.accessible, Atspi.CoordType.SCREEN)
        return box.x + box.width // 2, box.y + box.height // 2

    def slide(self, share):
        """Sets a slider to this share of its range, as a screen reader does it."""
        least, most = (ask(self.accessible) for ask in (Atspi.Value.get_minimum_value, Atspi.Value.get_maximum_value))
        Atspi.Value.set_current_value(self.accessible, least + share * (most - least))

    def click(self):
        """Through the accessibility tree, as a screen reader does it."""
        Atspi.Action.do_action(self.accessible, 0)
        time.sleep(0.2)

    def mouse_click(self, count=1, button=1):
        """With the mouse."""
        x, y = self.middle()
        xdotool("mousemove", str(x), str(y))
        time.sleep(0.1)
        xdotool("click", "--repeat", str(count), "--delay", "60", str(button))
        time.sleep(0.2)


class Window:
    """The running program."""

    def __init__(self, program, *arguments, log, environment=None):
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [program, *arguments], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment
        )
        wait_for("a window of the program", self._application)
        wait_for("something to read in the window", lambda: len(self.nodes()) > 3)
        self.activate()

    def _application(self):
        if self.process.poll() is not None:
            raise NotSeen("the program: it ended with %s" % self.process.returncode)
        desktop = Atspi.get_desktop(0)
        for place in range(desktop.get_child_count()):
            try:
                application = desktop.get_child_at_index(place)
                if application and application.get_process_id() == self.process.pid:
                    application.set_cache_mask(Atspi.Cache.NONE)
                    return application
            except GLib.Error:
                continue
        return None

    @property
    def id(self):
        """The X window."""
        found = xdotool("search", "--onlyvisible", "--pid", str(self.process.pid))
        return found[-1] if found else "root"

    def activate(self):
        if self.id != "root":
            xdotool("windowactivate", "--sync", self.id)

    def nodes(self):
        """Every widget, in reading order."""
        found = []

        def walk(accessible):
            try:
                found.append(Node(accessible))
                for place in range(accessible.get_child_count()):
                    child = accessible.get_child_at_index(place)
                    if child is not None:
                        walk(child)
            except GLib.Error:
                pass  # The widget went away while it was read.

        application = self._application()
        if application is not None:
            walk(application)
        return found

    def all(self, name, roles=None):
        """The widgets whose whole name matches this pattern."""
        pattern = re.compile(name)
        return [
            node for node in self.nodes() if pattern.fullmatch(node.name) and (roles is None or node.role in roles)
        ]

    def find(self, name, roles=None, limit=WAIT_SECS):
        """The first such widget, waited for."""
        return wait_for("a widget named %r" % name, lambda: self.all(name, roles), limit)[0]

    def button(self, name, limit=WAIT_SECS):
        """A button that can be pressed."""

        def ready():
            return [node for node in self.all(name, ("push button", "button", "toggle button")) if node.enabled]

        return wait_for("a button named %r that can be pressed" % name, ready, limit)[0]

    def fill(self, name, text):
        """Clicks into the field of that name, takes out what is there and types."""
        self.find(name, ENTRIES).mouse_click()
        wait_for("the focus in %r" % name, lambda: any(node.focused for node in self.all(name, ENTRIES)))
        key("ctrl+a")
        key("BackSpace")
        type_text(text)

    def gone(self, name, limit=WAIT_SECS):
        wait_for("no widget named %r" % name, lambda: not self.all(name), limit)

    def words(self):
        """Everything that can be read in the window."""
        return "\n".join(
            part for node in self.nodes() for part in (node.name, node.accessible.get_description() or "", node.text)
        )

    def everything(self):
        """Whatever the accessibility tree tells anybody: names, descriptions, texts, values, attributes."""
        told = [self.words()]
        for node in self.nodes():
            for ask in (
                lambda: node.accessible.get_attributes(),
                lambda: node.accessible.get_accessible_id(),
                lambda: Atspi.Value.get_text(node.accessible),
            ):
                try:
                    told.append(str(ask()))
                except (GLib.Error, AttributeError):
                    pass  # The widget has no such thing.
        return "\n".join(told)

    def close(self):
        """As a person does it; the exit code."""
        self.activate()
        key("alt+F4")
        try:
            return self.process.wait(WAIT_SECS)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        finally:
            self.log.close()

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
