"""A line between two hosts that can be slow, and be cut: what it carries goes through this process."""

import contextlib
import socket
import threading
import time

_PIECE = 16 * 1024


class Line:
    """`with Line(port) as line`: `line.port` leads to that port; `line.slow`: how many bytes a second, 0 for all it can."""

    def __init__(self, to: int, slow: int = 0) -> None:
        self.to = to
        self.slow = slow
        self.carried = 0
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        """All that is under way; who dials again is let through."""
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(ours,), daemon=True).start()

    def _carry(self, ours: socket.socket) -> None:
        with contextlib.suppress(OSError), ours, socket.create_connection(("127.0.0.1", self.to)) as theirs:
            self._open |= {ours, theirs}
            back = threading.Thread(target=self._pump, args=(theirs, ours), daemon=True)
            back.start()
            self._pump(ours, theirs)
            back.join()
            self._open -= {ours, theirs}

    def _pump(self, source: socket.socket, to: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(_PIECE):
                to.sendall(piece)
                self.carried += len(piece)
                if self.slow:
                    time.sleep(len(piece) / self.slow)
            to.shutdown(socket.SHUT_WR)
