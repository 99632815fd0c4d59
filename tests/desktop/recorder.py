"""A server on loopback that speaks the images API, keeps every byte it is sent and remembers every byte it sends."""

import base64
import http.server
import json
import struct
import threading
import time
import zlib

DELAY_SECS = 0.4  # Long enough for the window to show a running tile, short enough for a test.


def picture(seed):
    """A small PNG that no two seeds share. Its comment is lost by anything that encodes it anew."""
    width, height = 96, 96
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in ((seed * 53 + x) % 256, (y * 2) % 256, (seed * 97) % 256))
        for y in range(height)
    )

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    comment = b"Comment\0as sent, number %d" % seed
    parts = [(b"IHDR", head), (b"tEXt", comment), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


class Recorder:
    """`requests` holds what came in, `pictures` what went out. With `refuse`, a status, a body
    and perhaps headers, no picture is ever made."""

    def __init__(self, refuse=None, delay=DELAY_SECS):
        self.requests = []
        self.pictures = []
        self.lock = threading.Lock()
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, value, headers=()):
                data = json.dumps(value).encode()
                self.send_response(status)
                for header in headers:
                    self.send_header(*header)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def note(self, body):
                with recorder.lock:
                    recorder.requests.append(
                        {"method": self.command, "path": self.path, "headers": self.headers.items(), "body": body}
                    )

            def do_GET(self):
                self.note(b"")
                if self.path != "/v1/models":
                    return self.answer(404, {"error": {"message": "no such path"}})
                ids = ["gpt-4o", "dall-e-3", "dall-e-2"]
                return self.answer(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in ids]})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.note(body)
                if self.path != "/v1/images/generations":
                    return self.answer(404, {"error": {"message": "no such path"}})
                asked = json.loads(body)
                time.sleep(delay)
                if refuse is not None:
                    return self.answer(*refuse)
                with recorder.lock:
                    first = len(recorder.pictures) + 1
                    made = [picture(first + place) for place in range(asked.get("n") or 1)]
                    recorder.pictures.extend(made)
                data = [{"b64_json": base64.b64encode(one).decode(), "revised_prompt": "As asked"} for one in made]
                return self.answer(200, {"created": int(time.time()), "data": data})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, name="recorder", daemon=True).start()

    @property
    def base_url(self):
        return "http://127.0.0.1:%d/v1" % self.server.server_address[1]

    def posts(self):
        with self.lock:
            return [request for request in self.requests if request["method"] == "POST"]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
