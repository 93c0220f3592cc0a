"""Make Plumb Serif from Tinos: python subset_serif.py Tinos_400Regular.ttf PlumbSerif-Regular.ttf Regular

Needs fontTools. Tinos has tabular digits; only glyphs and hinting are left out.
"""
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

RANGES = [
    (0x20, 0x7F), (0xA0, 0x180), (0x370, 0x460), (0x1E00, 0x1F00),
    (0x2000, 0x20C0), (0x2100, 0x2300), (0x25A0, 0x2600),
]


def main(source, target, style):
    font = TTFont(source)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high)])
    subsetter.subset(font)
    family = "Plumb Serif"
    names = {
        1: family if style == "Regular" else f"{family} {style}",
        3: f"PlumbSerif-{style}",
        4: f"{family} {style}",
        6: f"PlumbSerif-{style}",
        16: family,
    }
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)


if __name__ == "__main__":
    main(*sys.argv[1:4])
