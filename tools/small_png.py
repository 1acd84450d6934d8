"""Shrinks screenshots to a palette of 256 colors; other colors become the nearest of these."""

import struct
import zlib
from collections import Counter
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256

Colour = bytes


def shrink(path: Path) -> None:
    """Rewrite a PNG of Chromium (RGB or RGBA, 8 bits) with a palette, where that is smaller."""
    data = path.read_bytes()
    width, height, pixels = read(data)
    counted = Counter(pixels)
    palette = chosen(counted)
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in index:
            index[colour] = nearest(colour, palette)
    small = write(width, height, bytes(map(index.__getitem__, pixels)), palette)
    if len(small) < len(data):
        path.write_bytes(small)


def chosen(counted: Counter[Colour]) -> list[Colour]:
    """Return the colors to keep: the most frequent one of each hue, then the most frequent of all.

    Hues come first, so that a small green dot is not lost among a hundred grays of letters.
    """
    hues: dict[bytes, Colour] = {}
    for colour, _times in counted.most_common():
        hues.setdefault(bytes(value >> 4 for value in colour), colour)
    kept = dict.fromkeys(list(hues.values())[: COLOURS * 3 // 4])
    for colour, _times in counted.most_common(COLOURS):
        if len(kept) == COLOURS:
            break
        kept[colour] = None
    return list(kept)


def nearest(colour: Colour, palette: list[Colour]) -> int:
    """Return the index of the nearest color in the palette."""
    red, green, blue = colour
    return min(
        range(len(palette)),
        key=lambda n: (palette[n][0] - red) ** 2 + (palette[n][1] - green) ** 2 + (palette[n][2] - blue) ** 2,
    )


def read(data: bytes) -> tuple[int, int, list[Colour]]:
    """Return width, height and the color of each pixel, without transparency."""
    chunks: dict[bytes, bytes] = {}
    position = len(SIGNATURE)
    while position < len(data):
        (length,), kind = (
            struct.unpack(">I", data[position : position + 4]),
            data[position + 4 : position + 8],
        )
        chunks[kind] = chunks.get(kind, b"") + data[position + 8 : position + 8 + length]
        position += length + 12
    width, height, depth, kind_of_colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    if depth != 8 or kind_of_colour not in (2, 6):
        raise ValueError("not a screenshot of Chromium")
    step = 3 if kind_of_colour == 2 else 4
    raw, row = zlib.decompress(chunks[b"IDAT"]), bytearray(width * step)
    pixels: list[Colour] = []
    for top in range(0, len(raw), width * step + 1):
        row = unfiltered(raw[top], bytearray(raw[top + 1 : top + 1 + width * step]), row, step)
        pixels += [bytes(row[at : at + 3]) for at in range(0, len(row), step)]
    return width, height, pixels


def unfiltered(kind: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    """Return a row without PNG's filter (PNG specification, 9.2); ``above`` is the row above it."""
    for at in range(len(row)):
        left, up = row[at - step] if at >= step else 0, above[at]
        if kind == 1:
            row[at] = (row[at] + left) & 255
        elif kind == 2:
            row[at] = (row[at] + up) & 255
        elif kind == 3:
            row[at] = (row[at] + (left + up) // 2) & 255
        elif kind == 4:
            row[at] = (row[at] + paeth(left, up, above[at - step] if at >= step else 0)) & 255
    return row


def paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def write(width: int, height: int, numbers: bytes, palette: list[Colour]) -> bytes:
    """Return a PNG with a palette."""
    rows = b"".join(b"\0" + numbers[top : top + width] for top in range(0, width * height, width))
    return b"".join(
        (
            SIGNATURE,
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", b"".join(palette)),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        )
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
