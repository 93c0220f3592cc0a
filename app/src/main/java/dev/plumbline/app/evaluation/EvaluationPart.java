package dev.plumbline.app.evaluation;

import dev.plumbline.app.shell.View;

/**
 * One part of the evaluation page. It holds the part's view model, which stays when its view is not
 * in sight.
 */
public interface EvaluationPart {
  /** Stable name, for the ids of nodes: one lower-case word. */
  String id();

  /** Its name in the selector of parts. */
  String title();

  /** Makes its view; called once, when the part is first chosen. */
  View view();
}
