package dev.plumbline.app.samples;

import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.workspace.RunRow;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The sheets of median samples that were measured. */
public final class MedianViewModel {
  private static final String STAGE = "sample_sheet";

  /**
   * What there is.
   *
   * @param runs the runs that measured a sheet, the newest first
   * @param runId the run that is shown; empty where there is none
   * @param sheet its sheet; empty until it is measured
   */
  public record State(List<RunRow> runs, String runId, MedianSheet sheet) {
    /** Copies the list. */
    public State {
      runs = List.copyOf(runs);
    }
  }

  private final WorkspaceFeed feed;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(new State(List.of(), "", MedianSheet.NONE));
  private String wanted = "";
  private int chosen;
  private boolean shown;

  public MedianViewModel(WorkspaceFeed feed) {
    this.feed = feed;
    feed.snapshot().subscribe(snapshot -> refresh());
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  public void setShown(boolean value) {
    shown = value;
    refresh();
  }

  /** Shows a run's sheet. */
  public void show(String runId) {
    wanted = runId;
    refresh();
  }

  /** Chooses a prompt by its place, for the excerpt. */
  public void choose(int place) {
    chosen = place;
  }

  private void refresh() {
    if (!shown) {
      return;
    }
    List<RunRow> runs =
        feed.snapshot().get().runs().stream().filter(run -> run.stage().equals(STAGE)).toList();
    Optional<RunRow> run =
        runs.stream()
            .filter(each -> each.id().equals(wanted))
            .findFirst()
            .or(() -> runs.stream().findFirst());
    if (run.isEmpty()) {
      state.set(new State(runs, "", MedianSheet.NONE));
      return;
    }
    String id = run.get().id();
    State now = state.get();
    if (now.runId().equals(id) && !now.sheet().prompts().isEmpty()) {
      state.set(new State(runs, id, now.sheet())); // a measured sheet does not change
      return;
    }
    feed.read(
        reader -> reader.runTable(id, "sheet").map(MedianSheet::of).orElse(MedianSheet.NONE),
        sheet -> state.set(new State(runs, id, sheet)));
  }

  /** The median answers to the chosen prompt. */
  Excerpt excerpt() {
    MedianSheet sheet = state.get().sheet();
    List<Excerpt.Prompt> prompts =
        chosen < 0 || chosen >= sheet.prompts().size()
            ? List.of()
            : List.of(excerpt(sheet.prompts().get(chosen)));
    return new Excerpt(Strings.text("samples.median.title", state.get().runId()), prompts);
  }

  private static Excerpt.Prompt excerpt(MedianSheet.Prompt prompt) {
    return new Excerpt.Prompt(
        Excerpts.turns(prompt.text()),
        prompt.models().stream()
            .flatMap(
                model ->
                    model.median().stream()
                        .map(
                            answer ->
                                new Excerpt.Response(
                                    model.name(), answer.text(), facts(model, answer))))
            .toList());
  }

  /** Rank, score and length of an answer. */
  static List<Excerpt.Fact> facts(MedianSheet.Model model, MedianSheet.Answer answer) {
    return List.of(
        new Excerpt.Fact(
            Strings.text("samples.median.rank"),
            Strings.text("samples.median.of", answer.rank(), model.answers().size())),
        new Excerpt.Fact(Strings.text("samples.score"), Numbers.fixed(answer.score(), 2) + " nats"),
        new Excerpt.Fact(
            Strings.text("samples.length"),
            Numbers.whole(answer.tokens()) + " " + Strings.text("samples.tokens")));
  }
}
