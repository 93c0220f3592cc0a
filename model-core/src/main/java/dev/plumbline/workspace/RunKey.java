package dev.plumbline.workspace;

/**
 * A run in the table.
 *
 * @param number in the database, for pages
 * @param id the name of its directory
 */
public record RunKey(long number, String id) {}
