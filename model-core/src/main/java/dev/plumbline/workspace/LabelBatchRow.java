package dev.plumbline.workspace;

/**
 * A batch of labels as the workspace knows it.
 *
 * @param id its directory's name below {@code labels/}
 * @param name what people call it
 * @param mode helpful or red-team
 * @param closed whether model names may be seen
 * @param pairs how many it has
 * @param labels answers that stand, hidden repeats and skipped ones left out
 * @param comparisons that its labels make
 */
public record LabelBatchRow(
    String id, String name, String mode, boolean closed, int pairs, int labels, int comparisons) {}
