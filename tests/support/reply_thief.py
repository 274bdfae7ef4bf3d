"""A man in the middle of Postfix and postroom-lmtp: the message passes, the reply to it does not."""

import os
import random
import shutil
import socket
import threading


class ReplyThief:
    """Listens on the unix socket `front`, passes everything to and from `back`; of one in so many messages it
    swallows the reply to the final dot and cuts both connections."""

    def __init__(self, front, back, one_in, seed):
        self.back = str(back)
        self.one_in, self.most = one_in, 1 << 30
        self.random = random.Random(seed)
        self.stolen = 0
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(front))
        os.chmod(front, 0o660)
        shutil.chown(front, "mail", "postfix")
        self.server.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.server.close()

    def stop_stealing_after(self, most):
        self.most = most

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.session, args=(client,), daemon=True).start()

    def session(self, client):
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(self.back)
            except OSError:
                return
            waiting = threading.Event()  # the dot has passed: what comes now is its reply
            thread = threading.Thread(target=self.forward, args=(client, server, waiting), daemon=True)
            thread.start()
            self.return_replies(client, server, waiting)
            thread.join(10)

    def forward(self, client, server, waiting):
        tail = b""
        try:
            while data := client.recv(65536):
                if b"\r\n.\r\n" in tail + data:
                    waiting.set()
                tail = (tail + data)[-4:]
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def return_replies(self, client, server, waiting):
        try:
            while data := server.recv(65536):
                if waiting.is_set() and self.steals():
                    break
                waiting.clear()
                client.sendall(data)
        except OSError:
            pass
        for end in (client, server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def steals(self):
        if self.stolen >= self.most or self.random.randrange(self.one_in):
            return False
        self.stolen += 1
        return True
