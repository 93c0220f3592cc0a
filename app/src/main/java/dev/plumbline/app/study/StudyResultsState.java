package dev.plumbline.app.study;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.feed.StudyFigures;
import dev.plumbline.workspace.StudyRow;
import java.util.List;
import java.util.Optional;

/**
 * What the page of studies shows.
 *
 * @param studies all, the newest first
 * @param chosen the one whose results are shown
 * @param cards the paper's claims beside what it measured
 * @param figures what its results make
 * @param tables names of its tables
 * @param table the table that is shown
 */
public record StudyResultsState(
    List<StudyRow> studies,
    Optional<StudyRow> chosen,
    List<PaperCard> cards,
    List<StudyFigures.Drawn> figures,
    List<String> tables,
    Optional<ResultTable> table) {
  /** Before anything was read. */
  public static final StudyResultsState EMPTY =
      new StudyResultsState(
          List.of(), Optional.empty(), List.of(), List.of(), List.of(), Optional.empty());

  /** Copies the lists. */
  public StudyResultsState {
    studies = List.copyOf(studies);
    cards = List.copyOf(cards);
    figures = List.copyOf(figures);
    tables = List.copyOf(tables);
  }
}
