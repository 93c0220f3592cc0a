package dev.plumbline.app.feed;

import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Study;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.Provenance;
import dev.plumbline.figure.catalogue.FigureRecipe;
import dev.plumbline.figure.catalogue.PaperCatalogue;
import dev.plumbline.workspace.StudyRow;
import dev.plumbline.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The figures of the catalogue that a study's results make: the same for screen and command line.
 */
public final class StudyFigures {
  private StudyFigures() {}

  /**
   * A figure with the recipe that it came from.
   *
   * @param recipe where it stands in the paper
   * @param figure what was drawn
   */
  public record Drawn(FigureRecipe recipe, Figure figure) {}

  /**
   * The figures of a study's last analysis, in the order of the catalogue; none where it has none.
   *
   * @param studyId the study
   * @param version version of the program
   */
  public static List<Drawn> of(StoreReader reader, String studyId, String version) {
    Workspace workspace = reader.workspace();
    Optional<StudyRow> study =
        workspace.studies().stream().filter(row -> row.id().equals(studyId)).findFirst();
    if (study.isEmpty() || !study.get().analysed()) {
      return List.of();
    }
    Provenance provenance = provenance(workspace, study.get(), version);
    List<Drawn> drawn = new ArrayList<>();
    for (FigureRecipe recipe : PaperCatalogue.of(study.get().analysis())) {
      recipe
          .draw(name -> workspace.studyResult(studyId, name))
          .ifPresent(
              figure ->
                  drawn.add(
                      new Drawn(
                          recipe,
                          figure.withProvenance(
                              provenance.in(
                                  String.valueOf(workspace.directory().getFileName()),
                                  "study " + study.get().id() + ", recipe " + recipe.id())))));
    }
    return drawn;
  }

  private static Provenance provenance(Workspace workspace, StudyRow study, String version) {
    List<String> notes =
        List.of("study " + study.name() + " " + study.id(), "analysis " + study.analysis());
    try {
      Study record = Study.get(workspace.directory(), study.id());
      return new Provenance(
          record.runs(),
          record.plan(),
          "",
          "Plumbline " + version,
          record.plannedRuns().stream()
              .map(member -> member.levels().get("seed"))
              .filter(seed -> seed != null && seed.matches("\\d{1,18}"))
              .map(Long::valueOf)
              .distinct()
              .toList(),
          notes);
    } catch (UserError e) {
      // The rows are in the workspace; a study whose record was moved away has its figures still.
      return new Provenance(List.of(), "", "", "Plumbline " + version, List.of(), notes);
    }
  }
}
