package dev.plumbline.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.figure.Column;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Layer;
import dev.plumbline.figure.catalogue.FigureRecipe;
import dev.plumbline.figure.catalogue.PaperCatalogue;
import java.util.List;
import java.util.Optional;

/** Checks that the catalogue's recipes draw what an analysis found, and nothing else. */
final class CatalogueFigures {
  private CatalogueFigures() {}

  /** Draws every recipe of an analysis; each point must stand in the table that it points at. */
  static void checkAll(String analysis, StudyResult result) {
    List<FigureRecipe> recipes = PaperCatalogue.of(analysis);
    assertThat(recipes).as("recipes of " + analysis).isNotEmpty();
    for (FigureRecipe recipe : recipes) {
      Optional<Figure> drawn = recipe.draw(name -> find(result, name));
      assertThat(drawn).as(recipe.id()).isPresent();
      Figure figure = drawn.orElseThrow();
      assertThat(figure.caption()).as(recipe.id()).isNotBlank();
      int points = 0;
      for (Layer layer : figure.layers()) {
        points +=
            switch (layer) {
              case Layer.Line line ->
                  check(recipe, result, line.id(), line.x(), line.y(), line.step());
              case Layer.Points some ->
                  check(recipe, result, some.id(), some.x(), some.y(), some.step());
              default -> 0;
            };
      }
      assertThat(points).as(recipe.id() + " has points").isPositive();
      assertThat(recipe.draw(_ -> Optional.empty())).as("without tables").isEmpty();
    }
  }

  private static int check(
      FigureRecipe recipe, StudyResult result, String id, Column x, Column y, Column step) {
    if (!id.startsWith("table:")) {
      return 0;
    }
    ResultTable table =
        find(result, id.substring("table:".length(), id.indexOf('/'))).orElseThrow();
    for (int i = 0; i < step.size(); i++) {
      int row = (int) step.get(i);
      assertThat(numbers(table, row)).as(recipe.id() + ", row " + row).contains(x.get(i), y.get(i));
    }
    return step.size();
  }

  private static List<Double> numbers(ResultTable table, int row) {
    return table.rows().get(row).stream()
        .filter(Double.class::isInstance)
        .map(Double.class::cast)
        .toList();
  }

  private static Optional<ResultTable> find(StudyResult result, String name) {
    return result.tables().stream().filter(table -> table.name().equals(name)).findFirst();
  }
}
