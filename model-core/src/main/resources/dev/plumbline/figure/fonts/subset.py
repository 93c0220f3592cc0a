"""Make Inter Tabular from Inter: python subset.py Inter_400Regular.ttf InterTabular-Regular.ttf Regular

Needs fontTools. Tabular digits are put straight into the character map, because Java2D has no
switch for OpenType features.
"""
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

FROZEN = set(range(0x30, 0x3A)) | {0x2212, 0x2B}
RANGES = [
    (0x20, 0x7F), (0xA0, 0x180), (0x370, 0x460), (0x1E00, 0x1F00),
    (0x2000, 0x20C0), (0x2100, 0x2300), (0x25A0, 0x2600), (0x2713, 0x2714), (0x2717, 0x2718),
]


def tabular_forms(font):
    table = font["GSUB"].table
    forms = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    forms.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    return forms


def main(source, target, style):
    font = TTFont(source)
    forms = tabular_forms(font)
    for table in font["cmap"].tables:
        for code in FROZEN & set(table.cmap):
            table.cmap[code] = forms.get(table.cmap[code], table.cmap[code])
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high)])
    subsetter.subset(font)
    family = "Inter Tabular"
    names = {
        1: family if style == "Regular" else f"{family} {style}",
        3: f"InterTabular-{style}",
        4: f"{family} {style}",
        6: f"InterTabular-{style}",
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
