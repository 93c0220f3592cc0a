package dev.plumbline.study;

/**
 * Computes what a study shows from what its runs journalled. A study file names its analysis;
 * implementations are found as services ({@code
 * META-INF/services/dev.plumbline.study.StudyAnalysis}) and have a constructor without arguments.
 */
public interface StudyAnalysis {
  /** The name in study files, such as {@code preference-scaling}. */
  String name();

  /**
   * The results of a study's finished runs.
   *
   * @throws dev.plumbline.data.UserError one line, where the runs do not have what is needed: a
   *     role, an axis, a metric or a table
   */
  StudyResult analyse(StudyData data);
}
