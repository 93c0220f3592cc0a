package dev.plumbline.app.feed;

import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.figure.FigureEditJson;
import dev.plumbline.figure.FigureEdits;
import dev.plumbline.figure.FigureJson;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.figure.catalogue.PaperCatalogue;
import dev.plumbline.figure.catalogue.RunCatalogue;
import dev.plumbline.figure.catalogue.RunRecipe;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.StoredFigure;
import dev.plumbline.workspace.StudyRow;
import dev.plumbline.workspace.Workspace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The figures of a workspace as one project: those that the newest analysed study of each name
 * makes, and those that people keep, each with the changes made to it. The same for screen and
 * command line.
 */
public final class ProjectFigures {
  private ProjectFigures() {}

  /** The name that a study's figure is kept and exported under. */
  public static String name(StudyRow study, String recipe) {
    return FigureBatch.fileName(study.name() + "-" + recipe);
  }

  /** The name that a run's figure is kept and exported under. */
  public static String name(RunRow run, String recipe) {
    return FigureBatch.fileName(run.name() + "-" + recipe);
  }

  /** The newest analysed study of each name, newest first. */
  public static List<StudyRow> studies(Workspace workspace) {
    Set<String> names = new HashSet<>();
    return workspace.studies().stream()
        .filter(StudyRow::analysed)
        .filter(study -> names.add(study.name()))
        .toList();
  }

  /**
   * All figures of the project, drawn from the rows as they are now.
   *
   * @param version version of the program
   */
  public static List<FigureBatch.Item> of(StoreReader reader, String version) {
    Workspace workspace = reader.workspace();
    Map<String, StoredFigure> kept = new LinkedHashMap<>();
    workspace.figures().forEach(figure -> kept.put(figure.name(), figure));
    List<FigureBatch.Item> items = new ArrayList<>();
    for (StudyRow study : studies(workspace)) {
      for (StudyFigures.Drawn drawn : StudyFigures.of(reader, study.id(), version)) {
        String name = name(study, drawn.recipe().id());
        items.add(item(name, drawn.figure(), Optional.ofNullable(kept.remove(name))));
      }
    }
    for (StoredFigure figure : kept.values()) {
      if (!FigureJson.isSheet(figure.body())) {
        items.add(item(figure.name(), redrawn(reader, figure, version), Optional.of(figure)));
      }
    }
    return items;
  }

  private static FigureBatch.Item item(String name, Figure figure, Optional<StoredFigure> kept) {
    FigureEdits edits = kept.map(ProjectFigures::edits).orElse(FigureEdits.NONE);
    return new FigureBatch.Item(name, edits.apply(figure), kept.flatMap(ProjectFigures::style));
  }

  /** What was changed of a kept figure. */
  public static FigureEdits edits(StoredFigure figure) {
    return figure.edits().isEmpty()
        ? FigureEdits.NONE
        : FigureEditJson.read("figure " + figure.name(), figure.edits());
  }

  /** The style of a kept figure; empty where it has none of its own. */
  public static Optional<HouseStyle> style(StoredFigure figure) {
    return figure.style().isEmpty()
        ? Optional.empty()
        : Optional.of(HouseStyle.read("figure " + figure.name(), figure.style()));
  }

  /** A kept figure from the rows as they are now, or as it was drawn last where they are gone. */
  public static Figure redrawn(StoreReader reader, StoredFigure figure, String version) {
    Optional<Figure> now = Optional.empty();
    if (figure.source().startsWith("study:")) {
      now =
          StudyFigures.of(reader, figure.source().substring(6), version).stream()
              .filter(drawn -> drawn.recipe().id().equals(figure.recipe()))
              .map(StudyFigures.Drawn::figure)
              .findFirst();
    } else if (figure.source().startsWith("run:")) {
      now = ofRun(reader, figure.source().substring(4), figure.recipe(), version);
    }
    return now.orElseGet(() -> FigureJson.read("figure " + figure.name(), figure.body()));
  }

  /** A figure of a single run; empty where the run or its rows are not there. */
  public static Optional<Figure> ofRun(
      StoreReader reader, String runId, String recipeId, String version) {
    Workspace workspace = reader.workspace();
    Optional<RunRow> run =
        workspace.runs().stream().filter(row -> row.id().equals(runId)).findFirst();
    Optional<RunRecipe> recipe = RunCatalogue.of(recipeId);
    if (run.isEmpty() || recipe.isEmpty()) {
      return Optional.empty();
    }
    RunRecipe drawn = recipe.get();
    return drawn
        .draw(name -> workspace.result(runId, name, OptionalLong.empty()))
        .map(
            figure ->
                figure.withProvenance(
                    RunProvenance.of(
                            List.of(run.get()), version, List.of("run " + run.get().name()))
                        .in(
                            String.valueOf(workspace.directory().getFileName()),
                            "table " + drawn.table() + " of the run, recipe " + drawn.id())));
  }

  /** Whether an analysis makes figures at all. */
  public static boolean hasRecipes(StudyRow study) {
    return !PaperCatalogue.of(study.analysis()).isEmpty();
  }
}
