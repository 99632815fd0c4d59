"""A loopback images API that answers piece by piece, counts what it was asked, and waits where it is told to."""

import base64
import hashlib
import json
import socket
import threading
import time


def image(number, size):
    """The bytes of an image: a PNG's beginning, then noise that is the same each time."""
    noise, block = b"", hashlib.sha256(f"image {number}".encode()).digest()
    while len(noise) < size:
        noise += block
        block = hashlib.sha256(block).digest()
    return b"\x89PNG\r\n\x1a\n" + noise[:size]


class Server:
    """Answers POSTs with `count` images in base64; the prompt "next" gets one small image at once."""

    def __init__(self, count=2, size=200_000, pieces=12, pause=0.004):
        self.count, self.size, self.pieces, self.pause = count, size, pieces, pause
        self.lock = threading.Lock()
        self.prompts = []
        # Called once this piece of the answer is out, or before all of them: (piece or None, what to do).
        self.within = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"
        threading.Thread(target=self._serve, daemon=True).start()

    def images(self, prompt):
        if prompt == "next":
            return [image(99, 1_000)]
        return [image(number, self.size) for number in range(self.count)]

    def begin(self):
        """Forgets what was asked so far."""
        with self.lock:
            self.prompts = []

    def posts(self, prompt):
        """How often this was asked for."""
        with self.lock:
            return self.prompts.count(prompt)

    def _serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        try:
            with connection:
                prompt = self._read(connection)
                if prompt is not None:
                    self._write(connection, prompt)
        except OSError:
            pass  # A client that was killed is what this is about.

    def _read(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            more = connection.recv(65_536)
            if not more:
                return None
            head += more
        head, body = head.split(b"\r\n\r\n", 1)
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-l"))
        while len(body) < length:
            body += connection.recv(65_536)
        prompt = json.loads(body)["prompt"]
        with self.lock:
            self.prompts.append(prompt)
        return prompt

    def _write(self, connection, prompt):
        items = [{"b64_json": base64.b64encode(data).decode()} for data in self.images(prompt)]
        body = json.dumps({"created": 1, "data": items}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        if prompt == "next":
            return connection.sendall(head.encode() + body)
        if self.within and self.within[0] is None:
            self.within[1]()
        step = -(-len(body) // self.pieces)
        connection.sendall(head.encode())
        for piece in range(self.pieces):
            connection.sendall(body[piece * step : (piece + 1) * step])
            if self.within and self.within[0] == piece:
                self.within[1]()
            time.sleep(self.pause)
        return None
