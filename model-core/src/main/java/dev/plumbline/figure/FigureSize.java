package dev.plumbline.figure;

/**
 * True size of an exported figure.
 *
 * @param widthInches width in inches
 * @param heightInches height in inches
 */
public record FigureSize(double widthInches, double heightInches) {
  private static final double GOLDEN = (1 + Math.sqrt(5)) / 2;

  /** Checks that both are positive and printable. */
  public FigureSize {
    if (!(widthInches > 0.3 && heightInches > 0.3 && widthInches < 60 && heightInches < 60)) {
      throw new IllegalArgumentException(
          "a figure of " + widthInches + " x " + heightInches + " inches");
    }
  }

  /** A width with the height of a golden rectangle. */
  public static FigureSize ofWidth(double inches) {
    return new FigureSize(inches, inches / GOLDEN);
  }

  /** The same from millimetres. */
  public static FigureSize ofMillimetres(double width) {
    return ofWidth(width / 25.4);
  }

  /**
   * Widths of columns and pages of venues, in inches, with the text that suits them. Each says
   * where its width comes from; the size is that of tick labels, one to two points below the text.
   */
  public enum Venue {
    /** NeurIPS, text width. */
    NEURIPS("NeurIPS", Columns.PAGE, 5.5, 7.5, Typeface.SERIF, "neurips.sty: text width 5.5 in"),
    /** ICLR, text width. */
    ICLR("ICLR", Columns.PAGE, 5.5, 7.5, Typeface.SERIF, "iclr_conference.sty: text width 5.5 in"),
    /** ICML, AISTATS and UAI, one column. */
    ICML_COLUMN("ICML", Columns.COLUMN, 3.25, 7, Typeface.SERIF, "icml.sty: column width 3.25 in"),
    /** ICML, both columns. */
    ICML_PAGE("ICML", Columns.PAGE, 6.75, 7, Typeface.SERIF, "icml.sty: text width 6.75 in"),
    /** AAAI, one column. */
    AAAI_COLUMN("AAAI", Columns.COLUMN, 3.3, 7, Typeface.SERIF, "aaai.sty: column width 3.3 in"),
    /** AAAI, both columns. */
    AAAI_PAGE("AAAI", Columns.PAGE, 6.975, 7, Typeface.SERIF, "aaai.sty: text width 7 in"),
    /** ACL, EMNLP and NAACL, one column. */
    ACL_COLUMN(
        "ACL",
        Columns.COLUMN,
        7.7 / 2.54,
        7,
        Typeface.SERIF,
        "ACL formatting guidelines: column width 7.7 cm"),
    /** ACL, EMNLP and NAACL, both columns. */
    ACL_PAGE(
        "ACL",
        Columns.PAGE,
        16 / 2.54,
        7,
        Typeface.SERIF,
        "ACL formatting guidelines: columns of 7.7 cm, 0.6 cm between them"),
    /** JMLR, text width. */
    JMLR("JMLR", Columns.PAGE, 6.0, 7.5, Typeface.SERIF, "jmlr.sty: text width 6 in"),
    /** TMLR, text width. */
    TMLR("TMLR", Columns.PAGE, 6.5, 7.5, Typeface.SERIF, "tmlr.sty: text width 6.5 in"),
    /** IEEE, one column. */
    IEEE_COLUMN(
        "IEEE",
        Columns.COLUMN,
        3.5,
        7.5,
        Typeface.SERIF,
        "IEEE Author Center, size requirements for graphics: 3.5 in"),
    /** IEEE, both columns. */
    IEEE_PAGE(
        "IEEE",
        Columns.PAGE,
        7.16,
        7.5,
        Typeface.SERIF,
        "IEEE Author Center, size requirements for graphics: 7.16 in"),
    /** Nature, one column. */
    NATURE_COLUMN(
        "Nature",
        Columns.COLUMN,
        89 / 25.4,
        6.5,
        Typeface.SANS,
        "Nature, guide to final artwork: 89 mm, sans-serif text of 5 to 7 pt"),
    /** Nature, both columns. */
    NATURE_PAGE(
        "Nature",
        Columns.PAGE,
        183 / 25.4,
        6.5,
        Typeface.SANS,
        "Nature, guide to final artwork: 183 mm, sans-serif text of 5 to 7 pt"),
    /** A slide of 13.33 by 7.5 inches, with a title above. */
    TALK("Talk", Columns.PAGE, 12.0, 18, Typeface.SANS, "slides of 13.33 × 7.5 in (16:9)"),
    /** Half of such a slide. */
    TALK_HALF(
        "Talk", Columns.COLUMN, 5.9, 16, Typeface.SANS, "half of a slide of 13.33 × 7.5 in (16:9)"),
    /** An upright A0 poster of three columns, one of them. */
    POSTER_COLUMN(
        "Poster A0", Columns.COLUMN, 9.6, 20, Typeface.SANS, "a third of A0 (841 mm) less margins"),
    /** An upright A0 poster, all of its width. */
    POSTER("Poster A0", Columns.PAGE, 30.0, 28, Typeface.SANS, "A0 (841 mm) less margins");

    /** How much of a page a figure takes. */
    public enum Columns {
      /** One of two or more columns. */
      COLUMN,
      /** The whole text. */
      PAGE
    }

    private final String title;
    private final Columns columns;
    private final double width;
    private final double points;
    private final Typeface typeface;
    private final String source;

    Venue(
        String title,
        Columns columns,
        double width,
        double points,
        Typeface typeface,
        String source) {
      this.title = title;
      this.columns = columns;
      this.width = width;
      this.points = points;
      this.typeface = typeface;
      this.source = source;
    }

    /** What people call it. */
    public String title() {
      return title;
    }

    /** How much of a page it is. */
    public Columns columns() {
      return columns;
    }

    /** Where its width comes from, a few words. */
    public String source() {
      return source;
    }

    /** Its name as commands take it: {@code icml-column}. */
    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** The venue that a command names; empty for none. */
    public static java.util.Optional<Venue> of(String id) {
      return java.util.Arrays.stream(values()).filter(venue -> venue.id().equals(id)).findFirst();
    }

    /** The figure's size there: a golden height, and less on slides, which have a title above. */
    public FigureSize size() {
      return switch (this) {
        case TALK -> new FigureSize(width, 5.6);
        case TALK_HALF -> new FigureSize(width, 4.9);
        case POSTER -> new FigureSize(width, 12);
        default -> ofWidth(width);
      };
    }

    /** The paper style with tick labels of a size, and in a font, that suit the venue's text. */
    public FigureStyle style() {
      // Times looks smaller than Inter of the same size.
      double set = typeface == Typeface.SERIF ? points + 0.5 : points;
      FigureStyle style = FigureStyle.paper().withSize(set).withTypeface(typeface);
      return typeface == Typeface.SERIF ? style.withTicks(true) : style;
    }
  }

  double widthPoints() {
    return widthInches * 72;
  }

  double heightPoints() {
    return heightInches * 72;
  }
}
