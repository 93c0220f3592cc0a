package dev.plumbline.workspace;

/**
 * A result table of a run, without its rows.
 *
 * @param runId the run
 * @param name the table's name
 * @param step of the run; 0 where a run only measures
 * @param rows how many it has
 */
public record ResultRow(String runId, String name, long step, int rows) {}
