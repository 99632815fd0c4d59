"""Kills, starves and breaks the real program while it receives paid images, and checks that nothing is lost.

Called by scripts/torture; `--short` is the version for every day."""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from server import Server
from trial import Broken, Trial

# What a paid byte's way asks of the system. strace counts them for each thread on its own.
STEPS = ["fsync", "rename,renameat,renameat2", "write", "openat", "unlink,unlinkat", "mkdir,mkdirat", "flock"]
# Beyond so many of one kind a thread never comes: the loop has ended long before.
MOST = 400


class Tally:
    """Counts trials, and keeps what broke."""

    def __init__(self):
        self.broken = []

    def run(self, name, trial, *arguments):
        try:
            return trial(*arguments)
        except (Broken, subprocess.TimeoutExpired) as error:
            self.broken.append(f"{name}: {error}")
            print(f"BROKEN {self.broken[-1]}", flush=True)
            return None


def strace(*injections):
    inject = [part for injection in injections for part in ("-e", f"inject={injection}")]
    return ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", *inject]


def killed(program, server, *before, after=None):
    """A run that is killed, then the next start. Whether it was killed, and how many images there are then."""
    with Trial(program, server) as trial:
        process = trial.start("first", *before)
        if after is not None:
            time.sleep(after)
            process.kill()
        was_killed = trial.finish(process) in (-signal.SIGKILL, 128 + signal.SIGKILL)
        announced, taken = trial.stored(), trial.taken()
        trial.next_start()
        return was_killed, trial.check(announced, taken)


def kill_at_every_step(program, server, tally, rounds, every=1):
    for step in STEPS:
        hits, images = 0, 0
        for _ in range(rounds):
            for number in range(1, MOST, every):
                name = f"killed at {step} {number}"
                result = tally.run(name, killed, program, server, *strace(f"{step}:signal=KILL:when={number}"))
                if result is None:
                    continue
                images += result[1]
                if not result[0]:
                    break
                hits += 1
        print(f"killed at {step}: {hits} kills, {images} images of their runs are there", flush=True)
        if hits == 0:
            tally.broken.append(f"nothing was ever killed at {step}")


def kill_the_next_start_too(program, server, tally, numbers):
    """Killed in the middle of an answer, and again at a step of the next start."""
    hits = 0
    for step in ["fsync", "rename,renameat,renameat2", "unlink,unlinkat"]:
        for number in range(1, numbers + 1):
            hits += bool(tally.run(f"next start killed at {step} {number}", killed_twice, program, server, step, number))
    print(f"killed, and the next start killed too: {hits} of them", flush=True)


def killed_twice(program, server, step, number):
    with Trial(program, server) as trial:
        process = trial.start("first")
        server.within = (server.pieces - 2, process.kill)
        trial.finish(process)
        server.within = None
        announced, taken = trial.stored(), trial.taken()
        again = trial.start("next", *strace(f"{step}:signal=KILL:when={number}"), images=1)
        was_killed = trial.finish(again) != 0
        trial.next_start()
        trial.check(announced, taken)
        return was_killed


def kill_at_random(program, server, tally, runs, moments):
    chance = random.Random(20261122)
    began = time.monotonic()
    with Trial(program, server) as trial:
        trial.finish(trial.start("first"))
    longest = (time.monotonic() - began) * 1.1
    hits, images = 0, 0
    for run in range(runs):
        for _ in range(moments // runs):
            after = chance.uniform(0, longest)
            result = tally.run(f"killed after {after:.3f} s in run {run}", lambda: killed(program, server, after=after))
            if result:
                hits, images = hits + result[0], images + result[1]
    print(f"killed at random moments: {hits} of {moments} in time, {images} images are there", flush=True)


def errors_at_every_step(program, server, tally, error, steps):
    """A step fails, once or from then on. Whatever is told must be true, and the next start puts it in order."""
    for step in steps:
        hits, clean = 0, 0
        for plus in ("", "+"):
            for number in range(1, MOST):
                where = f"{step}:error={error}:when={number}{plus}"
                code = tally.run(f"{error} at {step} {number}{plus}", failing, program, server, where)
                hits += code not in (0, None)
                clean = clean + 1 if code == 0 else 0
                # A step that was not reached changes nothing; a few in a row, and there are no more.
                if clean >= 3:
                    break
        print(f"{error} at {step}: {hits} runs came short and lost nothing", flush=True)


def failing(program, server, where):
    with Trial(program, server) as trial:
        code = trial.finish(trial.start("first", *strace(where)))
        announced, taken = trial.stored(), trial.taken()
        trial.next_start()
        trial.check(announced, taken)
        return code


def on_tmpfs(size):
    folder = Path(tempfile.mkdtemp(prefix="torture-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    return folder


def off_tmpfs(folder):
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def full_before(program, server):
    disk = on_tmpfs("64k")
    try:
        with Trial(program, server, disk / "library") as trial:
            code = trial.finish(trial.start("first"))
            words = [event["message"] for event in trial.told if event["event"] == "failed"]
            if code != 1 or server.posts("first") or not all("nothing was sent" in text for text in words) or not words:
                raise Broken(f"on a full disk: {code}, {server.posts('first')} requests, {words}")
    finally:
        off_tmpfs(disk)
    print("a disk of 64 KB: no room, nothing sent", flush=True)


def full_within(program, server, left, *before):
    """The disk fills up in the middle of the answer, to so many bytes; then there is room again. What it does not take
    is kept elsewhere, so that nothing is missing. Whether it was killed, and how many images there are then."""
    disk = on_tmpfs("64m")
    try:
        with Trial(program, server, disk / "library") as trial:
            filler = disk / "filler"

            def fill():
                with filler.open("wb") as file:
                    # The program writes at the same time, so there may be less room by then.
                    while (free := shutil.disk_usage(disk).free - left) > 0:
                        try:
                            return os.posix_fallocate(file.fileno(), 0, free)
                        except OSError:
                            continue

            server.within = (3, fill)
            was_killed = trial.finish(trial.start("first", *before)) in (-signal.SIGKILL, 128 + signal.SIGKILL)
            server.within = None
            announced, taken, rescued = trial.stored(), trial.taken(), trial.rescued()
            filler.unlink(missing_ok=True)
            trial.next_start()
            images = trial.check(announced, taken)
            promised = max(len(taken), len(announced) + rescued) if was_killed else server.count
            if images < promised:
                raise Broken(f"{images} of {promised} images are there, {rescued} of them had been kept elsewhere")
            return was_killed, images
    finally:
        server.within = None
        off_tmpfs(disk)


def kill_while_rescuing(program, server, tally):
    for step in ["fsync", "rename,renameat,renameat2", "write", "openat"]:
        hits = 0
        for number in range(1, MOST):
            where = f"{step}:signal=KILL:when={number}"
            result = tally.run(f"full, killed at {step} {number}", full_within, program, server, 0, *strace(where))
            if result and not result[0]:
                break
            hits += bool(result)
        print(f"killed at {step} while the disk was full: {hits} kills, nothing that was kept is lost", flush=True)
        if hits == 0:
            tally.broken.append(f"nothing was ever killed at {step} on a full disk")


def on_ext4(image):
    """A disk of its own in a file; None where this machine cannot mount one."""
    folder = Path(tempfile.mkdtemp(prefix="torture-disk-"))
    with image.open("wb") as file:
        file.truncate(32 << 20)
    made = ["mkfs.ext4", "-q", str(image)], ["mount", "-o", "loop", str(image), str(folder)]
    try:
        if all(subprocess.run(command, check=False, capture_output=True).returncode == 0 for command in made):
            return folder
    except FileNotFoundError:
        pass
    folder.rmdir()
    return None


def read_only_within(program, server, piece):
    """The library's disk fails in the middle of the answer, or before it, and the system makes it read-only; it is
    mended before the next start. Whether that can be tried here."""
    with tempfile.TemporaryDirectory(prefix="torture-image-") as aside:
        image = Path(aside) / "disk"
        disk = on_ext4(image)
        if disk is None:
            return False
        try:
            with Trial(program, server, disk / "library") as trial:
                # What ext4 does after an error, open files or not.
                abort = ["mount", "-o", "remount,abort", str(disk)]
                server.within = (piece, lambda: subprocess.run(abort, check=True))
                code = trial.finish(trial.start("first"))
                server.within = None
                rescued = trial.rescued()
                if (code, rescued) != (1, server.count):
                    raise Broken(f"read-only at piece {piece}: code {code}, {rescued} kept elsewhere: {trial.told}")
                subprocess.run(["umount", str(disk)], check=True)
                subprocess.run(["e2fsck", "-fy", str(image)], check=False, capture_output=True)
                subprocess.run(["mount", "-o", "loop", str(image), str(disk)], check=True)
                trial.next_start()
                images = trial.check([], [])
                if images != server.count:
                    raise Broken(f"read-only at piece {piece}: {images} of {server.count} images are there")
        finally:
            server.within = None
            off_tmpfs(disk)
    return True


def read_only_in_the_middle(program, server, tally):
    tried = [tally.run(f"read-only at piece {piece}", read_only_within, program, server, piece) for piece in (None, 1, 4)]
    if False in tried:
        print("Not run: read-only in the middle needs a loop device and e2fsprogs; the tests use a double", flush=True)
    elif None not in tried:
        print("a library that became read-only in the middle: all images kept elsewhere, and stored later", flush=True)


def read_only(program, server):
    disk = on_tmpfs("64m")
    try:
        with Trial(program, server, disk / "library") as trial:
            trial.finish(trial.start("next", images=1))
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            code = trial.finish(trial.start("first"))
            words = [event["message"] for event in trial.told if event["event"] == "failed"]
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
            if code != 1 or server.posts("first") or not words:
                raise Broken(f"read-only: {code}, {server.posts('first')} requests, {words}")
            trial.check([], [])
    finally:
        off_tmpfs(disk)
    print("a read-only library: nothing sent, and it says so", flush=True)


def removed(program, server, piece):
    """The library is moved away in the middle of the answer, and comes back before the next start."""
    with Trial(program, server) as trial:
        aside = trial.folder / "aside"
        server.within = (piece, lambda: trial.library.rename(aside))
        trial.finish(trial.start("first"))
        server.within = None
        if trial.library.exists():
            raise Broken("a library that was removed was made anew")
        taken = []
        aside.rename(trial.library)
        trial.next_start()
        return trial.check([], taken)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--short", action="store_true")
    asked = parser.parse_args()
    program, tally, began = asked.program.resolve(), Tally(), time.monotonic()
    server = Server()
    if asked.short:
        kill_at_every_step(program, server, tally, rounds=1, every=3)
        kill_the_next_start_too(program, server, tally, numbers=2)
        kill_at_random(program, server, tally, runs=1, moments=10)
    else:
        kill_at_every_step(program, server, tally, rounds=3)
        kill_the_next_start_too(program, server, tally, numbers=6)
        kill_at_random(program, server, tally, runs=10, moments=200)
        errors_at_every_step(program, server, tally, "EIO", ["fsync", "rename,renameat,renameat2", "mkdir,mkdirat"])
        errors_at_every_step(program, server, tally, "ENOSPC", ["fsync", "mkdir,mkdirat"])
        for piece in range(0, server.pieces, 3):
            tally.run(f"removed at piece {piece}", removed, program, server, piece)
        print("a library moved away in the middle of an answer: came back whole", flush=True)
    if os.geteuid() == 0:
        tally.run("full before", full_before, program, server)
        lefts = [0, 4096, 8192, 12288, 20480, 65536, 131072, 200_000, 260_000, 400_000, 520_000, 1_000_000]
        lefts = [0, 131072, 260_000] if asked.short else lefts
        results = [tally.run(f"full to {left}", full_within, program, server, left) for left in lefts]
        images = [result[1] for result in results if result]
        print(f"full in the middle, with so many bytes left {lefts}: images there afterwards {images}", flush=True)
        read_only_in_the_middle(program, server, tally)
        if not asked.short:
            tally.run("read-only", read_only, program, server)
            kill_while_rescuing(program, server, tally)
    else:
        print("Not run: full and read-only disks need root to be mounted", flush=True)
    print(f"{len(tally.broken)} broken, {time.monotonic() - began:.0f} s")
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
