package dev.plumbline.workspace;

/**
 * A figure that a person keeps in the workspace. All parts are JSON texts; whoever saves them reads
 * them, because the workspace knows nothing of figures.
 *
 * @param name what it is called, once in a workspace
 * @param source {@code study:ID} or {@code run:ID} that its rows are of, or empty
 * @param recipe the recipe of the catalogue that it was drawn by, or empty
 * @param body the figure, or the sheet of panels, as it was drawn last
 * @param edits what was changed over it
 * @param style the style that it has, or empty
 */
public record StoredFigure(
    String name, String source, String recipe, String body, String edits, String style) {}
