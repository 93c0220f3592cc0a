package dev.plumbline.figure;

import java.awt.Font;

/** The fonts of figures; both travel with the program and have digits of one width. */
public enum Typeface {
  /** Inter with tabular digits. */
  SANS(
      "Inter Tabular",
      "'Inter Tabular', Inter, 'Helvetica Neue', Arial, sans-serif",
      "fonts/InterTabular-Regular.ttf",
      "fonts/InterTabular-SemiBold.ttf",
      600),
  /** A font with the widths of Times, as most venues set their text. */
  SERIF(
      "Plumb Serif",
      "'Plumb Serif', Tinos, 'Times New Roman', Times, serif",
      "fonts/PlumbSerif-Regular.ttf",
      "fonts/PlumbSerif-Bold.ttf",
      700);

  private final String family;
  private final String families;
  private final String regularFile;
  private final String boldFile;
  private final int boldWeight;

  Typeface(String family, String families, String regularFile, String boldFile, int boldWeight) {
    this.family = family;
    this.families = families;
    this.regularFile = regularFile;
    this.boldFile = boldFile;
    this.boldWeight = boldWeight;
  }

  /** Its name inside files. */
  String family() {
    return family;
  }

  /** What a program without it takes, in the form of CSS. */
  String families() {
    return families;
  }

  Font regular() {
    return FigureFonts.font(regularFile);
  }

  Font bold() {
    return FigureFonts.font(boldFile);
  }

  String file(boolean ofBold) {
    return ofBold ? boldFile : regularFile;
  }

  int boldWeight() {
    return boldWeight;
  }
}
