package dev.plumbline.workspace;

import dev.plumbline.experiment.AlertRule;
import dev.plumbline.experiment.RunDirectory;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes up the news of some runs, one after the other, until it has enough for one transaction: a
 * commit for each of a thousand small runs would take longer than all their events.
 */
final class IngestTransaction implements Database.Work {
  /** A journal is read in blocks of about 1 MiB, so a transaction may go over this by a block. */
  private static final long ENOUGH = 20_000;

  private final Statements statements;
  private final List<RunDirectory> runs;
  private final List<Outcome> outcomes;
  private final int first;
  private final AlertIngest alerts;
  private final Map<RunDirectory, AlertRule.Action> actions = new LinkedHashMap<>();
  private int next;

  /**
   * What an ingest made of a run.
   *
   * @param changed whether readers can see a change
   * @param problem what is wrong with the run's files, or empty
   * @param settled whether nothing more can come without a change of the files that are looked at
   */
  record Outcome(long events, boolean changed, String problem, boolean settled) {
    static final Outcome NONE = new Outcome(0, false, "", false);
  }

  /**
   * A transaction.
   *
   * @param outcomes one for each run; those of the runs that it gets to are brought up to date
   * @param first where in {@code runs} to begin
   */
  IngestTransaction(
      Statements statements,
      AlertIngest alerts,
      List<RunDirectory> runs,
      List<Outcome> outcomes,
      int first) {
    this.statements = statements;
    this.alerts = alerts;
    this.runs = runs;
    this.outcomes = outcomes;
    this.first = first;
    this.next = first;
  }

  /** The run to go on with in the next transaction. */
  int next() {
    return next;
  }

  /** What rules want done to runs at work, once the transaction stands. */
  Map<RunDirectory, AlertRule.Action> actions() {
    return actions;
  }

  @Override
  public void run() throws SQLException {
    next = first;
    for (long events = 0; events < ENOUGH && next < runs.size(); ) {
      long before = outcomes.get(next).events();
      int at = next;
      if (!piece(at)) {
        next++;
      }
      events += outcomes.get(at).events() - before;
    }
  }

  /** A block of a run's journal; whether there is more of it. */
  private boolean piece(int at) throws SQLException {
    RunDirectory run = runs.get(at);
    boolean news = false;
    boolean readSpec = false;
    boolean mended = false;
    StoredRun row = StoredRun.load(statements, run);
    if (row == null) {
      row = StoredRun.insert(statements, run);
      readSpec = true;
      news = true;
    } else if (row.problem.equals(StoredRun.GONE) || row.specUnread) {
      row.problem = ""; // it may have been mended
      readSpec = row.specUnread;
      mended = true;
    }
    String problem = "";
    JournalReader.Batch batch = new JournalReader.Batch(List.of(), List.of(), false);
    JournalReader journal = new JournalReader(run.journalFile(), row.offset);
    try {
      batch = journal.read();
    } catch (IOException e) {
      problem = Workspace.reason(e);
    }
    if (!batch.problems().isEmpty()) {
      problem = batch.problems().getLast();
    }
    // The spec is read behind the journal: a study's member is resolved before it says so.
    if (readSpec || hasState(batch.entries())) {
      row.refreshSpec(statements, run);
    }
    news |= mended && row.problem.isEmpty();
    long before = row.head.sequence;
    long taken = new RunIngest(statements, row.runNo, run.path()).apply(batch.entries(), row.head);
    news |= taken > 0 || journal.offset() != row.offset;
    row.offset = journal.offset();
    if (!problem.isEmpty() && !problem.equals(row.problem)) {
      row.problem = problem; // stays: the line is lost for good
      news = true;
    }
    RunState state = run.observed(row.head.journalState, row.head.stateTime);
    if (state != row.state) {
      row.state = state;
      news = true;
    }
    long seen = before;
    AlertRule.Action action =
        alerts.look(
            row.runNo,
            batch.entries().stream().filter(entry -> entry.sequence() > seen).toList(),
            row.head.sequence,
            state.isActive(),
            Instant.now());
    if (action != AlertRule.Action.NOTIFY && state.isActive()) {
      actions.put(run, action);
    }
    if (news) {
      row.save(statements);
    }
    Outcome outcome = outcomes.get(at);
    outcomes.set(
        at,
        new Outcome(
            outcome.events() + taken,
            outcome.changed() || news,
            row.problem,
            !row.state.isActive() && row.problem.isEmpty()));
    return batch.more();
  }

  private static boolean hasState(List<JournalEntry> entries) {
    return entries.stream().anyMatch(entry -> entry.event() instanceof JournalEvent.State);
  }
}
