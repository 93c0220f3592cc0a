package dev.plumbline.app.alerts;

import dev.plumbline.app.feed.Snapshot;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.app.shell.EditHistory;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.AlertRule;
import dev.plumbline.workspace.AlertEdits;
import dev.plumbline.workspace.AlertRow;
import dev.plumbline.workspace.AlertSheet;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.StoredRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** What came true of runs, and the rules; every change is undone by writing back what was there. */
public final class AlertsViewModel {
  private final WorkspaceFeed feed;
  private final EditHistory.Part history;
  private final Consumer<AlertRow> onNew;
  private final Consumer<String> onProblem;
  private final ReadOnlyObjectWrapper<AlertSheet> sheet =
      new ReadOnlyObjectWrapper<>(AlertSheet.EMPTY);
  private long newest = -1;

  /**
   * @param onNew takes each alert that comes while the window is open
   * @param onProblem takes why something was not done, in one line
   */
  public AlertsViewModel(
      WorkspaceFeed feed,
      EditHistory.Part history,
      Consumer<AlertRow> onNew,
      Consumer<String> onProblem) {
    this.feed = feed;
    this.history = history;
    this.onNew = onNew;
    this.onProblem = onProblem;
    feed.snapshot().subscribe(this::changed);
  }

  private void changed(Snapshot snapshot) {
    AlertSheet next = snapshot.alerts();
    long before = newest;
    boolean read = !snapshot.runs().isEmpty() || !next.rules().isEmpty();
    if (read) {
      newest = next.hits().isEmpty() ? 0 : next.hits().getFirst().number();
    }
    sheet.set(next);
    if (before >= 0) {
      next.hits().reversed().stream()
          .filter(hit -> hit.number() > before && !hit.acknowledged())
          .forEach(onNew);
    }
  }

  /** What is shown; changes on the JavaFX thread only. */
  public ReadOnlyObjectProperty<AlertSheet> sheet() {
    return sheet.getReadOnlyProperty();
  }

  /** A run's name for people. */
  public String runName(String id) {
    return feed.snapshot().get().run(id).map(RunRow::name).orElse(id);
  }

  /** What is wrong with a rule's text in one line; empty where nothing is. */
  public String check(String text) {
    Set<String> measured = new TreeSet<>();
    feed.snapshot().get().runs().forEach(run -> measured.addAll(run.last().keySet()));
    try {
      return AlertRule.parse(text, measured).text().substring(0, 0);
    } catch (UserError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Adds a rule; nothing happens where its text is none. */
  public void add(String text, AlertRule.Severity severity, AlertRule.Action action) {
    if (check(text).isEmpty()) {
      List<StoredRule> next = new ArrayList<>(sheet.get().rules());
      next.add(new StoredRule(0, text.strip(), severity, action, true));
      rules(Strings.text("alerts.did.add", text.strip()), next);
    }
  }

  /** Adds the rules that most people want and that are not there yet. */
  public void addDefaults() {
    List<StoredRule> next = new ArrayList<>(sheet.get().rules());
    for (AlertRule.Preset each : AlertRule.DEFAULTS) {
      if (next.stream().noneMatch(rule -> rule.text().equals(each.text()))) {
        next.add(new StoredRule(0, each.text(), each.severity(), each.action(), true));
      }
    }
    if (next.size() > sheet.get().rules().size()) {
      rules(Strings.text("alerts.did.defaults"), next);
    }
  }

  /** Switches a rule on or off. */
  public void enable(StoredRule rule, boolean on) {
    rules(
        Strings.text("alerts.did.change", rule.text()),
        sheet.get().rules().stream()
            .map(
                each ->
                    each.number() == rule.number()
                        ? new StoredRule(
                            each.number(), each.text(), each.severity(), each.action(), on)
                        : each)
            .toList());
  }

  /** Takes a rule away. */
  public void remove(StoredRule rule) {
    rules(
        Strings.text("alerts.did.remove", rule.text()),
        sheet.get().rules().stream().filter(each -> each.number() != rule.number()).toList());
  }

  private void rules(String done, List<StoredRule> next) {
    edit(
        alerts -> alerts.setRules(next),
        before ->
            history.did(
                done,
                Set.of(),
                () -> edit(alerts -> alerts.setRules(before), ignored -> {}),
                () -> edit(alerts -> alerts.setRules(next), ignored -> {})));
  }

  /** Notes that a person has seen alerts. */
  public void acknowledge(List<AlertRow> hits) {
    List<Long> numbers =
        hits.stream().filter(hit -> !hit.acknowledged()).map(AlertRow::number).toList();
    if (numbers.isEmpty()) {
      return;
    }
    edit(
        alerts -> alerts.acknowledge(numbers, true),
        ignored ->
            history.did(
                Strings.text("alerts.did.seen", numbers.size()),
                Set.of(),
                () -> edit(alerts -> alerts.acknowledge(numbers, false), back -> {}),
                () -> edit(alerts -> alerts.acknowledge(numbers, true), again -> {})));
  }

  private <T> void edit(Function<AlertEdits, T> change, Consumer<T> done) {
    feed.edit(edits -> change.apply(edits.alerts()), done, onProblem);
  }
}
