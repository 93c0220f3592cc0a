package dev.plumbline.app.figures;

import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureEdits;
import dev.plumbline.figure.FigureSheet;
import dev.plumbline.figure.HouseStyle;
import java.util.List;
import java.util.Optional;

/**
 * What the page of figures shows.
 *
 * @param entries the catalogue
 * @param chosen key of the figure that is shown
 * @param base the figure as its recipe draws it
 * @param edits what was changed of it
 * @param style how it looks
 * @param panels names and figures that were put together
 * @param sheet the panels as one figure, where they are shown instead of a single one
 */
public record FiguresState(
    List<FigureEntry> entries,
    String chosen,
    Figure base,
    FigureEdits edits,
    HouseStyle style,
    List<Figure> panels,
    Optional<FigureSheet> sheet) {
  /** Copies the lists. */
  public FiguresState {
    entries = List.copyOf(entries);
    panels = List.copyOf(panels);
  }

  /** The figure with all changes: what is seen and what is exported. */
  public Figure figure() {
    return edits.apply(base);
  }

  /** The line of the catalogue that is chosen; empty while there is none. */
  public Optional<FigureEntry> entry() {
    return entries.stream().filter(entry -> entry.key().equals(chosen)).findFirst();
  }

  FiguresState with(List<FigureEntry> others) {
    return new FiguresState(others, chosen, base, edits, style, panels, sheet);
  }

  FiguresState with(String key, Figure figure, FigureEdits changes) {
    return new FiguresState(entries, key, figure, changes, style, panels, Optional.empty());
  }

  FiguresState with(FigureEdits changes) {
    return new FiguresState(entries, chosen, base, changes, style, panels, sheet);
  }

  FiguresState with(HouseStyle look) {
    return new FiguresState(entries, chosen, base, edits, look, panels, sheet);
  }

  FiguresState with(List<Figure> together, Optional<FigureSheet> asOne) {
    return new FiguresState(entries, chosen, base, edits, style, together, asOne);
  }
}
