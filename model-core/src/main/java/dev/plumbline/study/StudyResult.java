package dev.plumbline.study;

import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a study came to.
 *
 * @param tables the rows behind its figures and cards; their names are different
 * @param cards the paper's claims beside what was measured; their ids are different
 * @param notes what has to be known to read them: one line each
 */
public record StudyResult(List<ResultTable> tables, List<PaperCard> cards, List<String> notes) {
  /** Copies the lists and checks the names. */
  public StudyResult {
    tables = List.copyOf(tables);
    cards = List.copyOf(cards);
    notes = List.copyOf(notes);
    Set<String> names = new HashSet<>();
    for (ResultTable table : tables) {
      if (!names.add(table.name())) {
        throw new IllegalArgumentException("a second table " + table.name());
      }
    }
    Set<String> ids = new HashSet<>();
    for (PaperCard card : cards) {
      if (!ids.add(card.id())) {
        throw new IllegalArgumentException("a second card " + card.id());
      }
    }
  }
}
