package dev.plumbline.figure.catalogue;

import dev.plumbline.figure.Figure;
import java.util.Optional;

/**
 * How a figure comes from the result tables of a single run.
 *
 * @param id stable name, fit for a file: {@code run-12-left}
 * @param number of the paper's figure, with its panel where it has several
 * @param title one line
 * @param table name of the table that it reads
 * @param stage what makes that table, as a person would look for it
 * @param drawing the figure from the tables
 */
public record RunRecipe(
    String id,
    String number,
    String title,
    String table,
    String stage,
    FigureRecipe.Drawing drawing) {

  /** Where it stands in the paper. */
  public String place() {
    return "Fig. " + number;
  }

  /** The figure; empty where the table is not there or has no rows to draw. */
  public Optional<Figure> draw(TableSource tables) {
    return drawing.draw(tables);
  }
}
