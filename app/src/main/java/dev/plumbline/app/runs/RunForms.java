package dev.plumbline.app.runs;

import dev.plumbline.workspace.RunRow;
import java.util.function.Consumer;

/**
 * The ways from the table to the form of a new run.
 *
 * @param fresh opens it as it was left
 * @param like opens it with what a run did
 * @param open opens it with a text
 */
public record RunForms(Runnable fresh, Consumer<RunRow> like, Consumer<String> open) {}
