package dev.plumbline.experiment.worker;

import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.journal.JournalWriter;
import java.io.IOException;

/** What is done when all runs of a study are finished; found as a service. */
public interface StudyEnd {
  /**
   * Works on a study whose runs are finished.
   *
   * @param journal the study's
   * @throws dev.plumbline.data.UserError one line, where the runs do not give what is needed
   * @throws IOException where nothing can be written
   */
  void finished(Study study, JournalWriter journal) throws IOException;
}
