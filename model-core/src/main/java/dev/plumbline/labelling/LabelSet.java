package dev.plumbline.labelling;

import dev.plumbline.labelling.LabelEvent.Adjudicated;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The comparisons that a batch's labels make, and what was left out and why. The rule is the
 * paper's (section 2.2): a comparison counts where a candidate was chosen more strongly than the
 * weakest strength; there are no ties, and the strength is not used otherwise.
 *
 * <p>Where several people labelled a pair, those who chose no candidate, or chose with the weakest
 * strength, abstain; the others decide it if they agree, and otherwise it is unresolved until
 * somebody adjudicates. Hidden repeats are for self-consistency and make no comparison. Control
 * items make none either: they were chosen because their answer was known.
 *
 * @param rows what counts, in the order of the batch's pairs, with edits behind
 * @param dropped pairs that were labelled and make no comparison, by reason
 * @param why the reason of each of these pairs, by its id
 */
public record LabelSet(List<Row> rows, Map<Dropped, Integer> dropped, Map<String, Dropped> why) {

  /** How a comparison came about. */
  public enum Provenance {
    /** One person's label. */
    SINGLE,
    /** All who decided chose alike. */
    UNANIMOUS,
    /** People differed, and somebody decided. */
    ADJUDICATED,
    /** An annotator changed a response; the changed one is preferred. */
    EDITED;

    /** The word in files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why a labelled pair makes no comparison. */
  public enum Dropped {
    /** Nobody's preference was stronger than the weakest. */
    WEAKEST,
    /** A tie. */
    TIE,
    /** Both bad. */
    BOTH_BAD,
    /** Could not be judged. */
    CANNOT_JUDGE,
    /** Skipped. */
    SKIPPED,
    /** People chose differently and nobody decided. */
    UNRESOLVED,
    /** A control item. */
    CONTROL;

    /** The word in files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A comparison.
   *
   * @param item the pair
   * @param chosen what trains as the better one: in red teaming the less harmful
   * @param rejected the other
   * @param level the weakest strength among those who decided
   * @param provenance how it came about
   * @param labels the labels behind it
   */
  public record Row(
      LabelItem item,
      Candidate chosen,
      Candidate rejected,
      int level,
      Provenance provenance,
      List<Label> labels) {
    /** Copies the labels. */
    public Row {
      labels = List.copyOf(labels);
    }
  }

  /** Copies what it is given. */
  public LabelSet {
    rows = List.copyOf(rows);
    dropped = Map.copyOf(dropped);
    why = Map.copyOf(why);
  }

  /** The comparisons of a batch. */
  public static LabelSet of(LabelBatch batch, Labels labels) {
    Map<String, List<Label>> byItem = new LinkedHashMap<>();
    batch.items().forEach(item -> byItem.put(item.id(), new ArrayList<>()));
    for (Label label : labels.labels()) {
      if (!label.repeat()) {
        List<Label> own = byItem.get(label.item().id());
        if (own != null) {
          own.add(label);
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    List<Row> edits = new ArrayList<>();
    Map<String, Dropped> why = new LinkedHashMap<>();
    boolean worse = batch.settings().mode() == LabelMode.RED_TEAM;
    for (LabelItem item : batch.items()) {
      List<Label> own = byItem.getOrDefault(item.id(), List.of());
      Adjudicated decision = labels.adjudications().get(item.id());
      if (own.isEmpty() && decision == null) {
        continue;
      }
      own.forEach(label -> edit(label, edits));
      if (item.expected().isPresent()) {
        why.put(item.id(), Dropped.CONTROL);
        continue;
      }
      if (decision != null) {
        if (decision.judgement().counts()) {
          rows.add(row(item, decision.judgement(), Provenance.ADJUDICATED, own, worse));
        } else {
          why.put(item.id(), reason(decision.judgement()));
        }
        continue;
      }
      List<Label> decided = own.stream().filter(label -> label.judgement().counts()).toList();
      if (decided.isEmpty()) {
        why.put(item.id(), reason(own.getLast().judgement()));
      } else if (decided.stream().map(label -> label.judgement().outcome()).distinct().count()
          > 1) {
        why.put(item.id(), Dropped.UNRESOLVED);
      } else {
        int level = decided.stream().mapToInt(label -> label.judgement().level()).min().orElse(0);
        rows.add(
            row(
                item,
                new Judgement(decided.getFirst().judgement().outcome(), level),
                own.size() == 1 ? Provenance.SINGLE : Provenance.UNANIMOUS,
                own,
                worse));
      }
    }
    rows.addAll(edits);
    Map<Dropped, Integer> dropped = new EnumMap<>(Dropped.class);
    why.values().forEach(reason -> dropped.merge(reason, 1, Integer::sum));
    return new LabelSet(rows, dropped, why);
  }

  private static void edit(Label label, List<Row> edits) {
    label
        .answer()
        .edited()
        .ifPresent(
            edit -> {
              Candidate original = edit.first() ? label.item().first() : label.item().second();
              if (!original.content().equals(edit.text().strip())) {
                edits.add(
                    new Row(
                        label.item(),
                        new Candidate(" " + edit.text().strip(), label.annotator()),
                        original,
                        0,
                        Provenance.EDITED,
                        List.of(label)));
              }
            });
  }

  private static Row row(
      LabelItem item, Judgement judgement, Provenance provenance, List<Label> own, boolean worse) {
    boolean first = (judgement.outcome() == Outcome.FIRST) != worse;
    return new Row(
        item,
        first ? item.first() : item.second(),
        first ? item.second() : item.first(),
        judgement.level(),
        provenance,
        own);
  }

  private static Dropped reason(Judgement judgement) {
    return switch (judgement.outcome()) {
      case FIRST, SECOND -> Dropped.WEAKEST;
      case TIE -> Dropped.TIE;
      case BOTH_BAD -> Dropped.BOTH_BAD;
      case CANNOT_JUDGE -> Dropped.CANNOT_JUDGE;
      case SKIPPED -> Dropped.SKIPPED;
    };
  }
}
