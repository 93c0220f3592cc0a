package dev.plumbline.workspace;

/**
 * Which rows of a data file, and in what order.
 *
 * @param filter which
 * @param order by what
 * @param descending the greatest first
 */
public record DataQuery(DataFilter filter, Order order, boolean descending) {
  /** All rows in the order of the file. */
  public static final DataQuery ALL = new DataQuery(DataFilter.NONE, Order.LINE, false);

  /** What rows can be ordered by; rows that lack it come last. */
  public enum Order {
    LINE("id"),
    TURNS("turns"),
    PROMPT_WORDS("prompt_words"),
    CHOSEN_WORDS("chosen_words"),
    REJECTED_WORDS("rejected_words"),
    TRANCHE("tranche"),
    SOURCE("source"),
    MARGIN("margin"),
    SCORE_CHOSEN("score_chosen"),
    SCORE_REJECTED("score_rejected");

    private final String column;

    Order(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }
}
