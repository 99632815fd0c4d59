"""One trial: a run that is disturbed, the next start, and everything that must hold then."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64encode
from pathlib import Path

LIMIT = 60  # Seconds; far more than any run takes.


class Broken(Exception):
    """Something that must hold does not."""


class Trial:
    """A library of its own and the program at work in it."""

    def __init__(self, program, server, library=None):
        self.program, self.server = program, server
        self.folder = Path(tempfile.mkdtemp(prefix="torture-"))
        self.library = library or self.folder / "library"
        self.told = []
        server.begin()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, prompt, *before, images=None, limits=()):
        """Starts `generate`, behind other commands such as strace."""
        count = images if images is not None else self.server.count
        arguments = ["generate", prompt, "-n", str(count), "--model", "gateway", "--json", "--base-url", self.server.base]
        everywhere = ["--home", str(self.folder / "home"), "--library", str(self.library)]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/none"}
        command = [*before, str(self.program), *everywhere, *arguments]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )

    def finish(self, process):
        """Waits for it; remembers what it told. Its exit code, negative when it was killed."""
        output, errors = process.communicate(timeout=LIMIT)
        if b"panicked" in errors:
            raise Broken(f"it panicked: {errors.decode()}")
        # A program that is killed may leave half a line.
        lines = [line for line in output.decode().split("\n")[:-1] if line.startswith("{")]
        self.told = [json.loads(line) for line in lines]
        return process.returncode

    def stored(self):
        """The bytes of the images that were announced, by their hash."""
        files = [Path(event["file"]) for event in self.told if event["event"] == "stored"]
        return [file for file in files]

    def rescued(self):
        """How many images it said it keeps outside the library."""
        return sum("it is kept at" in event["message"] for event in self.told if event["event"] == "failed")

    def taken(self):
        """The images whose every byte stands in the inbox."""
        rows = list(self.library.glob(".proofsheet/inbox/*/* images *"))
        raw = b"".join(row.read_bytes() for row in rows)
        return [data for data in self.server.images("first") if b'"' + b64encode(data) + b'"' in raw]

    def next_start(self):
        """Opens the library once more, by asking for one small image; then everything must be in order."""
        code = self.finish(self.start("next", images=1))
        if code != 0:
            raise Broken(f"the next start ended with {code}: {self.told}")

    def check(self, announced, taken, has_run=True):
        """What must hold after the next start. Returns how many images of the first run there are."""
        for file in announced:
            if not file.is_file():
                raise Broken(f"an image that was announced is gone: {file}")
        checked = subprocess.run(
            [str(self.program), "check", "--library", str(self.library), "--home", str(self.folder / "home")],
            capture_output=True, timeout=LIMIT, check=False, env={"HOME": str(self.folder), "PATH": os.environ["PATH"]},
        )
        if checked.returncode != 0:
            raise Broken(f"check: {checked.stdout.decode()}{checked.stderr.decode()}")
        left = [str(path) for path in self.library.rglob("*") if path.name.endswith(".part")]
        left += [str(path) for path in self.library.glob(".proofsheet/inbox/*")]
        left += [str(path) for path in self.folder.glob("home/state/rescued/*")]
        if left:
            raise Broken(f"leftovers: {left}")
        if self.server.posts("first") > 1:
            raise Broken(f"it was sent {self.server.posts('first')} times")
        runs = [path for path in self.library.glob("*/*/run.json") if json.loads(path.read_text())["request"]["prompt"] == "first"]
        if len(runs) > 1 or (not runs and (announced or taken or self.server.posts("first"))):
            raise Broken(f"there are {len(runs)} runs")
        return self._images(runs[0], taken) if runs else 0

    def _images(self, run_file, taken):
        record = json.loads(run_file.read_text())
        hashes = []
        for entry in record["images"]:
            if entry["state"] == "stored":
                hashes.append(hashlib.sha256((run_file.parent / entry["file"]).read_bytes()).hexdigest())
            elif entry["state"] == "waiting":
                raise Broken(f"an image waits for ever: {record}")
            elif self.server.posts("first") and not entry["failure"]["maybe_billed"]:
                raise Broken(f"it was sent, and said to be free: {entry}")
        known = {hashlib.sha256(data).hexdigest() for data in self.server.images("first")}
        if len(hashes) != len(set(hashes)) or not set(hashes) <= known or len(record["images"]) != self.server.count:
            raise Broken(f"images are counted twice, or are none of the server's: {record}")
        missing = {hashlib.sha256(data).hexdigest() for data in taken} - set(hashes)
        if missing:
            raise Broken(f"{len(missing)} images that were fully received are not there: {record}")
        return len(hashes)
