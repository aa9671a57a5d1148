"""A real HTTP server and a real SMTP server in a thread each: they note what they get and answer as they are told."""

import contextlib
import http.server
import json
import socketserver
import threading
import time


class Robot(http.server.ThreadingHTTPServer):
    """Answers in turn by `script` (the last entry for ever): a status, or "hang", "drop", "redirect", "endless"."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Robot)
        self.script, self.got, self.body = [200], [], b'{"errcode":0,"errmsg":"ok"}'
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.host = f"127.0.0.1:{self.server_port}"

    @property
    def texts(self) -> list[str]:
        return [one["json"].get("text", {}) for one in self.got]

    def handle_error(self, request, client_address):
        """A client that has hung up is no news."""


class _Robot(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server = self.server
        turn = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        server.got.append({"path": self.path, "json": json.loads(body), "headers": dict(self.headers), "turn": turn})
        if turn == "hang":
            time.sleep(6)
            return
        if turn == "drop":
            self.connection.close()
            return
        self.send_response(302 if turn == "redirect" else 200 if turn == "endless" else turn)
        if turn == "redirect":
            self.send_header("Location", f"{server.url}/elsewhere")
        self.end_headers()
        if turn == "endless":
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(b"x" * 65536)
        self.wfile.write(server.body)

    def do_GET(self):
        self.server.got.append({"path": self.path, "json": {}, "headers": {}, "turn": "GET"})
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Quiet."""


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks enough SMTP to take mail. `script`: the answer to each recipient in turn, e.g. 250, 451, 550, "die"."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Mail)
        self.script, self.mails = [250], []
        self.port = self.server_address[1]

    def handle_error(self, request, client_address):
        """A client that has hung up is no news."""


class _Mail(socketserver.StreamRequestHandler):
    def say(self, text: str):
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self):
        server, to = self.server, []
        self.say("220 test")
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250 test")
            elif verb == "MAIL":
                to = []
                self.say("250 ok")
            elif verb == "RCPT":
                turn = server.script.pop(0) if len(server.script) > 1 else server.script[0]
                if turn == "die":
                    return
                if turn == 250:
                    to.append(word.partition("<")[2].rstrip(">"))
                self.say(f"{turn} as told")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (one := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(one[1:] if one.startswith(b"..") else one)
                server.mails.append({"to": to, "raw": b"".join(lines)})
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@contextlib.contextmanager
def running(server):
    """The server at work until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
