"""Reads a Mapbox vector tile's polygons, after the specification's version 2.1, and nothing else of it."""


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _fields(data: bytes):
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        if key & 7 == 2:
            size, at = _varint(data, at)
            yield key >> 3, data[at:at + size]
            at += size
        elif key & 7 == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
        else:
            width = 8 if key & 7 == 1 else 4
            yield key >> 3, data[at:at + width]
            at += width


def _packed(data: bytes) -> list[int]:
    values, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(value)
    return values


def _rings(words: list[int]) -> list[list[tuple[int, int]]]:
    rings, at, x, y = [], 0, 0, 0
    while at < len(words):
        command, count = words[at] & 7, words[at] >> 3
        at += 1
        if command == 7:
            continue
        if command == 1:
            rings.append([])
        for _ in range(count):
            dx, dy = ((word >> 1) ^ -(word & 1) for word in words[at:at + 2])
            x, y, at = x + dx, y + dy, at + 2
            rings[-1].append((x, y))
    return rings


def features(tile: bytes) -> list[tuple[int, str, list[list[tuple[int, int]]]]]:
    """Of the one layer: number, name, rings in units of 4096 a side, the y axis down."""
    found = []
    for number, layer in _fields(tile):
        assert number == 3
        parts = list(_fields(layer))
        texts = [dict(_fields(value)).get(1, b"").decode() for field, value in parts if field == 4]
        for field, data in parts:
            if field == 2:
                members = dict(_fields(data))
                tags = _packed(members[2])
                found.append((members.get(1, 0), texts[tags[1]], _rings(_packed(members[4]))))
    return found


def surface(rings: list[list[tuple[int, int]]]) -> float:
    """Of exteriors less holes, which are wound the other way, in square units."""
    def signed(ring):
        return sum(x * b - a * y for (x, y), (a, b) in zip(ring, ring[1:] + ring[:1])) / 2
    return abs(sum(signed(ring) for ring in rings))


def vertices(rings) -> int:
    return sum(map(len, rings))
