"""A client of tickroom.1 in Python's standard library, written from net/wire/PROTOCOL.md alone.

It knows no other client: what it cannot do, the document does not say. Run as

    python3 client.py 127.0.0.1:8080 path/to/vectors.json

it checks its codec by the vectors, then plays a story of two people in a relay
on that server. One's connection breaks in the middle of a frame, and still
everything is heard by both, once and in order. If the server says that the room
is elsewhere, they go there.
"""

import asyncio
import base64
import hashlib
import json
import os
import random
import struct
import sys
import time
import urllib.parse
import urllib.request
import zlib

HELLO, COMMAND, PING, LEAVE, ACK, CHECK = 1, 2, 5, 6, 7, 10
WELCOME, SNAPSHOT, EVENT, REPLY, CHAT, MEMBER, PONG, OVER, LINKED, MOVED, DESYNC = 16, 17, 18, 19, 20, 21, 22, 23, 26, 28, 29
WELCOME_FIELDS = "room game seat tick tickRate snapshotRate grace schema options members".split()
MUST_ARRIVE = {WELCOME, EVENT, REPLY, CHAT, MEMBER, OVER}
ACK_FRAMES, ACK_BYTES, ACK_AFTER = 64, 32768, 1
PING_EVERY, CHECK_EVERY, DEAD_AFTER, HELD = 5, 5, 12, 5
MOVES_AT_ONCE, MAX_URL = 4, 1024
MAX_FRAME = 1048576  # bytes of a frame from a server


# Section 2: frames.

def pack(v):
    """The msgpack of nil, bools, integers, str, bytes and lists of them."""
    if v is None:
        return b"\xc0"
    if isinstance(v, bool):
        return b"\xc3" if v else b"\xc2"
    if isinstance(v, int):
        if -32 <= v < 128:
            return struct.pack(">b", v)
        bits = v.bit_length() if v >= 0 else (~v).bit_length() + 1
        size = 0 if bits <= 8 else 1 if bits <= 16 else 2 if bits <= 32 else 3
        return struct.pack(">B" + ("BHIQ" if v >= 0 else "bhiq")[size], (0xCC if v >= 0 else 0xD0) + size, v)
    if isinstance(v, str):
        b = v.encode()
        return head(len(b), 0xA0, 32, 0xD9, 0xDA, 0xDB) + b
    if isinstance(v, bytes):
        return head(len(v), None, 0, 0xC4, 0xC5, 0xC6) + v
    return head(len(v), 0x90, 16, None, 0xDC, 0xDD) + b"".join(map(pack, v))


def head(n, fix, below, one, two, four):
    if n < below:
        return bytes([fix | n])
    if one and n < 1 << 8:
        return struct.pack(">BB", one, n)
    return struct.pack(">BH", two, n) if n < 1 << 16 else struct.pack(">BI", four, n)


def unpack(frame):
    v, end = unpack_at(frame, 0)
    if end != len(frame):
        raise ValueError("something follows the array")
    return v


SIZED = {0xC4: "B", 0xC5: "H", 0xC6: "I", 0xD9: "B", 0xDA: "H", 0xDB: "I", 0xDC: "H", 0xDD: "I"}
NUMBER = dict(zip(range(0xCC, 0xD4), "BHIQbhiq"))


def unpack_at(b, at):
    first, at = b[at], at + 1
    if first < 0x80 or first >= 0xE0:
        return (first if first < 0x80 else first - 256), at
    if first in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[first], at
    if first in NUMBER:
        return struct.unpack_from(">" + NUMBER[first], b, at)[0], at + struct.calcsize(NUMBER[first])
    if first in SIZED:
        n, = struct.unpack_from(">" + SIZED[first], b, at)
        at += struct.calcsize(SIZED[first])
    elif 0x90 <= first < 0xC0:
        n = first & (0x0F if first < 0xA0 else 0x1F)
    else:
        raise ValueError("maps, floats and extensions do not occur")
    if n > len(b) - at:
        raise ValueError("longer than what is left of the frame")
    if first in (0xDC, 0xDD) or 0x90 <= first < 0xA0:
        items = []
        for _ in range(n):
            item, at = unpack_at(b, at)
            items.append(item)
        return items, at
    raw = bytes(b[at:at + n])
    return (raw if first in (0xC4, 0xC5, 0xC6) else raw.decode()), at + n


# Section 6: the game's values, by the schema in welcome.

def by_schema(t, v, struct_of):
    """Walks a value by its type; struct_of makes of each struct's fields and value what is wanted."""
    if isinstance(t, str):
        return v
    form, inner = t
    if form == "list":
        return [by_schema(inner, item, struct_of) for item in v]
    if form == "opt":
        return None if v is None else by_schema(inner, v, struct_of)
    return struct_of(inner, v)


def to_array(t, v):
    return by_schema(t, v, lambda fields, v: [to_array(ft, v[name]) for name, ft in fields])


def to_names(t, v):
    return by_schema(t, v, lambda fields, v: {name: to_names(ft, item) for (name, ft), item in zip(fields, v)})


# WebSocket (RFC 6455), as much of it as a client of this protocol meets.

class Closed(Exception):
    def __init__(self, code):
        super().__init__("closed with %s" % code)
        self.code = code

    def may_come_back(self):
        return 4000 <= self.code < 4500 or not (4500 <= self.code < 5000 or self.code in (1002, 1003, 1007, 1008, 1009))


class Socket:
    @classmethod
    async def open(cls, url):
        self, u = cls(), urllib.parse.urlsplit(url)
        self.reader, self.writer = await asyncio.open_connection(u.hostname, u.port)
        key = base64.b64encode(os.urandom(16)).decode()
        self.writer.write(("GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Protocol: tickroom.1\r\n\r\n"
                           % (urllib.parse.urlunsplit(("", "", u.path, u.query, "")), u.netloc, key)).encode())
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        if " 503 " in answer.splitlines()[0]:
            raise ConnectionError("the server is full or stopping")
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        assert " 101 " in answer.splitlines()[0] and accept in answer and "tickroom.1" in answer, answer
        return self

    def frame(self, payload, opcode=2):
        mask, n = os.urandom(4), len(payload)
        size = bytes([0x80 | n]) if n < 126 else struct.pack(">BH", 0x80 | 126, n)  # a client's frames are below 64 KiB
        return bytes([0x80 | opcode]) + size + mask + bytes(c ^ mask[i % 4] for i, c in enumerate(payload))

    def send(self, payload):
        self.writer.write(self.frame(payload))

    async def receive(self):
        message = b""
        while True:
            first, n = await self.reader.readexactly(2)
            if n >= 126:
                n = int.from_bytes(await self.reader.readexactly(2 if n == 126 else 8), "big")
            assert len(message) + n <= MAX_FRAME, "a server never sends more"
            payload, opcode = await self.reader.readexactly(n), first & 15
            if opcode == 8:
                self.writer.write(self.frame(payload[:2], 8))
                raise Closed(int.from_bytes(payload[:2], "big") if payload else 1005)
            if opcode == 9:
                self.writer.write(self.frame(payload, 10))
            if opcode in (0, 2):
                message += payload
                if first & 0x80:
                    return message


# Section 5: the link.

class Player:
    def __init__(self, server, name):
        self.name = name
        self.token = post(server, "/v1/players", {"name": name})["token"]
        self.seat_kept = post(server, "/v1/games/relay/seats", {}, self.token)
        self.socket, self.timers = None, {}
        self.first = self.url = self.other = self.seat_kept["url"]
        self.told, self.moves = False, 0  # where the room is, by this connection; and how often in a row
        self.view, self.checked, self.checks = None, 0, 0
        self.linked_at = self.lost_at = None
        self.span = 0  # of the pause before the next connection
        self.link, self.seen, self.acked, self.bytes, self.tries = base64.b32encode(os.urandom(16)).decode().rstrip("="), 0, 0, 0, 0
        self.n, self.unanswered = 0, {}  # frames by their number, in order
        self.welcome, self.linked, self.pinged, self.pongs, self.acks = None, [], set(), [], 0
        self.heard, self.replies = [], []

    async def until(self, done):
        """Reads, and comes back when the connection is lost, until done says so or the link ends."""
        while not done():
            try:
                if self.socket is None:
                    await self.wait_to_connect()
                    await asyncio.wait_for(self.connect(), DEAD_AFTER)
                self.hear(await asyncio.wait_for(self.socket.receive(), DEAD_AFTER))
            except (Closed, OSError, EOFError, asyncio.TimeoutError) as lost:
                if not (self.linked_at or self.told or isinstance(lost, Closed)):  # nobody answered there
                    self.url, self.other = self.other, self.url
                self.drop()
                if isinstance(lost, Closed) and not lost.may_come_back():
                    raise

    async def wait_to_connect(self):
        """At once, then after a random part of a span that doubles, until the grace is over."""
        if self.welcome and time.monotonic() - self.lost_at > self.welcome["grace"]:
            raise RuntimeError("%s could not come back in time" % self.name)
        at_once = self.told and self.moves <= MOVES_AT_ONCE
        self.told = False
        if at_once:
            return
        await asyncio.sleep(random.uniform(0, self.span))
        if self.tries:
            self.span = min(max(2 * self.span, 0.25), 8)

    async def connect(self):
        socket = await Socket.open(self.url)
        self.tries += 1
        socket.send(pack([HELLO, self.seat_kept["ticket"], "python 1.0", self.link, self.seen, self.tries]))
        self.socket, kind = socket, None
        while kind != LINKED:  # or bye, and the close that follows it is raised
            kind, *linked = unpack(await socket.receive())
            if kind == MOVED:
                self.move(*linked)
        resumed, why, received = linked
        self.linked_at = time.monotonic()
        self.linked.append((resumed, why, received))
        if not resumed:
            self.seen = 0
            gone = [n for n in self.unanswered if n <= received or why != "behind"]
            assert not gone, "%s: nobody knows whether %s were done" % (self.name, gone)
            if why != "behind":
                self.n = 0
        self.acked, self.bytes = self.seen, 0
        for n, frame in self.unanswered.items():
            if n > received:
                socket.send(frame)
        self.ping()

    def move(self, url):
        """The room is elsewhere, at a place that is no less secret."""
        secret, plain = ("wss://", "https://"), ("ws://", "http://")
        if len(url) <= MAX_URL and (url.startswith(secret) or url.startswith(plain) and self.first.startswith(plain)):
            self.url, self.other, self.told, self.moves = url, self.first, True, self.moves + 1

    def drop(self):
        """Ends the connection without a word; what it had brought and was not read is lost."""
        for timer in self.timers.values():
            timer.cancel()
        if self.socket:
            self.socket.writer.transport.abort()
        if self.linked_at:
            self.lost_at = time.monotonic()
            if self.lost_at - self.linked_at >= HELD:
                self.span = self.moves = 0
        self.view = None
        self.socket, self.timers, self.linked_at = None, {}, None

    def cut_while_shouting(self, text):
        """The network breaks when half of the frame is on its way."""
        socket = self.socket
        frame = socket.frame(pack([COMMAND, self.n + 1, self.shouted(text)]))
        socket.writer.write(frame[:len(frame) // 2])
        self.drop()
        self.shout(text)

    def say(self, kind, *rest):
        """Sends what must arrive, now or when the connection is back, and keeps it until it is answered."""
        self.n += 1
        self.unanswered[self.n] = pack([kind, self.n, *rest])
        if self.socket:
            self.socket.send(self.unanswered[self.n])

    def shout(self, text):
        self.say(COMMAND, self.shouted(text))

    def shouted(self, text):
        command, _view, _events = self.welcome["schema"]
        return to_array(command, {"to": -1, "name": "shout", "data": text.encode()})  # -1 is everybody, in a relay

    def ping(self):
        t = int(time.monotonic() * 1e6)
        self.pinged.add(t)
        self.socket.send(pack([PING, t, " " * 120]))
        self.timers["ping"] = asyncio.get_running_loop().call_later(PING_EVERY, self.ping)

    def ack(self):
        self.timers.pop("ack").cancel()
        self.socket.send(pack([ACK, self.seen]))
        self.acked, self.bytes, self.acks = self.seen, 0, self.acks + 1

    def check(self):
        """Says what is here of the view, before a newer one replaces it."""
        if self.view is None or time.monotonic() - self.checked < CHECK_EVERY:
            return
        tick, view = self.view
        t = self.welcome["schema"][1]
        self.socket.send(pack([CHECK, tick, zlib.crc32(pack(to_array(t, view)))]))
        self.checked, self.checks = time.monotonic(), self.checks + 1

    def hear(self, frame):
        kind, *m = unpack(frame)
        assert kind != DESYNC, "the view was read as it was sent"
        if kind in MUST_ARRIVE:
            self.seen, self.bytes = self.seen + 1, self.bytes + len(frame)
            if "ack" not in self.timers:
                self.timers["ack"] = asyncio.get_running_loop().call_later(ACK_AFTER, self.ack)
            if self.seen - self.acked >= ACK_FRAMES or self.bytes >= ACK_BYTES:
                self.ack()
        if kind == WELCOME:
            self.welcome = dict(zip(WELCOME_FIELDS, m))
        elif kind == MOVED:
            self.move(*m)
        elif kind == SNAPSHOT:
            self.check()
            self.view = m[0], to_names(self.welcome["schema"][1], m[1])
        elif kind == EVENT:
            event = to_names(dict(self.welcome["schema"][2])[m[1]], m[2])
            self.heard.append((event["from"], event["name"], event["data"].decode()))
        elif kind == REPLY:
            self.replies.append((m[0], m[1]))
            del self.unanswered[m[0]]
        elif kind == PONG:
            assert m[0] in self.pinged, "a pong says the number of a ping"
            self.pongs.append(m)


def post(server, path, body, token=None):
    request = urllib.request.Request("http://" + server + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


# What is checked.

def check_vectors(path):
    def plain(v):  # bytes are {"$bin": hex}
        if isinstance(v, dict) and set(v) == {"$bin"}:
            return bytes.fromhex(v["$bin"])
        if isinstance(v, dict):
            return {name: plain(item) for name, item in v.items()}
        return [plain(item) for item in v] if isinstance(v, list) else v

    with open(path, encoding="utf-8") as f:
        vectors = json.load(f)
    schema = next(v["message"] for v in vectors if v["name"] == "welcome")[8]
    for v in vectors:
        message, frame = plain(v["message"]), bytes.fromhex(v["hex"])
        assert unpack(frame) == message, v["name"]
        if v["direction"] == "client":
            assert pack(message) == frame, v["name"]
        if v.get("value") is not None:
            kind = message[0]
            t = schema[0] if kind in (2, 3) else schema[1] if kind in (CHECK, SNAPSHOT) else dict(schema[2])[message[2]]
            value = plain(v["value"])
            if kind == CHECK:
                assert zlib.crc32(pack(to_array(t, value))) == message[2], v["name"]
                continue
            assert to_names(t, message[-1]) == value and to_array(t, value) == message[-1], v["name"]
    return len(vectors)


async def story(server):
    ann, bob = Player(server, "Ann"), Player(server, "Bob")
    assert ann.seat_kept["room"] == bob.seat_kept["room"], "two players of a relay meet"
    for p in (ann, bob):
        await p.until(lambda: p.welcome and p.pongs)
    said = {ann: ["a%d" % i for i in range(40)], bob: ["b%d" % i for i in range(40)]}

    for text in said[ann][:10]:
        ann.shout(text)
    await ann.until(lambda: not ann.unanswered)
    for text in said[ann][10:20]:
        ann.shout(text)
    await ann.socket.writer.drain()
    ann.cut_while_shouting(said[ann][20])
    for text in said[ann][21:]:
        ann.shout(text)
    for text in said[bob]:
        bob.shout(text)
    await bob.until(lambda: not bob.unanswered)  # done while Ann is away
    assert len(ann.linked) == 1, "nobody read for Ann"

    for p in (ann, bob):
        await p.until(lambda: len(p.heard) >= 80 and not p.unanswered)
    assert ann.linked[0] == (False, "new", 0), ann.linked
    resumed, why, received = ann.linked[1]
    assert len(ann.linked) == 2 and resumed and why == "", ann.linked
    assert 10 <= received <= 20, "of 21 the last was cut in half, and 10 were answered; the server received %d" % received
    for p in (ann, bob):
        for q in (ann, bob):
            heard = [text for seat, name, text in p.heard if name == "shout" and seat == q.welcome["seat"]]
            assert heard == said[q], "%s heard of %s: %s" % (p.name, q.name, heard)
        assert p.replies == [(n, "") for n in range(1, 41)], p.replies
    assert ann.heard == bob.heard, "everybody hears the same, in the same order"

    for p in (ann, bob):
        await p.until(lambda: p.acks and p.acked == p.seen)
        before = len(p.pongs)
        await p.until(lambda: p.checks)
        p.timers.pop("ping").cancel()
        p.ping()
        await p.until(lambda: len(p.pongs) > before)  # read after the ack and the check, which were good then
        p.say(LEAVE)
        try:
            await p.until(lambda: False)
        except Closed as closed:
            assert closed.code == 4505, closed


if __name__ == "__main__":
    vectors = check_vectors(sys.argv[2])
    asyncio.run(asyncio.wait_for(story(sys.argv[1]), 60))
    print("%d vectors; cut, resumed; every message heard once and in order, both ways; left with 4505" % vectors)
