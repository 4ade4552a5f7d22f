"""A server of map tiles on the loopback, real PNG files, whose colour says which tile each is; it can be slow, shut or rude."""

import math
import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIDE = 256


def tile_at(longitude: float, latitude: float, zoom: int) -> tuple[int, int, int]:
    """The tile of the web's usual grid (EPSG:3857, rows from the north) that a position is in."""
    tiles = 2 ** zoom
    row = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    return zoom, int((longitude + 180) / 360 * tiles), int(row * tiles)


def colour(zoom: int, column: int, row: int) -> tuple[int, int, int]:
    return 40 + 10 * zoom, 30 + column * 37 % 200, 30 + row * 53 % 200


def png(rgb: tuple[int, int, int]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(rgb) * SIDE) * SIDE
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class TileServer:
    """`asked`: paths and headers it was asked with. `says_cors`: whether other sites' pages may use its tiles."""

    def __init__(self):
        self.asked: list[tuple[str, dict]] = []
        self.says_cors = True
        self.is_open = threading.Event()
        self.is_open.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                outer.is_open.wait(60)
                body = png(colour(*map(int, self.path.split(".")[0].split("/")[-3:])))
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                if outer.says_cors:
                    self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # The browser moved on.

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.http.server_port}"

    @property
    def template(self) -> str:
        return f"{self.origin}/fond/{{z}}/{{x}}/{{y}}.png"

    def __enter__(self) -> "TileServer":
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def die(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def __exit__(self, *_) -> None:
        self.is_open.set()
        self.die()
