package dev.plumbline.app.feed;

import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureEdits;
import dev.plumbline.figure.FigureJson;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.figure.catalogue.FigureRecipe;
import dev.plumbline.figure.catalogue.PaperIndex;
import dev.plumbline.figure.catalogue.RunRecipe;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.StoredFigure;
import dev.plumbline.workspace.StudyRow;
import dev.plumbline.workspace.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A figure that the workspace has rows for.
 *
 * @param key {@code study:ID/RECIPE}, {@code run:ID/RECIPE} or {@code kept:NAME}
 * @param number of the paper's figure, 0 for none
 * @param place where it stands in the paper
 * @param title one line
 * @param from the study or run, in words
 * @param name the name that it is kept and exported under
 * @param kept whether a person changed it
 */
public record FigureSource(
    String key, int number, String place, String title, String from, String name, boolean kept) {

  /**
   * A figure with what a person made of it.
   *
   * @param figure as its recipe draws it
   * @param edits what was changed
   * @param style its own style, if it has one
   */
  public record Found(Figure figure, FigureEdits edits, Optional<HouseStyle> style) {}

  /** The part of a key that says where the rows are. */
  public static String sourceOf(String key) {
    int slash = key.lastIndexOf('/');
    return slash < 0 ? "" : key.substring(0, slash);
  }

  /** The part of a key that names the recipe. */
  public static String recipeOf(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** All that can be drawn: of the newest analysed study of each name, and of the newest runs. */
  static List<FigureSource> all(StoreReader reader) {
    Workspace workspace = reader.workspace();
    Map<String, StoredFigure> kept = new LinkedHashMap<>();
    workspace.figures().forEach(figure -> kept.put(figure.name(), figure));
    Map<String, StudyRow> studies = new HashMap<>();
    ProjectFigures.studies(workspace)
        .reversed()
        .forEach(study -> studies.put(study.analysis(), study));
    Map<String, RunRow> runs = new HashMap<>();
    workspace.runs().forEach(run -> runs.put(run.id(), run));
    Map<String, Optional<String>> newest = new HashMap<>();
    List<FigureSource> all = new ArrayList<>();
    for (PaperIndex.Entry entry : PaperIndex.all()) {
      for (FigureRecipe recipe : entry.studies()) {
        StudyRow study = studies.get(recipe.analysis());
        if (study == null) {
          continue;
        }
        String name = ProjectFigures.name(study, recipe.id());
        all.add(
            new FigureSource(
                "study:" + study.id() + "/" + recipe.id(),
                entry.number(),
                recipe.place(),
                recipe.title(),
                study.name(),
                name,
                kept.remove(name) != null));
      }
      for (RunRecipe recipe : entry.runs()) {
        Optional<RunRow> run =
            newest
                .computeIfAbsent(
                    recipe.table(), table -> workspace.newestRunsWith(table).stream().findFirst())
                .flatMap(id -> Optional.ofNullable(runs.get(id)));
        if (run.isEmpty()) {
          continue;
        }
        String key = "run:" + run.get().id() + "/" + recipe.id();
        if (ProjectFigures.ofRun(reader, run.get().id(), recipe.id(), "").isEmpty()) {
          continue; // a table of this name that says something else
        }
        String name = ProjectFigures.name(run.get(), recipe.id());
        all.add(
            new FigureSource(
                key,
                entry.number(),
                recipe.place(),
                recipe.title(),
                run.get().name(),
                name,
                kept.remove(name) != null));
      }
    }
    kept.values().stream()
        .filter(figure -> !FigureJson.isSheet(figure.body()))
        .forEach(
            figure ->
                all.add(
                    new FigureSource(
                        "kept:" + figure.name(),
                        0,
                        "",
                        figure.name(),
                        figure.source(),
                        figure.name(),
                        true)));
    return all;
  }

  /** A figure by its key, with what is kept under its name. */
  static Optional<Found> find(StoreReader reader, String key, String name, String version) {
    Optional<StoredFigure> kept =
        reader.workspace().figures().stream()
            .filter(figure -> figure.name().equals(name))
            .findFirst();
    String source = sourceOf(key);
    Optional<Figure> figure;
    if (source.startsWith("study:")) {
      figure =
          StudyFigures.of(reader, source.substring(6), version).stream()
              .filter(drawn -> drawn.recipe().id().equals(recipeOf(key)))
              .map(StudyFigures.Drawn::figure)
              .findFirst();
    } else if (source.startsWith("run:")) {
      figure = ProjectFigures.ofRun(reader, source.substring(4), recipeOf(key), version);
    } else {
      figure = kept.map(stored -> ProjectFigures.redrawn(reader, stored, version));
    }
    return figure.map(
        drawn ->
            new Found(
                drawn,
                kept.map(ProjectFigures::edits).orElse(FigureEdits.NONE),
                kept.flatMap(ProjectFigures::style)));
  }
}
