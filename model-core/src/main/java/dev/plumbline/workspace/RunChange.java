package dev.plumbline.workspace;

import java.util.List;

/** What a person changes about runs; journals and specs stay as they are. */
public sealed interface RunChange {
  /** Another name on screen; references in specs go by the spec's name still. */
  record Rename(String name) implements RunChange {}

  /** Other notes. */
  record Notes(String notes) implements RunChange {}

  /** Other tags; doubles and blanks are left out. */
  record Tags(List<String> tags) implements RunChange {
    public Tags {
      tags = List.copyOf(tags);
    }
  }

  /** One more tag. */
  record AddTag(String tag) implements RunChange {}

  /** One tag less. */
  record RemoveTag(String tag) implements RunChange {}

  /** The star. */
  record Star(boolean on) implements RunChange {}

  /** Whether it is kept out of sight. */
  record Archive(boolean on) implements RunChange {}
}
