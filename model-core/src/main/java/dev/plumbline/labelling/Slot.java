package dev.plumbline.labelling;

import java.util.OptionalInt;

/**
 * One place in an annotator's order.
 *
 * @param index from 0
 * @param item what is shown there
 * @param firstLeft whether the item's first candidate stands on the left
 * @param repeatOf the earlier place of the same item, where this is a hidden repeat
 */
public record Slot(int index, LabelItem item, boolean firstLeft, OptionalInt repeatOf) {}
