package dev.plumbline.workspace;

/**
 * A named view of the table of runs.
 *
 * @param layout columns, filter, order and grouping as JSON; whoever saves them reads them
 */
public record SavedView(String name, String layout) {}
