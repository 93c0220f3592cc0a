package dev.plumbline.app.shell;

/**
 * A line across the top of the page that stays as long as what it says is so.
 *
 * @param problem whether something is wrong, and not only different
 * @param text what is so and what it means
 * @param action id of an action that would change it, or empty
 */
public record Banner(boolean problem, String text, String action) {}
