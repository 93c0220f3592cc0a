package dev.plumbline.workspace;

import dev.plumbline.experiment.AlertRule;

/**
 * A rule that the workspace keeps.
 *
 * @param number names it; 0 before it is kept
 * @param text what it says, as {@link AlertRule#parse} reads it
 * @param enabled whether it is looked at
 */
public record StoredRule(
    long number,
    String text,
    AlertRule.Severity severity,
    AlertRule.Action action,
    boolean enabled) {}
