package dev.plumbline.figure.catalogue;

import dev.plumbline.figure.Figure;
import java.util.Optional;

/**
 * How a panel of a figure comes from the result tables of an analysis.
 *
 * @param id stable name, fit for a file: {@code fig-7-left}
 * @param number of the paper's figure, with its panel where it has several ({@code 7 left}), or of
 *     its appendix
 * @param title one line
 * @param analysis name of the analysis whose tables it reads
 * @param drawing the figure from the tables
 */
public record FigureRecipe(
    String id, String number, String title, String analysis, Drawing drawing) {

  /** Rows in, figure out. */
  @FunctionalInterface
  public interface Drawing {
    /** The figure; empty where a table that it needs is not there or has no rows to draw. */
    Optional<Figure> draw(TableSource tables);
  }

  /** Where it stands in the paper: {@code Fig. 7 left}, {@code Appendix A.2}. */
  public String place() {
    return (Character.isDigit(number.charAt(0)) ? "Fig. " : "Appendix ") + number;
  }

  /** The figure; empty where a table that it needs is not there or has no rows to draw. */
  public Optional<Figure> draw(TableSource tables) {
    return drawing.draw(tables);
  }
}
