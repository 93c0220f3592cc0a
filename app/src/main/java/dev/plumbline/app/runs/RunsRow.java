package dev.plumbline.app.runs;

import dev.plumbline.workspace.RunGroup;
import dev.plumbline.workspace.RunKey;

/** A row of the table: a run, or the head of a group of runs. */
public sealed interface RunsRow {
  /** A run; its values are read when it comes into sight. */
  record Run(RunKey key) implements RunsRow {}

  /**
   * A group's head.
   *
   * @param open whether its runs stand below it
   */
  record Group(RunGroup group, boolean open) implements RunsRow {}
}
