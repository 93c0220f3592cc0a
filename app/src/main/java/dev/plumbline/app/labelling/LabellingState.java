package dev.plumbline.app.labelling;

import dev.plumbline.analysis.Proportion;
import dev.plumbline.labelling.BatchSettings;
import dev.plumbline.labelling.Guidelines;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelSet;
import dev.plumbline.labelling.LabelStatistics;
import dev.plumbline.labelling.Slot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the labelling page shows.
 *
 * @param batches all batches, by name
 * @param chosen what is known of the batch that is looked at
 * @param screen the pair that is shown while somebody labels
 * @param busy whether something is being read or written
 */
record LabellingState(
    List<Line> batches, Optional<Report> chosen, Optional<Screen> screen, boolean busy) {
  static final LabellingState EMPTY =
      new LabellingState(List.of(), Optional.empty(), Optional.empty(), true);

  LabellingState {
    batches = List.copyOf(batches);
  }

  /**
   * A batch in the list.
   *
   * @param id its folder's name
   * @param settings how it is asked
   * @param pairs how many it has
   * @param labels that stand, repeats and skipped ones left out
   * @param annotators who labelled
   * @param closed whether model names may be seen
   */
  record Line(
      String id,
      BatchSettings settings,
      int pairs,
      int labels,
      List<String> annotators,
      boolean closed) {
    Line {
      annotators = List.copyOf(annotators);
    }
  }

  /**
   * What came of a batch.
   *
   * @param line the batch
   * @param annotators each with side bias, self-consistency and speed
   * @param rawAgreement words for the agreement of several annotators, empty for one
   * @param alpha words for Krippendorff's alpha, empty for one
   * @param comparisons that a file for training would have
   * @param dropped pairs that it would not have, by reason
   * @param unresolved pairs that people chose differently in
   * @param conflicts answers of one person on two machines that differ
   */
  record Report(
      Line line,
      List<LabelStatistics.Annotator> annotators,
      String rawAgreement,
      String alpha,
      int comparisons,
      Map<LabelSet.Dropped, Integer> dropped,
      int unresolved,
      int conflicts) {
    Report {
      annotators = List.copyOf(annotators);
      dropped = Map.copyOf(dropped);
    }
  }

  /**
   * The pair that is shown.
   *
   * @param batch name of the batch
   * @param settings how it is asked
   * @param annotator who labels
   * @param slot the place
   * @param total places
   * @param answered places with an answer
   * @param given what was said here before
   * @param flagged whether the pair is marked
   * @param comment what was said about it
   * @param hidden whether model names are hidden
   * @param guidelines what the annotator is told
   * @param medianSeconds of the annotator's labels, active
   * @param left share of decided choices on the left
   * @param repeats share of hidden repeats answered alike
   * @param decided pairs decided so far by anybody, of those drawn at random
   * @param needed choices that it takes to tell {@link LabellingViewModel#WIN_RATE} from a half
   * @param canUndo whether an answer can be taken back
   * @param complete whether every place has an answer
   */
  record Screen(
      String batch,
      BatchSettings settings,
      String annotator,
      Slot slot,
      int total,
      int answered,
      Optional<Answered> given,
      boolean flagged,
      String comment,
      boolean hidden,
      Guidelines guidelines,
      OptionalDouble medianSeconds,
      Optional<Proportion> left,
      Optional<Proportion> repeats,
      long decided,
      long needed,
      boolean canUndo,
      boolean complete) {}
}
