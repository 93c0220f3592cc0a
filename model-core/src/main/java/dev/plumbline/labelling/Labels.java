package dev.plumbline.labelling;

import dev.plumbline.labelling.LabelEvent.Adjudicated;
import dev.plumbline.labelling.LabelEvent.Answered;
import dev.plumbline.labelling.LabelEvent.Noted;
import dev.plumbline.labelling.LabelEvent.Session;
import dev.plumbline.labelling.LabelEvent.Undone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stands of all that was done in a batch: a function of the set of its events, whatever the
 * order in which logs were merged.
 *
 * @param labels answers that were neither taken back nor replaced, oldest first
 * @param notes the last note of each annotator about each pair
 * @param adjudications the last decision about each pair, by its id
 * @param conflicts answers that one annotator gave to one place on two machines, and that differ
 * @param foreign events about pairs that the batch does not have
 */
public record Labels(
    List<Label> labels,
    List<Note> notes,
    Map<String, Adjudicated> adjudications,
    List<Conflict> conflicts,
    int foreign) {

  /** A note that stands. */
  public record Note(String annotator, Noted note) {}

  /**
   * Two answers to one place; the later one counts.
   *
   * @param earlier the one that does not count
   * @param later the one that does
   */
  public record Conflict(Label earlier, Label later) {}

  private record Place(String annotator, int slot) {}

  private record Pair(String annotator, String item) {}

  /** Copies what it is given. */
  public Labels {
    labels = List.copyOf(labels);
    notes = List.copyOf(notes);
    adjudications = Map.copyOf(adjudications);
    conflicts = List.copyOf(conflicts);
  }

  /** Folds logs. */
  public static Labels of(LabelBatch batch, List<LabelLogFile> logs) {
    List<LabelEvent> events = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (LabelLogFile log : logs) {
      for (LabelEvent event : log.events()) {
        // A log that was received and is also written here has every event once.
        if (seen.add(event.id())) {
          events.add(event);
        }
      }
    }
    events.sort(
        Comparator.comparing(LabelEvent::time)
            .thenComparing(event -> log(event.id()))
            .thenComparingLong(event -> number(event.id())));
    return new Fold(batch).of(events);
  }

  private static String log(String id) {
    return id.substring(0, Math.max(0, id.lastIndexOf('-')));
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static final class Fold {
    private final Map<String, LabelItem> items = new HashMap<>();
    private final Map<Place, List<Label>> answers = new LinkedHashMap<>();
    private final Map<Pair, Note> notes = new LinkedHashMap<>();
    private final Map<String, Adjudicated> adjudications = new LinkedHashMap<>();
    private final Map<String, Map<Integer, Boolean>> repeats = new HashMap<>();
    private final LabelBatch batch;
    private int foreign;

    Fold(LabelBatch batch) {
      this.batch = batch;
      batch.items().forEach(item -> items.put(item.id(), item));
    }

    Labels of(List<LabelEvent> events) {
      Set<String> undone =
          events.stream()
              .map(LabelEvent::action)
              .filter(Undone.class::isInstance)
              .map(action -> ((Undone) action).event())
              .collect(Collectors.toSet());
      for (LabelEvent event : events) {
        switch (event.action()) {
          case Answered answered -> {
            if (!undone.contains(event.id())) {
              answer(event, answered);
            }
          }
          case Noted noted ->
              notes.put(
                  new Pair(event.annotator(), noted.item()), new Note(event.annotator(), noted));
          case Adjudicated adjudicated -> adjudications.put(adjudicated.item(), adjudicated);
          case Undone _, Session _ -> {
            // an undo was looked up above; sessions say when, not what
          }
        }
      }
      List<Label> standing = new ArrayList<>();
      List<Conflict> conflicts = new ArrayList<>();
      for (List<Label> given : answers.values()) {
        Label last = given.getLast();
        standing.add(last);
        for (Label earlier : given.subList(0, given.size() - 1)) {
          if (!log(earlier.id()).equals(log(last.id()))
              && !earlier.answer().answers().equals(last.answer().answers())) {
            conflicts.add(new Conflict(earlier, last));
          }
        }
      }
      standing.sort(Comparator.comparing(Label::time).thenComparing(Label::id));
      return new Labels(standing, List.copyOf(notes.values()), adjudications, conflicts, foreign);
    }

    private void answer(LabelEvent event, Answered answered) {
      LabelItem item = items.get(answered.item());
      if (item == null) {
        foreign++;
        return;
      }
      answers
          .computeIfAbsent(new Place(event.annotator(), answered.slot()), _ -> new ArrayList<>())
          .add(
              new Label(
                  event.id(),
                  event.annotator(),
                  event.time(),
                  item,
                  repeat(event.annotator(), answered.slot()),
                  answered));
    }

    private boolean repeat(String annotator, int slot) {
      return repeats
          .computeIfAbsent(
              annotator,
              _ ->
                  batch.order(annotator).stream()
                      .collect(Collectors.toMap(Slot::index, each -> each.repeatOf().isPresent())))
          .getOrDefault(slot, false);
    }
  }

  /** The labels of one annotator, oldest first. */
  public List<Label> of(String annotator) {
    return labels.stream().filter(label -> label.annotator().equals(annotator)).toList();
  }

  /** Everybody who labelled, by name. */
  public List<String> annotators() {
    return labels.stream().map(Label::annotator).distinct().sorted().toList();
  }
}
