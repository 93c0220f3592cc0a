package dev.plumbline.labelling;

import dev.plumbline.labelling.LabelEvent.Adjudicated;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Edit;
import dev.plumbline.labelling.LabelEvent.Noted;
import dev.plumbline.labelling.LabelEvent.Session;
import dev.plumbline.labelling.LabelEvent.Undone;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One annotator at one batch: where they are, what they said, and back again as far as they like.
 * Every change is in the log before the method that makes it returns. Methods may be called from
 * any one thread at a time; {@link #sign} from any thread.
 */
public final class LabellingSession implements AutoCloseable {
  private final LabelBatch batch;
  private final LabelLog log;
  private final List<Slot> order;
  private final Map<Integer, Answered> answers = new HashMap<>();
  private final Map<String, Noted> notes = new HashMap<>();
  private final Deque<Given> given = new ArrayDeque<>();
  private final ActiveTime time;
  private final Guidelines guidelines;
  private int at;

  /** An answer that can be taken back. */
  private record Given(String event, int slot) {}

  /**
   * What an annotator says of the pair that is shown.
   *
   * @param answers of the mode's question and the further ones, in the batch's order
   * @param ratings from 1 to 5 in the batch's order; 0 for none
   * @param edited a candidate's better text
   */
  public record Draft(List<Judgement> answers, List<Integer> ratings, Optional<Edit> edited) {
    /** Copies what it is given. */
    public Draft {
      answers = List.copyOf(answers);
      ratings = List.copyOf(ratings);
    }

    /** A bare answer. */
    public static Draft of(Judgement judgement) {
      return new Draft(List.of(judgement), List.of(), Optional.empty());
    }
  }

  private LabellingSession(LabelBatch batch, LabelLog log, Clock clock) {
    this.batch = batch;
    this.log = log;
    this.order = batch.order(log.annotator());
    this.guidelines = batch.guidelines();
    this.time = new ActiveTime(clock);
    Labels labels = batch.labels();
    for (Label label : labels.of(log.annotator())) {
      answers.put(label.answer().slot(), label.answer());
      given.addLast(new Given(label.id(), label.answer().slot()));
    }
    for (Labels.Note note : labels.notes()) {
      if (note.annotator().equals(log.annotator())) {
        notes.put(note.note().item(), note.note());
      }
    }
    at = firstOpen(0);
  }

  /**
   * Goes on where the annotator left, at the first pair without an answer.
   *
   * @throws dev.plumbline.data.UserError where the annotator's log is open in another window or
   *     cannot be written
   */
  public static LabellingSession open(LabelBatch batch, String annotator, Clock clock) {
    LabelLog log = batch.log(annotator, clock);
    try {
      LabellingSession session = new LabellingSession(batch, log, clock);
      log.append(new Session(true, Map.of()));
      return session;
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** The batch. */
  public LabelBatch batch() {
    return batch;
  }

  /** Who labels. */
  public String annotator() {
    return log.annotator();
  }

  /** The guidelines that this session shows, newest when it began. */
  public Guidelines guidelines() {
    return guidelines;
  }

  /** All places. */
  public List<Slot> order() {
    return Collections.unmodifiableList(order);
  }

  /** The pair that is shown; the last one when all have an answer. */
  public Slot current() {
    return order.get(at);
  }

  /** What was said of the pair that is shown. */
  public Optional<Answered> answer() {
    return Optional.ofNullable(answers.get(at));
  }

  /** The note about the pair that is shown. */
  public Optional<Noted> note() {
    return Optional.ofNullable(notes.get(current().item().id()));
  }

  /** Places with an answer; a skipped one has none. */
  public int answered() {
    return (int)
        answers.values().stream()
            .filter(answer -> answer.main().outcome() != Outcome.SKIPPED)
            .count();
  }

  /** Whether an answer can be taken back. */
  public boolean canUndo() {
    return !given.isEmpty();
  }

  /** Says that the annotator does something; pauses without such a sign do not count as work. */
  public void sign() {
    synchronized (time) {
      time.sign();
    }
  }

  /**
   * Answers the pair that is shown and goes on to the next one without an answer.
   *
   * @throws IllegalArgumentException for a strength or rating that the batch does not have
   * @throws dev.plumbline.data.UserError where it cannot be written; the pair stays
   */
  public void answer(Draft draft) {
    check(draft);
    Slot slot = current();
    double seconds;
    synchronized (time) {
      seconds = time.seconds();
    }
    Answered answered =
        new Answered(
            slot.index(),
            slot.item().id(),
            slot.firstLeft(),
            draft.answers(),
            draft.ratings(),
            seconds,
            guidelines.version(),
            batch.hidesModels(),
            draft.edited());
    LabelEvent event = log.append(answered);
    answers.put(slot.index(), answered);
    given.addLast(new Given(event.id(), slot.index()));
    go(firstOpen(at + 1));
  }

  private void check(Draft draft) {
    BatchSettings settings = batch.settings();
    if (draft.answers().size() > 1 + settings.questions().size()) {
      throw new IllegalArgumentException("more answers than the batch has questions");
    }
    for (Judgement judgement : draft.answers()) {
      if (judgement.level() > settings.levels()) {
        throw new IllegalArgumentException(
            "strength " + judgement.level() + " of " + settings.levels());
      }
    }
    for (int rating : draft.ratings()) {
      if (rating < 0 || rating > 5) {
        throw new IllegalArgumentException("a rating is 1 to 5, not " + rating);
      }
    }
  }

  /** Takes the last answer back and shows its pair again; false where there is none. */
  public boolean undo() {
    if (given.isEmpty()) {
      return false;
    }
    Given last = given.getLast();
    log.append(new Undone(last.event()));
    given.removeLast();
    // What had been said there before stands again.
    Answered before = null;
    for (Label label : batch.labels().of(annotator())) {
      if (label.answer().slot() == last.slot()) {
        before = label.answer();
      }
    }
    if (before == null) {
      answers.remove(last.slot());
    } else {
      answers.put(last.slot(), before);
    }
    go(last.slot());
    return true;
  }

  /** Marks the pair that is shown, or says something about it. */
  public void note(boolean flagged, String comment) {
    Noted noted = new Noted(at, current().item().id(), flagged, comment);
    log.append(noted);
    notes.put(noted.item(), noted);
  }

  /** Decides a pair that several people do not agree on. */
  public void adjudicate(String item, Judgement judgement, String reason) {
    log.append(new Adjudicated(item, judgement, reason));
  }

  /** Shows another place. */
  public void go(int slot) {
    at = Math.clamp(slot, 0, order.size() - 1);
    synchronized (time) {
      time.begin();
    }
  }

  /** Shows the next place without an answer, from the one after this on and then from the first. */
  public void goToNextOpen() {
    go(firstOpen(at + 1));
  }

  /** The first place without an answer from one on, around the end; skipped ones come last. */
  private int firstOpen(int from) {
    int skipped = -1;
    for (int i = 0; i < order.size(); i++) {
      int slot = (from + i) % order.size();
      Answered answered = answers.get(slot);
      if (answered == null) {
        return slot;
      }
      if (answered.main().outcome() == Outcome.SKIPPED && skipped < 0) {
        skipped = slot;
      }
    }
    return skipped >= 0 ? skipped : Math.min(from, order.size() - 1);
  }

  /** Whether every pair has an answer, skipped ones too. */
  public boolean complete() {
    return answered() == order.size();
  }

  @Override
  public void close() {
    try {
      log.append(new Session(false, Map.of()));
    } finally {
      log.close();
    }
  }
}
