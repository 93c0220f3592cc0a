package dev.plumbline.workspace;

import dev.plumbline.training.RunState;
import java.util.List;

/**
 * What the table shows of a run.
 *
 * @param name on screen
 * @param specName what specs refer to it by
 * @param detail why it is in its state, or empty
 * @param cells one for each column that was asked for
 */
public record RunLine(
    RunKey key,
    String name,
    String specName,
    String stage,
    RunState state,
    String detail,
    List<String> tags,
    String notes,
    boolean starred,
    boolean archived,
    boolean trashed,
    List<Cell> cells) {
  public RunLine {
    tags = List.copyOf(tags);
    cells = List.copyOf(cells);
  }

  /**
   * One value.
   *
   * @param text empty where there is none
   * @param number NaN where there is none or the value is no number
   * @param low lower end of the value's 95 % interval where one was measured with it, else NaN; of
   *     the progress the steps done
   * @param high the upper end; of the progress the steps in all
   */
  public record Cell(String text, double number, double low, double high) {
    /** No value. */
    public static final Cell NONE = new Cell("", Double.NaN, Double.NaN, Double.NaN);

    /** Whether there is no value. */
    public boolean isNone() {
      return text.isEmpty() && Double.isNaN(number);
    }
  }
}
