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

  /** Widths of columns and pages of venues, in inches. */
  public enum Venue {
    /** NeurIPS and ICLR, text width. */
    NEURIPS(5.5, 7.5),
    /** ICML, AISTATS and UAI, one column. */
    ICML_COLUMN(3.25, 7),
    /** ICML, both columns. */
    ICML_PAGE(6.75, 7),
    /** AAAI, one column. */
    AAAI_COLUMN(3.3, 7),
    /** JMLR, text width. */
    JMLR(6.0, 7.5),
    /** TMLR, text width. */
    TMLR(6.5, 7.5),
    /** IEEE, one column. */
    IEEE_COLUMN(3.3, 7);

    private final double width;
    private final double points;

    Venue(double width, double points) {
      this.width = width;
      this.points = points;
    }

    /** The figure's size there, with a golden height. */
    public FigureSize size() {
      return ofWidth(width);
    }

    /** The paper style with tick labels of a size that suits the venue's text. */
    public FigureStyle style() {
      return FigureStyle.paper().withSize(points);
    }
  }

  double widthPoints() {
    return widthInches * 72;
  }

  double heightPoints() {
    return heightInches * 72;
  }
}
