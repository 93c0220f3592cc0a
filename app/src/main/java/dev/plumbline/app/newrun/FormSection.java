package dev.plumbline.app.newrun;

import java.util.List;

/**
 * Lines of the form that belong together.
 *
 * @param path of the group, or of the stage
 * @param title for people
 * @param about a sentence on the group; empty where its lines say all
 * @param kind how it came to be there, which decides what can be done with it
 * @param fields its lines
 */
record FormSection(String path, String title, String about, Kind kind, List<FormField> fields) {
  FormSection {
    fields = List.copyOf(fields);
  }

  /** What a section is. */
  enum Kind {
    /** A group that is always there. */
    FIXED,
    /** A group that may be taken out. */
    PRESENT,
    /** A group that may be put in. */
    ABSENT,
    /** A list of groups, to which one more can be added. */
    LIST,
    /** One group of a list. */
    ITEM
  }

  /** What the section is made of: while it is the same, lines need not be made anew. */
  List<String> structure() {
    return List.of(
        path, title, kind.name(), String.join(" ", fields.stream().map(FormField::path).toList()));
  }
}
