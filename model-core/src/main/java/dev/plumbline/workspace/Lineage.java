package dev.plumbline.workspace;

import dev.plumbline.training.RunState;
import java.util.List;
import java.util.Optional;

/**
 * What runs were made from, and what was made from them.
 *
 * @param nodes in no order that means anything
 * @param edges from what was used to what used it
 * @param cut whether more would belong to it than was asked for
 */
public record Lineage(List<Node> nodes, List<Edge> edges, boolean cut) {
  /** Nothing. */
  public static final Lineage NONE = new Lineage(List.of(), List.of(), false);

  public Lineage {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** What a node is. */
  public enum Kind {
    RUN,
    /** A file of data that no run gathered. */
    DATA,
    /** A model that no run of the workspace trained. */
    MODEL
  }

  /**
   * A run, a data file or a model.
   *
   * @param id a run's id, else the path
   * @param name in a few words
   * @param note a run's stage, else the first digits of the SHA-256
   * @param state of a run
   * @param asked whether it was asked for
   */
  public record Node(
      Kind kind, String id, String name, String note, Optional<RunState> state, boolean asked) {}

  /**
   * A use.
   *
   * @param from id of what was used
   * @param to id of the run that used it
   * @param label the key that names it, and the checkpoint's step
   */
  public record Edge(String from, String to, String label) {}
}
