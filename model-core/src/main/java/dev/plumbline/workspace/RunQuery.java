package dev.plumbline.workspace;

import java.util.List;

/**
 * Which runs, in which order.
 *
 * @param order the first decides, the next where it is equal; at last the newest first
 */
public record RunQuery(Scope scope, RunFilter filter, List<Order> order) {
  /** All runs that are neither archived nor in the trash, the newest first. */
  public static final RunQuery ALL = new RunQuery(Scope.RUNS, RunFilter.ALL, List.of());

  public RunQuery {
    order = List.copyOf(order);
  }

  /** Where runs lie. */
  public enum Scope {
    /** Neither archived nor in the trash; archived ones too where the filter asks for them. */
    RUNS,
    ARCHIVE,
    TRASH
  }

  /** An order; runs that lack the field come last in both directions. */
  public record Order(RunField field, boolean descending) {}
}
