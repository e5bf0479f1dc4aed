"""Requests as nobody should send them: shapes that smuggle, and sound ones broken."""

from hypothesis import strategies as some

CRLF = b"\r\n"

LAST = b"GET /last HTTP/1.1\r\nHost: inn\r\nConnection: close\r\n\r\n"
"""Sent behind: whoever reads the one before wrongly sees this one otherwise."""


USUAL = 12
"""Times the usual is taken as often as each odd one is."""


def mostly(usual, *odd):
    """Take the usual, now and then something odd."""
    return some.sampled_from([usual] * max(USUAL, 3 * len(odd)) + list(odd))


METHODS = mostly(
    b"GET", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"PROPFIND", b"CONNECT", b"get",
    b"FOO", b"G(T", b"", b"PRI", b"SOURCE", b"DESCRIBE", b"GET\t", b" GET",
)  # fmt: skip

TARGETS = mostly(
    b"/", b"/a?b=c", b"*", b"http://inn/a", b"//x", b"/\x00", b"/\xe9", b"/a b",
    b"/%zz", b"a", b"/#f", b"?", b"http://a b/", b"/\x7f", b"/\t", b"inn:80", b"",
)  # fmt: skip

VERSIONS = mostly(
    b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.1 ",
    b"http/1.1", b"HTTP/1.10", b"HTTP/11", b"ICE/1.0", b"RTSP/1.0", b"",
)  # fmt: skip

LENGTHS = some.sampled_from([b"5"] * 40 + [
    b"05", b"+5", b"-5", b"5,5", b"5, 5", b"5,6", b"0x5", b"5_0",
    b"", b"5 ", b"5\t", b"5\x00", b"5\x0b", b"\xb25", b"5.0", b"4294967301",
    b"18446744073709551621", b"262145", b"0", b"5;", b"5\r5",
])  # fmt: skip

CODINGS = some.sampled_from([b"chunked"] * 30 + [
    b"Chunked", b"chunked ", b"xchunked",
    b"gzip, chunked", b"chunked, identity", b",chunked", b"chunked,", b"chunked;q=1",
    b"\x0bchunked", b"chunked\x00", b"identity", b"", b"\"chunked\"", b"chunked\r",
])  # fmt: skip

LENGTH_NAMES = mostly(
    b"Content-Length", b"content-length", b"Content-Length ", b"Content-Length\t",
    b"Content_Length", b"Content-Length\x00", b" Content-Length", b"Content-Lengt\xe8",
)  # fmt: skip

CODING_NAMES = mostly(
    b"Transfer-Encoding", b"transfer-encoding", b"Transfer-Encoding ",
    b"Transfer-Encoding\x00", b"\tTransfer-Encoding", b"Transfer_Encoding",
)  # fmt: skip

OTHERS = some.sampled_from([b"X: y"] * 50 + [
    b"X:", b"X:y", b"X: \xe9", b"X: a\x00b", b"X: a\rb", b"X: a\x7fb",
    b" folded", b"\tfolded", b"no colon", b": empty", b"X Y: z", b"X\xe9: y",
    b"Connection: close", b"Connection: keep-alive", b"Connection: close, x",
    b"Connection: Upgrade", b"Upgrade: h2c", b"Expect: 100-continue", b"Host: other",
    b"X: " + b"y" * 17_000, b"(: y", b"\"X\": y", b"X: a\x0bb", b"X: a\x1fb",
])  # fmt: skip

HOSTS = mostly(b"Host: inn", b"host: inn", b"Host: a, b", b"Host:", b"X-Host: inn")

ENDS = some.sampled_from([CRLF] * 120 + [
    b"\n", b"\r", b"\r\r\n", b"\n\r", b"\r\n ", b"\x0b\r\n", b"\x00\r\n", b"\x85",
])  # fmt: skip

BODIES = some.sampled_from([
    b"", b"hello", b"hello", b"hello!", b"hell",
    b"5\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\n\r\n",
    b"05\r\nhello\r\n0\r\n\r\n", b"5;x=y\r\nhello\r\n0\r\n\r\n",
    b"5 \r\nhello\r\n0\r\n\r\n", b" 5\r\nhello\r\n0\r\n\r\n", b"5\nhello\n0\n\n",
    b"5\r\nhelloXX0\r\n\r\n", b"5\r\nhello\n0\r\n\r\n", b"+5\r\nhello\r\n0\r\n\r\n",
    b"0x5\r\nhello\r\n0\r\n\r\n", b"5_\r\nhello\r\n0\r\n\r\n", b"-5\r\nhello\r\n\r\n",
    b"5\r\nhello\r\n0\r\nX: y\r\n\r\n", b"5\r\nhello\r\n0\r\n\r", b"\r\nhello",
    b"5\r\nhello\r\n00\r\n\r\n", b"5\r\nhello\r\n0;x\r\n\r\n", b"0\r\n\r\n",
    b"10000000000000005\r\nhello\r\n0\r\n\r\n", b"0" * 63 + b"5\r\nhello\r\n0\r\n\r\n",
    b"40001\r\n",
    b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"2\r\nhe\r3\r\nllo\r\n0\r\n\r\n",
    b"5\r\nhello\r\n0\r\nGET /in HTTP/1.1\r\nHost: inn\r\n\r\n",
])  # fmt: skip


@some.composite
def heads(draw):
    """A head, of parts sound and odd."""
    ends = [draw(ENDS) for _ in range(draw(some.integers(2, 5)))]
    line = b" ".join([draw(METHODS), draw(TARGETS), draw(VERSIONS)])
    fields = [draw(HOSTS)]
    for _ in ends[2:]:
        kind = draw(some.integers(0, 3))
        if kind == 0:
            fields.append(draw(LENGTH_NAMES) + draw(SPACES) + draw(LENGTHS))
        elif kind == 1:
            fields.append(draw(CODING_NAMES) + draw(SPACES) + draw(CODINGS))
        else:
            fields.append(draw(OTHERS))
    lines = zip([line, *draw(some.permutations(fields))], ends, strict=True)
    return b"".join(part + end for part, end in lines) + draw(ENDS)


SPACES = mostly(b": ", b":", b":  ", b":\t", b" : ", b"\t: ", b":\x0b", b":\r\n ")


def fitting(head):
    """Say which body a head announces, if it does so soundly."""
    if b": chunked\r\n" in head:
        return b"5\r\nhello\r\n0\r\n\r\n"
    return b"hello" if b": 5\r\n" in head else b""


@some.composite
def messages(draw):
    """A request, now and then with another body than it announces."""
    head = draw(heads())
    before = draw(mostly(b"", CRLF, b"\n", CRLF * 2, b"\x00", b" "))
    is_odd = draw(some.sampled_from([False, False, False, True]))
    return before + head + (draw(BODIES) if is_odd else fitting(head))


@some.composite
def streams(draw):
    """What comes on one connection: some requests, a byte or two of them changed."""
    raw = b"".join(draw(some.lists(messages(), min_size=1, max_size=3)))
    for _ in range(draw(some.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(some.integers(0, len(raw)))
        gone = draw(some.integers(0, 2))
        raw = raw[:at] + draw(some.binary(max_size=2)) + raw[at + gone :]
    return raw + LAST
